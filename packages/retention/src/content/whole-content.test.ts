import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { nodeFileSystem } from "@prodigy-events/storage";
import { temporaryDirectory } from "@prodigy-events/test-kit";
import { expect, it } from "vitest";
import { wholeContent } from "./whole-content.js";

const content = Buffer.from("a line\n\n\xff no text\ntorn", "latin1");

async function fileWith(bytes: Uint8Array): Promise<string> {
  const path = join((await temporaryDirectory()).path, "x.jsonl.rotated.gz");
  await writeFile(path, bytes);
  return path;
}

async function read(path: string): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of wholeContent(path, nodeFileSystem)) pieces.push(Buffer.from(piece));
  return Buffer.concat(pieces);
}

it("is every byte, whether of a line or not, compressed or plain", async () => {
  for (const stored of [content, gzipSync(content), Buffer.concat([gzipSync(content), gzipSync("")])])
    expect(await read(await fileWith(stored))).toEqual(content);
});

it("never passes for whole when the compression is damaged", async () => {
  const path = await fileWith(gzipSync(content).subarray(0, -6));
  await expect(read(path)).rejects.toMatchObject({
    name: "StorageError",
    code: "VERIFICATION_FAILED",
    path,
    message: expect.stringMatching(new RegExp(`^cannot decompress ${path}: .`)),
  });
});

it("ends at the damage, whatever comes after it", async () => {
  const members = ["first\n", "second\n", "third\n"].map((text) => gzipSync(text));
  members[1]![members[1]!.length - 6]! ^= 0xff;
  const pieces: string[] = [];
  const reading = (async () => {
    const path = await fileWith(Buffer.concat(members));
    for await (const piece of wholeContent(path, nodeFileSystem)) pieces.push(piece.toString());
  })();
  await expect(reading).rejects.toMatchObject({ code: "VERIFICATION_FAILED" });
  expect(pieces.join("")).not.toContain("third");
});
