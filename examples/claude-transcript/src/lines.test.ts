import { describe, expect, it } from "vitest";
import { splitLines } from "./lines.js";

async function linesOf(bytes: Buffer, chunkBytes: number): Promise<string[]> {
  async function* chunks() {
    for (let at = 0; at < bytes.length; at += chunkBytes) yield bytes.subarray(at, at + chunkBytes);
  }
  const lines: string[] = [];
  for await (const line of splitLines(chunks())) lines.push(line);
  return lines;
}

describe("splitting a stream into lines", () => {
  const text = 'ä\n\n{"a":"x\u2028y\rz"}\n€ without line feed';

  it.each([1, 2, 3, 7, 1000])("gives the same lines for chunks of %i bytes", async (chunkBytes) => {
    expect(await linesOf(Buffer.from(text), chunkBytes)).toEqual(text.split("\n"));
  });

  it("makes no empty line of the end of the last one", async () => {
    expect(await linesOf(Buffer.from("a\nb\n"), 3)).toEqual(["a", "b"]);
    expect(await linesOf(Buffer.alloc(0), 1)).toEqual([]);
  });
});
