import { expect, it } from "vitest";
import { ProducerSequences } from "./producer-sequences.js";

const place = { instant: 0n, path: "/x", offset: 0 };

it("gives ranges by producer and number, whatever the order in which records were met", () => {
  const sequences = new ProducerSequences();
  for (const producerId of ["bbbb", "cccc", "aaaa"])
    for (const sequence of [5, 0, 1]) sequences.add({ ...place, producerId, sequence });
  expect(sequences.toRanges()).toEqual(
    ["aaaa", "bbbb", "cccc"].flatMap((producerId) => [
      { producerId, first: 0, last: 1 },
      { producerId, first: 5, last: 5 },
    ]),
  );
});

it("joins what was dropped with the numbers beside it, and only of the same producer", () => {
  const sequences = new ProducerSequences();
  sequences.add({ ...place, producerId: "aaaa", sequence: 4 });
  sequences.addDropped({ producerId: "aaaa", first: 1, last: 3 });
  sequences.addDropped({ producerId: "bbbb", first: 5, last: 6 });
  expect(sequences.toRanges()).toEqual([
    { producerId: "aaaa", first: 1, last: 4 },
    { producerId: "bbbb", first: 5, last: 6 },
  ]);
});

it("holds the first number of a producer, and nothing that has no producer or no number", () => {
  const sequences = new ProducerSequences();
  const first = { ...place, producerId: "aaaa", sequence: 0 };
  expect(sequences.add(first)).toBe(true);
  expect(sequences.add(first)).toBe(false);
  for (const nameless of [
    { ...first, producerId: "" },
    { ...first, sequence: -1 },
  ]) {
    expect(sequences.add(nameless)).toBe(true);
    expect(sequences.add(nameless)).toBe(true);
    expect(sequences.has(nameless)).toBe(false);
  }
});
