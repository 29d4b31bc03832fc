import { createHash } from "node:crypto";
import { crc32 } from "node:zlib";
import fc from "fast-check";
import { expect, it } from "vitest";
import { ChecksumAccumulator } from "./checksum-accumulator.js";

it("sums up a content however it is cut into pieces", () => {
  const pieces = fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 12 });
  fc.assert(
    fc.property(pieces, fc.integer({ min: 1, max: 50 }), (parts, blockBytes) => {
      const sums = new ChecksumAccumulator(blockBytes);
      for (const part of parts) sums.update(part);
      const content = Buffer.concat(parts);
      const blocks = Array.from({ length: Math.ceil(content.length / blockBytes) }, (_, index) =>
        crc32(content.subarray(index * blockBytes, (index + 1) * blockBytes)),
      );
      expect(sums.finish()).toEqual({
        bytes: content.length,
        lines: content.filter((byte) => byte === 0x0a).length,
        sha256: createHash("sha256").update(content).digest("hex"),
        blockBytes,
        blockCrc32: blocks,
      });
    }),
  );
});

it("has blocks of 1 MiB unless told otherwise", () => {
  const sums = new ChecksumAccumulator();
  sums.update(Buffer.alloc(1_048_576));
  expect(sums.finish()).toMatchObject({
    blockBytes: 1_048_576,
    blockCrc32: [crc32(Buffer.alloc(1_048_576))],
  });
  sums.update(Buffer.alloc(1));
  expect(sums.finish().blockCrc32).toHaveLength(2);
  expect(sums.bytes).toBe(1_048_577);
});

it("can go on after it was asked", () => {
  const sums = new ChecksumAccumulator(4);
  sums.update(Buffer.from("ab"));
  const before = sums.finish();
  sums.update(Buffer.from("cd"));
  expect(before.bytes).toBe(2);
  expect(sums.finish().sha256).toBe(createHash("sha256").update("abcd").digest("hex"));
});
