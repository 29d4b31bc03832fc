import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bindFields, reservedKeysIn, snapshotOf, withoutReservedKeys } from "./bound-values.js";

describe("bindFields", () => {
  it("puts the bound fields behind the type and before the event's own", () => {
    const bound = bindFields({ step: "x", event_type: "agent_progress" }, { job_id: "j", agent_id: "a" });
    expect(Object.entries(bound)).toEqual([
      ["event_type", "agent_progress"],
      ["job_id", "j"],
      ["agent_id", "a"],
      ["step", "x"],
    ]);
  });

  it.each([
    { own: "k", expected: "k" },
    { own: "", expected: "" },
    { own: null, expected: null },
    { own: undefined, expected: "j" },
  ])("keeps the event's own $own", ({ own, expected }) => {
    expect(bindFields({ event_type: "t", job_id: own }, { job_id: "j" }).job_id).toBe(expected);
  });

  it("takes a field called __proto__ as a field", () => {
    const event = JSON.parse('{"event_type":"t","__proto__":{"polluted":true}}') as Record<string, unknown>;
    const bound = bindFields(event, { job_id: "j" });
    expect(JSON.stringify(bound)).toBe('{"event_type":"t","job_id":"j","__proto__":{"polluted":true}}');
    expect(bound.polluted).toBeUndefined();
  });

  it("changes neither the event nor what is bound", () => {
    const event = Object.freeze({ event_type: "t" });
    expect(bindFields(event, Object.freeze({ a: 1 }))).not.toBe(event);
  });
});

describe("snapshotOf", () => {
  it("shows what JSON shows, and nothing that changes later", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (values) => {
        const before = JSON.stringify(values);
        const snapshot = snapshotOf(values);
        for (const key of Object.keys(values)) values[key] = "changed";
        expect(JSON.stringify(snapshot.values)).toBe(before);
        expect(snapshot.unencodable).toEqual([]);
      }),
    );
  });

  it("leaves out what JSON cannot hold, names it, and keeps the rest", () => {
    const cycle: Record<string, unknown> = {};
    cycle.self = cycle;
    const throwing = {
      toJSON: () => {
        throw new Error("no");
      },
    };
    const snapshot = snapshotOf({ a: 1, big: 1n, cycle, throwing, nothing: undefined, date: new Date(0) });
    expect(snapshot).toEqual({
      values: { a: 1, date: "1970-01-01T00:00:00.000Z" },
      unencodable: ["big", "cycle", "throwing"],
    });
  });
});

describe("reserved metadata keys", () => {
  it("are found and left out", () => {
    const metadata = { host: "h", region: "eu", sequence: 3 };
    expect(reservedKeysIn(metadata)).toEqual(["host", "sequence"]);
    expect(withoutReservedKeys(metadata)).toEqual({ region: "eu" });
  });
});
