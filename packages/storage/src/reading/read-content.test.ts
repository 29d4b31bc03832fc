import { readdirSync, writeFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { temporaryDirectory } from "@prodigy-events/test-kit";
import fc from "fast-check";
import { expect, it } from "vitest";
import { arbitraryChunkBytes, arbitraryContent } from "../../test/arbitrary-content.js";
import { compressSegment } from "../compression/compress-segment.js";
import type { LineProblem } from "./line.js";
import { type ContentReadOptions, readContent } from "./read-content.js";

async function bytesOf(path: string, options: Partial<ContentReadOptions> = {}) {
  const problems: LineProblem[] = [];
  const parts: Buffer[] = [];
  let expectedOffset = options.startOffset ?? 0;
  for await (const { offset, bytes } of readContent(path, {
    onProblem: (problem) => problems.push(problem),
    ...options,
  })) {
    expect(offset).toBe(expectedOffset);
    parts.push(Buffer.from(bytes));
    expectedOffset += bytes.length;
  }
  return { content: Buffer.concat(parts), problems };
}

it("gives every byte of plain and compressed segments, whatever the lines are worth", async () => {
  const { join } = await temporaryDirectory();
  await fc.assert(
    fc.asyncProperty(arbitraryContent, arbitraryChunkBytes, async (content, chunkBytes) => {
      writeFileSync(join("plain"), content);
      await compressSegment(join("plain"), join("ours"), { memberBytes: 30 });
      writeFileSync(join("foreign"), gzipSync(content));
      for (const name of ["plain", "ours", "foreign"]) {
        expect(await bytesOf(join(name), { chunkBytes })).toEqual({ content, problems: [] });
      }
    }),
    { numRuns: 100 },
  );
});

it("gives a range, and tells of damage", async () => {
  const { join } = await temporaryDirectory();
  writeFileSync(join("plain"), "0123456789");
  expect((await bytesOf(join("plain"), { startOffset: 3, endOffset: 6 })).content.toString()).toBe("345");
  writeFileSync(join("cut"), gzipSync("0123456789").subarray(0, -4));
  const { content, problems } = await bytesOf(join("cut"));
  expect(content.toString()).toBe("0123456789");
  expect(problems).toMatchObject([{ reason: "compression", path: join("cut"), offset: 10 }]);
});

it("closes the file when it is left or aborted", async () => {
  const { join } = await temporaryDirectory();
  writeFileSync(join("plain"), "x".repeat(10_000));
  const before = readdirSync("/proc/self/fd").length;
  const onProblem = () => undefined;
  for await (const _piece of readContent(join("plain"), { chunkBytes: 100, onProblem })) break;
  const controller = new AbortController();
  const consume = async () => {
    for await (const _piece of readContent(join("plain"), {
      chunkBytes: 100,
      signal: controller.signal,
      onProblem,
    })) {
      controller.abort(new Error("enough"));
    }
  };
  await expect(consume()).rejects.toThrow("enough");
  expect(readdirSync("/proc/self/fd").length).toBe(before);
});
