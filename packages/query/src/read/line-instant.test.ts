import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { InstantReader } from "../time/instant-reader.js";
import { canonicalHeadBytes, readCanonicalInstant, readLineInstant } from "./line-instant.js";

describe("readLineInstant", () => {
  const text = fc.oneof(
    fc.string(),
    fc.constantFrom(
      '","timestamp":"',
      "\\",
      '"',
      "2026-01-01T00:00:00.000Z",
      '\\","timestamp":"1999-01-01T00:00:00Z"',
    ),
  );

  it("reads the time of every record as parsing it does", () => {
    const record = fc.record({ id: text, correlation: text, year: fc.constantFrom("1990", "2026") });
    fc.assert(
      fc.property(fc.array(record, { minLength: 1 }), fc.boolean(), (records, isCanonical) => {
        const instant = new InstantReader();
        for (const { id, correlation, year } of records) {
          const timestamp = `${year}-01-01T00:00:00.5Z`;
          const event = { event_type: "x" };
          const rest = { correlation_id: correlation, event, metadata: {} };
          const line = JSON.stringify(isCanonical ? { id, timestamp, ...rest } : { ...rest, timestamp, id });
          expect([line, readLineInstant(line, instant)]).toEqual([line, true]);
          expect([line, instant.ms]).toEqual([line, Date.parse(timestamp)]);
        }
      }),
    );
  });

  it.each(["", "{}", '{"id":"a","timestamp":"soon"}', '{"id":"', '{"id":"a","timestamp":"'])(
    "finds none in %j",
    (line) => {
      expect(readLineInstant(line, new InstantReader())).toBe(false);
    },
  );
});

describe("readCanonicalInstant", () => {
  it("needs no more of a canonical line than its head", () => {
    const id = "0192f3c1-7b1a-7c3e-8a35-0123456789ab";
    const head = `{"id":"${id}","timestamp":"2026-01-01T00:00:00.123456789Z","correlation_id":"${"x".repeat(99)}`;
    const instant = new InstantReader();
    expect(readCanonicalInstant(head.slice(0, canonicalHeadBytes), instant)).toBe(true);
    expect([instant.ms, instant.nanos]).toEqual([Date.UTC(2026, 0, 1) + 123, 456_789]);
  });
});
