import { describe, expect, it } from "vitest";
import { lossOf } from "./loss.js";
import { SequenceCounts } from "./sequence-counts.js";

function readBack(producerId: string, sequences: readonly number[]) {
  const counts = new SequenceCounts();
  for (const sequence of sequences) counts.add(sequence);
  return { byProducer: new Map([[producerId, counts]]), invented: 0 };
}

describe("lossOf", () => {
  it("finds nothing wrong with more than was acknowledged", () => {
    const loss = lossOf(new Map([["a", 2]]), readBack("a", [0, 1, 2]));
    expect(loss).toEqual({ acked: 2, lost: 0, dup: 0, failures: [] });
  });

  it("counts acknowledged records that are not there, also those of a producer that is not", () => {
    const loss = lossOf(
      new Map([
        ["a", 3],
        ["b", 5],
      ]),
      readBack("a", [0, 2]),
    );
    expect(loss).toMatchObject({ acked: 8, lost: 6 });
    expect(loss.failures).toHaveLength(2);
  });

  it("counts what is there twice, acknowledged or not", () => {
    expect(lossOf(new Map([["a", 1]]), readBack("a", [0, 1, 1]))).toMatchObject({ lost: 0, dup: 1 });
  });

  it("fails at a record that nobody logged", () => {
    const { failures } = lossOf(new Map(), { byProducer: new Map(), invented: 1 });
    expect(failures).toHaveLength(1);
  });
});
