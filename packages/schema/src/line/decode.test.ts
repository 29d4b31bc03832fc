import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeLine } from "./decode.js";

const line =
  '{"id":"1","timestamp":"2026-01-01T12:00:00Z","correlation_id":"run","event":{"event_type":"x"},"metadata":{"pid":1}}';

describe("decodeLine", () => {
  it("reads a record", () => {
    expect(decodeLine(line)).toEqual({
      ok: true,
      record: {
        id: "1",
        timestamp: "2026-01-01T12:00:00Z",
        correlation_id: "run",
        event: { event_type: "x" },
        metadata: { pid: 1 },
      },
    });
  });

  it("takes keys in any order and spacing, other keys, and a carriage return at the end", () => {
    const decoded = decodeLine(
      ' { "event" : { "n" : 1, "event_type" : "x" } , "extra" : [ ] , "timestamp" : "2026-01-01 12:00:00.123456789+01:00" , "id" : "" } \r',
    );
    expect(decoded).toMatchObject({
      ok: true,
      record: { id: "", event: { n: 1, event_type: "x" }, extra: [] },
    });
  });

  it.each([
    ["absent", '{"id":"1","timestamp":"2026-01-01T12:00:00Z","event":{"event_type":"x"}}'],
    [
      "null",
      '{"id":"1","timestamp":"2026-01-01T12:00:00Z","correlation_id":null,"event":{"event_type":"x"},"metadata":null}',
    ],
  ])("fills in a correlation id and metadata that are %s", (_, text) => {
    expect(decodeLine(text)).toMatchObject({ ok: true, record: { correlation_id: "", metadata: {} } });
  });

  it.each([
    ["", "json", "Unexpected end of JSON input"],
    ["not json", "json", expect.any(String)],
    [line.slice(0, -1), "json", expect.any(String)],
    [`${line}${line}`, "json", expect.any(String)],
    ["null", "schema", "not an object"],
    ["[]", "schema", "not an object"],
    ["7", "schema", "not an object"],
    ["{}", "schema", "id is not a string"],
    ['{"__proto__":{"id":"1","polluted":true}}', "schema", "id is not a string"],
    [line.replace('"1"', "1"), "schema", "id is not a string"],
    [
      line.replace("2026-01-01T12:00:00Z", "2026-02-30T12:00:00Z"),
      "schema",
      "timestamp is not an RFC 3339 timestamp",
    ],
    [
      line.replace('"2026-01-01T12:00:00Z"', "1767268800"),
      "schema",
      "timestamp is not an RFC 3339 timestamp",
    ],
    [line.replace('{"event_type":"x"}', '"x"'), "schema", "event is not an object"],
    [line.replace('{"event_type":"x"}', "[]"), "schema", "event is not an object"],
    [line.replace('"x"', "null"), "schema", "event.event_type is not a string"],
    [line.replace('"run"', "7"), "schema", "correlation_id is not a string"],
    [line.replace('{"pid":1}', '"host-1"'), "schema", "metadata is not an object"],
    [`${"[".repeat(257)}${"]".repeat(257)}`, "depth", "nested deeper than 256 levels"],
  ])("says why %j is no record", (text, reason, message) => {
    expect(decodeLine(text)).toEqual({ ok: false, reason, message });
  });

  it("takes brackets inside text for text", () => {
    const text = "[".repeat(5000);
    expect(decodeLine(line.replace('"x"', `"${text}"`))).toMatchObject({
      ok: true,
      record: { event: { event_type: text } },
    });
  });

  it("keeps a __proto__ key to itself", () => {
    const decoded = decodeLine(line.replace('"x"', '"x","__proto__":{"polluted":true}'));
    expect(decoded.ok && Object.keys(decoded.record.event)).toEqual(["event_type", "__proto__"]);
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });

  it("never throws, whatever the line is", () => {
    const brokenLine = fc
      .tuple(fc.nat({ max: line.length }), fc.nat({ max: 3 }), fc.string({ unit: "binary", maxLength: 3 }))
      .map(([at, removed, added]) => line.slice(0, at) + added + line.slice(at + removed));
    fc.assert(
      fc.property(fc.oneof(brokenLine, fc.string({ unit: "binary" }), fc.json()), (text) => {
        expect(typeof decodeLine(text).ok).toBe("boolean");
      }),
      { numRuns: 5000 },
    );
  });
});
