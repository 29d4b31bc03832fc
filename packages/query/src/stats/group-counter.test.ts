import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { limits } from "../limits.js";
import { GroupCounter, type GroupKey } from "./group-counter.js";

const scalar = fc.constantFrom<GroupKey[number][]>(
  "a",
  "b",
  "__proto__",
  "constructor",
  "1",
  1,
  true,
  null,
  "null",
);

describe("GroupCounter", () => {
  it("counts as a plain list of keys does, whatever the values are called", () => {
    fc.assert(
      fc.property(fc.nat(2), fc.array(fc.tuple(scalar, scalar)), (fields, pairs) => {
        const counter = new GroupCounter();
        const keys = pairs.map((pair) => pair.slice(0, fields));
        for (const key of keys) counter.add(key);
        const groups = counter.groups();
        const counts = new Map(groups.map(({ key, count }) => [JSON.stringify(key), count]));
        for (const key of keys) {
          const expected = keys.filter((other) => JSON.stringify(other) === JSON.stringify(key)).length;
          expect(counts.get(JSON.stringify(key))).toBe(expected);
        }
        expect(counts.size).toBe(new Set(keys.map((key) => JSON.stringify(key))).size);
        expect(counter.total).toBe(keys.length);
        expect(groups.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(keys.length > 0 ? 1 : 0);
        for (let at = 1; at < groups.length; at++)
          expect(groups[at]!.count).toBeLessThanOrEqual(groups[at - 1]!.count);
      }),
    );
  });

  it("puts equal counts in the order of their keys, those without the field last", () => {
    const counter = new GroupCounter();
    for (const key of [[null], ["b"], [2], ["a"], [true], [1]]) counter.add(key);
    expect(counter.groups().map(({ key }) => key[0])).toEqual([true, 1, 2, "a", "b", null]);
  });

  it("gives only the largest when asked to", () => {
    const counter = new GroupCounter();
    for (const key of ["a", "b", "b", "c", "c", "c"]) counter.add([key]);
    expect(counter.groups(2)).toEqual([
      { key: ["c"], count: 3, share: 0.5 },
      { key: ["b"], count: 2, share: 2 / 6 },
    ]);
    expect(counter.total).toBe(6);
  });

  it("stops at a great many groups and counts what is beyond them", () => {
    const counter = new GroupCounter();
    for (let at = 0; at < limits.maxGroups + 50; at++) counter.add([at]);
    counter.add([0]);
    expect(counter.groups()).toHaveLength(limits.maxGroups);
    expect(counter.other).toBe(50);
    expect(counter.total).toBe(limits.maxGroups + 51);
    expect(counter.groups(1)).toMatchObject([{ key: [0], count: 2 }]);
  });
});
