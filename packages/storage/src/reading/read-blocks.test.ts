import { writeFileSync } from "node:fs";
import { temporaryDirectory } from "@prodigy-events/test-kit";
import fc from "fast-check";
import { expect, it } from "vitest";
import { arbitraryChunkBytes, arbitraryContent } from "../../test/arbitrary-content.js";
import { collect } from "../../test/collect.js";
import type { Line, LineProblem } from "./line.js";
import { linesOf, readBlocks } from "./read-blocks.js";

const maxLineBytes = 40;

it("gives blocks of whole lines that hold the lines and problems of readLines, whatever the size of chunks", async () => {
  const path = (await temporaryDirectory()).join("events.jsonl");
  await fc.assert(
    fc.asyncProperty(arbitraryContent, arbitraryChunkBytes, async (content, chunkBytes) => {
      writeFileSync(path, content);
      const lines: Line[] = [];
      const problems: LineProblem[] = [];
      const rules = { path, maxLineBytes, onProblem: (problem: LineProblem) => problems.push(problem) };
      for await (const block of readBlocks(path, { ...rules, chunkBytes })) {
        expect(block.bytes.at(-1)).toBe(0x0a);
        expect(content.subarray(block.offset, block.offset + block.bytes.length).equals(block.bytes)).toBe(
          true,
        );
        lines.push(...linesOf(block, rules));
      }
      problems.sort((a, b) => a.offset - b.offset);
      expect({ lines, problems }).toEqual(await collect(path, { maxLineBytes }));
    }),
    { numRuns: 500 },
  );
});

it("gives a line of the greatest length that spans chunks, and reports one that is a byte longer", async () => {
  const path = (await temporaryDirectory()).join("events.jsonl");
  writeFileSync(path, `${"a".repeat(40)}\n${"b".repeat(41)}\nc\n`);
  const { lines, problems } = await collect(path, { maxLineBytes, chunkBytes: 7 });
  expect(lines.map(({ text }) => text)).toEqual(["a".repeat(40), "c"]);
  expect(problems).toMatchObject([{ reason: "too_long", offset: 41, length: 41 }]);
});
