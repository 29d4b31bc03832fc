import fc from "fast-check";
import { validate, version } from "uuid";
import { describe, expect, it } from "vitest";
import { RecordIds } from "./record-ids.js";

describe("RecordIds", () => {
  it("gives UUIDv7s of the time asked for", () => {
    const id = new RecordIds().next(Date.UTC(2026, 0, 1));
    expect(validate(id)).toBe(true);
    expect(version(id)).toBe(7);
    expect(Number.parseInt(id.replaceAll("-", "").slice(0, 12), 16)).toBe(Date.UTC(2026, 0, 1));
  });

  it("gives strictly increasing ids, within a millisecond and beyond", () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 2 }), { minLength: 2, maxLength: 200 }), (steps) => {
        const ids = new RecordIds();
        let epochMs = 1_700_000_000_000;
        const given = steps.map((step) => {
          epochMs += step;
          return ids.next(epochMs);
        });
        expect([...given].sort()).toEqual(given);
        expect(new Set(given).size).toBe(given.length);
      }),
    );
  });

  it.each([0x00, 0xff])("stays increasing across many pools of random bytes that are all %s", (byte) => {
    const ids = new RecordIds((bytes) => bytes.fill(byte));
    let last = "";
    for (let count = 0; count < 2_000; count += 1) {
      const id = ids.next(1_700_000_000_000);
      expect(id > last).toBe(true);
      last = id;
    }
  });

  it("draws random bytes for hundreds of ids at once", () => {
    let draws = 0;
    const ids = new RecordIds(() => {
      draws += 1;
    });
    for (let count = 0; count < 1_000; count += 1) ids.next(1);
    expect(draws).toBe(1);
  });
});
