import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  compareKeys,
  firstKeyAt,
  keyAfter,
  keyFromData,
  keyToData,
  laterKey,
  type RecordKey,
} from "./record-key.js";

/** Few values of each part, so that ties are common. */
const key: fc.Arbitrary<RecordKey> = fc.record({
  instant: fc.bigInt({ min: -1n, max: 1n }),
  producerId: fc.constantFrom("", "a", "b"),
  sequence: fc.integer({ min: -1, max: 1 }),
  path: fc.constantFrom("/x", "/y"),
  offset: fc.integer({ min: 0, max: 1 }),
});

const base: RecordKey = { instant: 5n, producerId: "a", sequence: 7, path: "/x", offset: 0 };

describe("the order of records", () => {
  it.each<[string, RecordKey, RecordKey]>([
    ["an earlier instant", { ...base, instant: 4n, producerId: "z" }, base],
    ["at one instant, the smaller producer id", base, { ...base, producerId: "b", sequence: 0 }],
    ["of one producer, the smaller sequence", base, { ...base, sequence: 8, path: "/a" }],
    [
      "without a producer, the smaller path",
      { ...base, producerId: "" },
      { ...base, producerId: "", path: "/y" },
    ],
    ["in one file, the smaller offset", { ...base, sequence: -1 }, { ...base, sequence: -1, offset: 9 }],
  ])("puts first: %s", (_, first, second) => {
    expect(compareKeys(first, second)).toBeLessThan(0);
    expect(compareKeys(second, first)).toBeGreaterThan(0);
  });

  it("gives two copies of a record, in whatever files, one place", () => {
    for (const sequence of [7, 0]) {
      const record = { ...base, sequence };
      expect(compareKeys(record, { ...record, path: "/y", offset: 99 })).toBe(0);
    }
  });

  it("is total and transitive", () => {
    fc.assert(
      fc.property(key, key, key, (a, b, c) => {
        expect(Math.sign(compareKeys(a, b)) + Math.sign(compareKeys(b, a))).toBe(0);
        if (compareKeys(a, b) <= 0 && compareKeys(b, c) <= 0)
          expect(compareKeys(a, c)).toBeLessThanOrEqual(0);
      }),
    );
  });

  it("has nothing between a key and the key after it", () => {
    fc.assert(
      fc.property(key, key, (a, b) => {
        expect(compareKeys(b, keyAfter(a)) < 0).toBe(compareKeys(b, a) <= 0);
      }),
    );
  });

  it("begins an instant with its first key", () => {
    fc.assert(
      fc.property(key, fc.bigInt({ min: -1n, max: 2n }), (a, instant) => {
        expect(compareKeys(a, firstKeyAt(instant)) < 0).toBe(a.instant < instant);
      }),
    );
  });
});

it("takes the later of two keys, and the only one of one", () => {
  const later = { ...base, instant: 6n };
  expect(laterKey(base, later)).toBe(later);
  expect(laterKey(later, base)).toBe(later);
  expect(laterKey(base, undefined)).toBe(base);
  expect(laterKey(undefined, base)).toBe(base);
  expect(laterKey(undefined, undefined)).toBeUndefined();
});

it("survives JSON", () => {
  fc.assert(
    fc.property(key, (a) => {
      expect(keyFromData(JSON.parse(JSON.stringify(keyToData(a))))).toEqual(a);
    }),
  );
});
