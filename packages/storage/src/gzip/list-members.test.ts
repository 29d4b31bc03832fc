import { appendFileSync, readFileSync, truncateSync, writeFileSync } from "node:fs";
import { crc32, gzipSync, inflateRawSync } from "node:zlib";
import { faultyFileSystem, temporaryDirectory } from "@prodigy-events/test-kit";
import { describe, expect, it } from "vitest";
import { compressSegment } from "../compression/compress-segment.js";
import { nodeFileSystem } from "../files/node-file-system.js";
import { listMembers } from "./list-members.js";
import { encodeMember } from "./member.js";
import { encodeMemberHeader } from "./member-header.js";

const content = Buffer.from("0123456789\n".repeat(500));

async function compressed() {
  const { join } = await temporaryDirectory();
  writeFileSync(join("a.jsonl"), content);
  await compressSegment(join("a.jsonl"), join("a.gz"), { memberBytes: 1_000 });
  return join("a.gz");
}

describe("listMembers", () => {
  it("gives places from which each member alone can be inflated, as FORMAT.md says", async () => {
    const path = await compressed();
    const file = readFileSync(path);
    const members = (await listMembers(path)) ?? [];
    expect(members).toHaveLength(6);
    for (const { offset, compressedBytes, logicalOffset, logicalBytes } of members) {
      const part = inflateRawSync(file.subarray(offset + 24, offset + compressedBytes - 8));
      expect(part.equals(content.subarray(logicalOffset, logicalOffset + logicalBytes))).toBe(true);
      expect(file.readUInt32LE(offset + compressedBytes - 8)).toBe(crc32(part));
      expect(file.readUInt32LE(offset + compressedBytes - 4)).toBe(part.length);
    }
  });

  it("reads headers only", async () => {
    const path = await compressed();
    const disk = faultyFileSystem(nodeFileSystem);
    await listMembers(path, disk.fs);
    const reads = disk.calls.filter(({ operation }) => operation === "read").map(({ args }) => args[3]);
    expect(reads.every((length) => (length as number) <= 32)).toBe(true);
  });

  it("does not know other files", async () => {
    const { join } = await temporaryDirectory();
    for (const bytes of [Buffer.alloc(0), Buffer.from("{}\n"), gzipSync("{}\n")]) {
      writeFileSync(join("x"), bytes);
      expect(await listMembers(join("x"))).toBeUndefined();
    }
  });

  it("does not know a file of ours that is cut off or followed by anything", async () => {
    const path = await compressed();
    appendFileSync(path, gzipSync("{}\n"));
    expect(await listMembers(path)).toBeUndefined();
    truncateSync(path, 200);
    expect(await listMembers(path)).toBeUndefined();
  });

  it("does not believe in members that are larger than any", async () => {
    const { join } = await temporaryDirectory();
    const member = await encodeMember(Buffer.from("{}\n"));
    encodeMemberHeader({ compressedBytes: member.length, logicalBytes: 3_000_000_000 }).copy(member);
    writeFileSync(join("x"), member);
    expect(await listMembers(join("x"))).toBeUndefined();
  });

  it("fails for a file that is not there", async () => {
    await expect(listMembers((await temporaryDirectory()).join("x"))).rejects.toMatchObject({
      code: "ENOENT",
    });
  });
});
