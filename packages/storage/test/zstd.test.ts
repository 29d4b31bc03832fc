import { writeFileSync } from "node:fs";
import zlib from "node:zlib";
import { temporaryDirectory } from "@prodigy-events/test-kit";
import { describe, expect, it } from "vitest";
import { collect, texts } from "./collect.js";

/** `zstd` of `{"a":1}\n{"b":2}\n`, made by zstd 1.5.4; Node 20 cannot make it. */
const frame = Buffer.from("28b52ffd24108100007b2261223a317d0a7b2262223a327d0a13474c48", "hex");
const hasZstd = "createZstdDecompress" in zlib;

const lines = ['{"a":1}', '{"b":2}'];

async function fileWith(...parts: Buffer[]): Promise<string> {
  const path = (await temporaryDirectory()).join("a.jsonl.zst");
  writeFileSync(path, Buffer.concat(parts));
  return path;
}

describe("a segment compressed with zstd", () => {
  if (!hasZstd) {
    it("is refused with a clear word where Node has no zstd", async () => {
      await expect(collect(await fileWith(frame))).rejects.toMatchObject({
        code: "ZSTD_UNSUPPORTED",
        message: expect.stringContaining("zstd -d"),
      });
    });
    return;
  }

  it("is read where Node has zstd", async () => {
    const { lines: found, problems } = await collect(await fileWith(frame));
    expect([texts(found), problems]).toEqual([lines, []]);
  });

  it("is read when it has several frames", async () => {
    const { lines: found, problems } = await collect(await fileWith(frame, frame, frame));
    expect([texts(found), problems]).toEqual([[...lines, ...lines, ...lines], []]);
  });

  it("is reported when it is cut off or damaged", async () => {
    for (const bytes of [frame.subarray(0, -6), Buffer.from(frame).fill(0xff, 12, 20)]) {
      const { problems } = await collect(await fileWith(bytes));
      expect(problems.map(({ reason }) => reason)).toContain("compression");
    }
  });
});
