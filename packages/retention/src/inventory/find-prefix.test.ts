import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  findPrefix,
  millisecondOf,
  type ReadWeightedKeys,
  type TimeSpan,
  type WeightedKey,
} from "./find-prefix.js";
import { compareKeys } from "./record-key.js";

const weighted: fc.Arbitrary<WeightedKey> = fc.record({
  key: fc.record({
    instant: fc.bigInt({ min: -3_000_000n, max: 60_000_000n }),
    producerId: fc.constantFrom("", "a", "b"),
    sequence: fc.integer({ min: -1, max: 3 }),
    path: fc.constantFrom("/x", "/y"),
    offset: fc.nat(5),
  }),
  weight: fc.nat(4),
});

/** Most of them in one millisecond. */
const crowded = weighted.map(({ key, weight }) => ({
  key: { ...key, instant: key.instant % 900_000n },
  weight,
}));

const everything: TimeSpan = { fromMs: -10, toMs: 100 };

function reading(keys: readonly WeightedKey[], passes: TimeSpan[]): ReadWeightedKeys {
  return async function* (span) {
    passes.push(span);
    const within = keys.filter(({ key }) => {
      const ms = millisecondOf(key.instant);
      return ms >= span.fromMs && ms < span.toMs;
    });
    for (let start = 0; start < within.length; start += 3) yield within.slice(start, start + 3);
  };
}

/** The shortest run of oldest places that weighs enough, by sorting all. */
function runByTheOracle(keys: readonly WeightedKey[], target: number): WeightedKey[] | undefined {
  const sorted = [...keys].sort((a, b) => compareKeys(a.key, b.key));
  let weight = 0;
  for (const each of sorted) {
    weight += each.weight;
    if (weight >= target) return sorted.filter(({ key }) => compareKeys(key, each.key) <= 0);
  }
  return undefined;
}

describe("the shortest run of oldest records of a given weight", () => {
  it.each([
    ["spread over time", weighted],
    ["crowded into a millisecond", crowded],
  ])("is the one that sorting all of them gives, %s, however few fit into memory", async (_, arbitrary) => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(arbitrary, { maxLength: 60 }),
        fc.integer({ min: 1, max: 80 }),
        fc.record({
          maxHistogramBuckets: fc.integer({ min: 2, max: 5 }),
          maxSortedKeys: fc.integer({ min: 1, max: 7 }),
        }),
        async (keys, target, limits) => {
          const end = await findPrefix(target, everything, reading(keys, []), limits);
          const expected = runByTheOracle(keys, target);
          if (expected === undefined) expect(end).toBeUndefined();
          else
            expect(new Set(keys.filter(({ key }) => compareKeys(key, end!) < 0))).toEqual(new Set(expected));
        },
      ),
      { numRuns: 500 },
    );
  });

  it("is found in two passes when the span around its end has few records", async () => {
    const keys = Array.from({ length: 50 }, (_, index) => ({
      key: { instant: BigInt(index) * 1_000_000n, producerId: "a", sequence: index, path: "/x", offset: 0 },
      weight: 1,
    }));
    const passes: TimeSpan[] = [];
    const end = await findPrefix(20, everything, reading(keys, passes), {
      maxHistogramBuckets: 100,
      maxSortedKeys: 1,
    });
    expect(end).toMatchObject({ instant: 19_000_000n, sequence: 20 });
    expect(passes).toMatchObject([everything, { fromMs: 19, toMs: 20 }]);
    expect(passes).toHaveLength(2);
  });

  describe("of one millisecond", () => {
    const millisecond: TimeSpan = { fromMs: 0, toMs: 1 };
    /** At one instant, so that one key is the next after another. */
    const inARow = (count: number): WeightedKey[] =>
      Array.from({ length: count }, (_, sequence) => ({
        key: { instant: 5n, producerId: "a", sequence, path: "/x", offset: 0 },
        weight: 1,
      }));

    it.each([1, 2, 3, 10])("is found when %i keys may be sorted at once", async (maxSortedKeys) => {
      for (let target = 1; target <= 10; target += 1) {
        const limits = { maxHistogramBuckets: 2, maxSortedKeys };
        const end = await findPrefix(target, millisecond, reading(inARow(10).reverse(), []), limits);
        expect(end).toMatchObject({ sequence: target });
      }
    });

    it.each([
      [3, 10, 1],
      [3, 3, 1],
      [3, 1, 3],
      [10, 3, 4],
    ])(
      "does not exist when all %i keys weigh less; %i at once, that takes %i passes",
      async (count, maxSortedKeys, expected) => {
        const passes: TimeSpan[] = [];
        const limits = { maxHistogramBuckets: 2, maxSortedKeys };
        const end = await findPrefix(11, millisecond, reading(inARow(count), passes), limits);
        expect(end).toBeUndefined();
        expect(passes).toHaveLength(expected);
      },
    );
  });

  it.each([
    [4, 2],
    [3, 3],
  ])(
    "is sorted out as soon as the span around its end has no more than %i records",
    async (maxSortedKeys, expected) => {
      const keys = Array.from({ length: 8 }, (_, index) => ({
        key: { instant: BigInt(index) * 1_000_000n, producerId: "a", sequence: index, path: "/x", offset: 0 },
        weight: 1,
      }));
      const passes: TimeSpan[] = [];
      const limits = { maxHistogramBuckets: 2, maxSortedKeys };
      const end = await findPrefix(2, { fromMs: 0, toMs: 8 }, reading(keys, passes), limits);
      expect(end).toMatchObject({ sequence: 2 });
      expect(passes).toHaveLength(expected);
    },
  );

  it("is looked for in ever shorter spans, also around 1970", async () => {
    const keys = Array.from({ length: 20 }, (_, index) => ({
      key: {
        instant: BigInt(index - 10) * 1_000_000n,
        ...{ producerId: "a", sequence: index, path: "/x", offset: 0 },
      },
      weight: 1,
    }));
    const passes: TimeSpan[] = [];
    await findPrefix(15, { fromMs: -10, toMs: 10 }, reading(keys, passes), {
      maxHistogramBuckets: 100,
      maxSortedKeys: 1,
    });
    expect(passes).toMatchObject([
      { fromMs: -10, toMs: 10 },
      { fromMs: 4, toMs: 5 },
    ]);
  });
});
