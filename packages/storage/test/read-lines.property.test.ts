import { writeFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { temporaryDirectory } from "@prodigy-events/test-kit";
import fc from "fast-check";
import { expect, it } from "vitest";
import { compressSegment, readLinesBackward } from "../src/index.js";
import { arbitraryChunkBytes, arbitraryContent } from "./arbitrary-content.js";
import { collect, places } from "./collect.js";
import { linesByDefinition } from "./line-oracle.js";

const maxLineBytes = 40;

it("gives the lines and problems of the definition, whatever the size of chunks", async () => {
  const path = (await temporaryDirectory()).join("events.jsonl");
  await fc.assert(
    fc.asyncProperty(arbitraryContent, arbitraryChunkBytes, async (content, chunkBytes) => {
      writeFileSync(path, content);
      const { lines, problems } = await collect(path, { chunkBytes, maxLineBytes });
      const expected = linesByDefinition(content, maxLineBytes);
      expect(lines).toEqual(expected.lines);
      expect(places(problems)).toEqual(expected.problems);
    }),
    { numRuns: 1_000 },
  );
});

it("gives the same problems in words, whatever the size of chunks", async () => {
  const path = (await temporaryDirectory()).join("events.jsonl");
  await fc.assert(
    fc.asyncProperty(arbitraryContent, arbitraryChunkBytes, async (content, chunkBytes) => {
      writeFileSync(path, content);
      const whole = await collect(path, { maxLineBytes });
      expect(await collect(path, { chunkBytes, maxLineBytes })).toEqual(whole);
    }),
    { numRuns: 300 },
  );
});

it("gives the same backward as forward, whatever the size of chunks", async () => {
  const path = (await temporaryDirectory()).join("events.jsonl");
  await fc.assert(
    fc.asyncProperty(arbitraryContent, arbitraryChunkBytes, async (content, chunkBytes) => {
      writeFileSync(path, content);
      const forward = await collect(path, { maxLineBytes });
      expect(await collect(path, { chunkBytes, maxLineBytes }, readLinesBackward)).toEqual(forward);
    }),
    { numRuns: 1_000 },
  );
});

it("gives the same from our gzip, in both directions, and from any other gzip", async () => {
  const directory = await temporaryDirectory();
  const [plain, ours, foreign] = ["a.jsonl", "b.jsonl", "c.jsonl"].map((name) => directory.join(name)) as [
    string,
    string,
    string,
  ];
  const withoutPath = ({ lines, problems }: Awaited<ReturnType<typeof collect>>) => ({
    lines,
    problems: problems.map((problem) => ({ ...problem, path: "" })),
  });
  await fc.assert(
    fc.asyncProperty(arbitraryContent, fc.integer({ min: 1, max: 60 }), async (content, memberBytes) => {
      writeFileSync(plain, content);
      await compressSegment(plain, ours, { memberBytes });
      const middle = content.length >> 1;
      writeFileSync(
        foreign,
        Buffer.concat([content.subarray(0, middle), content.subarray(middle)].map((part) => gzipSync(part))),
      );
      const expected = withoutPath(await collect(plain, { maxLineBytes }));
      expect(withoutPath(await collect(ours, { maxLineBytes }))).toEqual(expected);
      expect(withoutPath(await collect(ours, { maxLineBytes }, readLinesBackward))).toEqual(expected);
      expect(withoutPath(await collect(foreign, { maxLineBytes }))).toEqual(expected);
    }),
    { numRuns: 200 },
  );
});

it("reads a range of lines as if the content began and ended there, plain or compressed, in both directions", async () => {
  const directory = await temporaryDirectory();
  const [plain, ours, foreign] = [directory.join("a.jsonl"), directory.join("b"), directory.join("c")];
  await fc.assert(
    fc.asyncProperty(arbitraryContent, fc.nat(), fc.nat(), async (content, from, length) => {
      const startOffset = content.subarray(0, from % (content.length + 1)).lastIndexOf(0x0a) + 1;
      const endOffset = startOffset + (length % (content.length + 2));
      const expected = linesByDefinition(content.subarray(0, endOffset), maxLineBytes);
      const lines = expected.lines.filter(({ offset }) => offset >= startOffset);
      const problems = expected.problems.filter(([, offset]) => offset >= startOffset);
      writeFileSync(plain, content);
      await compressSegment(plain, ours, { memberBytes: 16 });
      writeFileSync(foreign, gzipSync(content));
      for (const path of [plain, ours, foreign]) {
        for (const read of path === foreign ? [undefined] : [undefined, readLinesBackward]) {
          const found = await collect(path, { startOffset, endOffset, maxLineBytes, chunkBytes: 7 }, read);
          expect([found.lines, places(found.problems)]).toEqual([lines, problems]);
        }
      }
    }),
    { numRuns: 200 },
  );
});

it("accounts for every byte of the content: in a line, a problem or a blank line, and shows all of it", async () => {
  const path = (await temporaryDirectory()).join("events.jsonl");
  await fc.assert(
    fc.asyncProperty(arbitraryContent, arbitraryChunkBytes, async (content, chunkBytes) => {
      writeFileSync(path, content);
      const covered = new Uint8Array(content.length);
      const cover = (offset: number, bytes: number) => {
        for (let at = offset; at < offset + bytes; at += 1) covered[at]! += 1;
      };
      const shown: Buffer[] = [];
      const { lines, problems } = await collect(path, {
        chunkBytes,
        maxLineBytes,
        onContent: ({ bytes }) => shown.push(Buffer.from(bytes)),
        onBlank: (offset, length) => cover(offset, length + 1),
      });
      for (const { offset, length, reason } of problems)
        cover(offset, reason === "tail" ? length : length + 1);
      for (const { offset, length } of lines) cover(offset, length + 1);
      const hasMark = content[0] === 0xef && content[1] === 0xbb && content[2] === 0xbf;
      const isMarkSkipped = hasMark && !problems.some(({ offset }) => offset === 0);
      if (isMarkSkipped) cover(0, 3);
      expect(covered.every((count) => count === 1)).toBe(true);
      expect(Buffer.concat(shown).equals(content)).toBe(true);
    }),
    { numRuns: 500 },
  );
});
