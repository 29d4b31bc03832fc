import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { limits } from "../limits.js";
import { SeenRecords } from "./seen-records.js";

/** Adds records given as `number` or `number/id`; those that were taken for copies. */
function copiesAmong(texts: readonly string[], seen = new SeenRecords()): string[] {
  return texts.filter((text) => {
    const [sequence, id = `id-${sequence}`] = text.split("/") as [string, string?];
    return !seen.add(Number(sequence), { id });
  });
}

describe("SeenRecords", () => {
  it.each([
    ["going up", ["0", "1", "2", "3", "2", "3", "4"], ["2", "3"]],
    ["going down", ["4", "3", "2", "3", "2", "1", "0"], ["3", "2"]],
    ["with a number left out", ["0", "1", "5", "6", "5", "6"], ["5", "6"]],
    ["with the first one again", ["7", "7"], ["7"]],
  ])("knows copies, %s", (_title, given, copies) => {
    expect(copiesAmong(given)).toEqual(copies);
  });

  it.each([
    ["a later one, going up", ["0", "1", "4/damaged", "3", "4", "5"]],
    ["the next one, going up", ["0", "2/damaged", "2", "3"]],
    ["an earlier one, going down", ["5", "4", "1/damaged", "2", "1", "0"]],
    ["the second one, in the first record", ["1/damaged", "1", "2"]],
  ])("does not take a record for a copy of one whose number was damaged into %s", (_title, given) => {
    expect(copiesAmong(given)).toEqual([]);
  });

  it("does not take records for copies whose numbers several damaged ones took", () => {
    const numbers = Array.from({ length: 100 }, (_, at) =>
      at >= 10 && at < 40 ? `${at + 30}/damaged-${at}` : `${at}`,
    );
    expect(copiesAmong(numbers)).toEqual([]);
    expect(copiesAmong(numbers.toReversed(), new SeenRecords(100))).toEqual([]);
  });

  it("knows the copies of records after a gap, and of one whose number was taken", () => {
    expect(copiesAmong(["0", "9", "10", "9", "10"])).toEqual(["9", "10"]);
    expect(copiesAmong(["0", "2/damaged", "2", "3", "2", "3"])).toEqual(["2", "3"]);
  });

  it("takes everything below a number for met, except what is missing", () => {
    const seen = new SeenRecords();
    seen.addBelow(8, [[5, 5]]);
    expect(copiesAmong(["5", "6", "7", "8", "9"], seen)).toEqual(["6", "7"]);
  });

  it("remembers a bounded number of ids, and forgets the oldest", () => {
    const seen = new SeenRecords();
    for (let at = 0; at <= limits.maxDoubtfulRecords; at++) seen.add(10 + 2 * at, { id: "damaged" });
    expect(seen.add(10, { id: "first" })).toBe(false);
    expect(seen.add(10 + 2 * limits.maxDoubtfulRecords, { id: "last" })).toBe(true);
  });
});

describe("a run of records", () => {
  it("is added as its records would be one by one, or not at all", () => {
    const runs = fc.array(fc.tuple(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 0, max: 9 })));
    fc.assert(
      fc.property(runs, fc.nat(60), (all, doubt) => {
        const [whole, single] = [new SeenRecords(doubt % 3), new SeenRecords(doubt % 3)];
        for (const [first, more] of all) {
          const records = Array.from({ length: more + 1 }, (_, at) => ({ id: `id-${(first + at) % 7}` }));
          const added = whole.addRun(first, first + more, records[0]!);
          const each = records.map((record, at) => single.add(first + at, record));
          if (added) expect(each.every((isNew) => isNew)).toBe(true);
          else expect(records.map((record, at) => whole.add(first + at, record))).toEqual(each);
          expect(whole.sequences.ranges).toEqual(single.sequences.ranges);
        }
      }),
    );
  });
});
