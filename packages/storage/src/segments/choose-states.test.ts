import fc from "fast-check";
import { expect, it } from "vitest";
import { chooseStates } from "./choose-states.js";

const own = "events-20261122_063000_123-k3f9a1c2.jsonl";
const filesOf = (names: string[]) => chooseStates(names).map(({ fileName }) => fileName);

it.each([
  [[".gz", ""], ""],
  [[".rotated.gz", ".rotated"], ".rotated"],
  [[".rotated", ""], ""],
  [[".gz", ".rotated.gz", ".zst"], ".rotated.gz"],
  [[".zst", ".gz"], ".gz"],
  [[".bak", ".rotated.gz"], ".rotated.gz"],
  [[".bak"], ".bak"],
])("of our segment in the states %j reads %j", (suffixes, chosen) => {
  expect(filesOf(suffixes.map((suffix) => `${own}${suffix}`))).toEqual([`${own}${chosen}`]);
});

it("takes every foreign file for a segment of its own", () => {
  const names = [
    "events-20240101_120000.20240101_130000.jsonl.gz",
    "events-20240101_120000.jsonl",
    "events-20240101_120000.jsonl.gz",
    "events-20240101_120000.jsonl.rotated",
  ];
  expect(filesOf(names)).toEqual(names);
});

it("skips a backup while its file lives, and reads it otherwise", () => {
  expect(filesOf(["a.jsonl.bak", "a.jsonl"])).toEqual(["a.jsonl"]);
  expect(filesOf(["a.jsonl.bak", "b.jsonl"])).toEqual(["a.jsonl.bak", "b.jsonl"]);
});

it("leaves out everything that is no segment", () => {
  expect(filesOf([".manifest", ".a.jsonl", "notes.txt", "a.jsonl"])).toEqual(["a.jsonl"]);
});

it("does not depend on the order of names", () => {
  const suffix = fc.constantFrom("", ".rotated", ".rotated.gz", ".gz", ".zst", ".bak", ".tmp");
  const stem = fc.constantFrom(own, "events-shared.jsonl", "a.jsonl", "b.jsonl", ".c.jsonl");
  const names = fc.uniqueArray(fc.tuple(stem, suffix).map(([a, b]) => a + b));
  fc.assert(
    fc.property(names, fc.infiniteStream(fc.nat()), (listed, keys) => {
      const shuffled = listed.map((name) => ({ name, key: keys.next().value as number }));
      shuffled.sort((a, b) => a.key - b.key);
      expect(chooseStates(shuffled.map(({ name }) => name))).toEqual(chooseStates(listed));
    }),
  );
});
