import { parseTimestamp } from "@prodigy-events/schema";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compareInstants, instantOf, instantOfNanos } from "./instant.js";
import { InstantReader } from "./instant-reader.js";

const digits = (least: number, most: number) =>
  fc.string({ unit: fc.constantFrom(..."0123456789"), minLength: least, maxLength: most });
const twoDigits = (most: number) => fc.nat(most).map((number) => String(number).padStart(2, "0"));
const separator = fc.constantFrom("T", "T", "T", "t", " ");
const zone = fc.constantFrom("Z", "Z", "Z", "z", "+01:00", "-23:59", "");
const fraction = fc.oneof(
  fc.constant(""),
  digits(0, 11).map((text) => `.${text}`),
);
const timestamp = fc
  .tuple(
    fc.constantFrom(
      "2026-01-01",
      "2026-01-02",
      "1969-12-31",
      "0007-03-01",
      "2024-02-29",
      "2026-02-30",
      "2026-1-01",
    ),
    separator,
    twoDigits(24),
    twoDigits(60),
    twoDigits(61),
    fraction,
    zone,
  )
  .map(
    ([day, t, hour, minute, second, rest, offset]) => `${day}${t}${hour}:${minute}:${second}${rest}${offset}`,
  );

describe("InstantReader", () => {
  it("reads any sequence of timestamps as the exact parser does, and is unchanged by what is none", () => {
    fc.assert(
      fc.property(fc.array(timestamp, { minLength: 1, maxLength: 20 }), (timestamps) => {
        const reader = new InstantReader();
        for (const text of timestamps) {
          const before = { ms: reader.ms, nanos: reader.nanos };
          const expected = parseTimestamp(text);
          expect([text, reader.read(`<${text}>`, 1, text.length + 1)]).toEqual([
            text,
            expected !== undefined,
          ]);
          const { ms, nanos } = expected === undefined ? before : instantOfNanos(expected);
          expect([text, reader.ms, reader.nanos]).toEqual([text, ms, nanos]);
        }
      }),
      { numRuns: 2_000 },
    );
  });
});

describe("an instant", () => {
  it("has its milliseconds rounded down and the rest as nanoseconds, before 1970 too", () => {
    expect(instantOf("1970-01-01T00:00:00.001000002Z")).toEqual({ ms: 1, nanos: 2 });
    expect(instantOf("1969-12-31T23:59:59.999999999Z")).toEqual({ ms: -1, nanos: 999_999 });
    expect(instantOf("today")).toBeUndefined();
  });

  it("is compared exactly", () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: -(10n ** 19n), max: 10n ** 19n }),
        fc.bigInt({ min: -5n, max: 5n }),
        (a, step) => {
          const order = compareInstants(instantOfNanos(a), instantOfNanos(a + step));
          expect(Math.sign(order)).toBe(-Math.sign(Number(step)) + 0);
        },
      ),
    );
  });
});
