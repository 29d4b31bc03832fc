import { readFileSync, writeFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { temporaryDirectory } from "@prodigy-events/test-kit";
import { describe, expect, it } from "vitest";
import { compressSegment } from "../compression/compress-segment.js";
import { findAlteredMember } from "./find-altered-member.js";
import { listMembers } from "./list-members.js";

async function compressed() {
  const directory = await temporaryDirectory();
  const [source, path] = [directory.join("a.jsonl"), directory.join("a.jsonl.gz")];
  writeFileSync(source, "{}\n".repeat(100));
  await compressSegment(source, path, { memberBytes: 120 });
  const [first, second] = (await listMembers(path)) ?? [];
  return { path, bytes: readFileSync(path), first: first!, second: second! };
}

describe("findAlteredMember", () => {
  it("finds nothing in what we wrote", async () => {
    expect(await findAlteredMember((await compressed()).path)).toBeUndefined();
  });

  it.each(Array.from({ length: 24 * 8 }, (_, bit) => bit))(
    "finds bit %i of a member's header flipped",
    async (bit) => {
      const { path, bytes, second } = await compressed();
      const at = second.offset + (bit >> 3);
      bytes[at] = bytes[at]! ^ (1 << (bit & 7));
      writeFileSync(path, bytes);
      const { offset, logicalOffset } = (await findAlteredMember(path)) ?? {};
      // A header is part of what says that the member before it is whole.
      expect([second.offset, 0]).toContain(offset);
      expect(logicalOffset).toBe(offset === 0 ? 0 : second.logicalOffset);
    },
  );

  it("finds bytes after the last member", async () => {
    const { path, bytes } = await compressed();
    writeFileSync(path, Buffer.concat([bytes, Buffer.alloc(1)]));
    expect((await findAlteredMember(path))?.offset).toBeLessThan(bytes.length);
  });

  it.each([
    ["gzip of somebody else", gzipSync("{}\n")],
    ["plain text", Buffer.from("{}\n")],
    ["an empty file", Buffer.alloc(0)],
  ])("says nothing about %s", async (_what, bytes) => {
    const directory = await temporaryDirectory();
    writeFileSync(directory.join("a"), bytes);
    expect(await findAlteredMember(directory.join("a"))).toBeUndefined();
  });
});
