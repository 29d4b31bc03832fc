import fc from "fast-check";
import { expect, it } from "vitest";
import { InstantHistogram } from "./instant-histogram.js";

it("counts and weighs by millisecond as long as there is room", () => {
  const histogram = new InstantHistogram(10);
  histogram.add(7, 3);
  histogram.add(5, 1);
  histogram.add(7, 2);
  expect(histogram.buckets()).toEqual([
    { fromMs: 5, toMs: 6, records: 1, weight: 1 },
    { fromMs: 7, toMs: 8, records: 2, weight: 5 },
  ]);
});

it("never has more buckets than allowed, loses nothing, and puts every instant into the bucket that spans it", () => {
  const instants = fc.array(fc.tuple(fc.integer({ min: -5000, max: 5000 }), fc.nat(9)), { maxLength: 80 });
  fc.assert(
    fc.property(instants, fc.integer({ min: 2, max: 6 }), (added, maxBuckets) => {
      const histogram = new InstantHistogram(maxBuckets);
      for (const [ms, weight] of added) histogram.add(ms, weight);
      const buckets = histogram.buckets();
      expect(buckets.length).toBeLessThanOrEqual(maxBuckets);
      for (const { fromMs, toMs, records, weight } of buckets) {
        const inside = added.filter(([ms]) => ms >= fromMs && ms < toMs);
        expect(records).toBe(inside.length);
        expect(weight).toBe(inside.reduce((sum, [, each]) => sum + each, 0));
      }
      expect(buckets.reduce((sum, { records }) => sum + records, 0)).toBe(added.length);
      expect(buckets).toEqual([...buckets].sort((a, b) => a.fromMs - b.fromMs));
    }),
  );
});
