import { setImmediate as nextTurn } from "node:timers/promises";
import { createGunzip, gzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { runDecoder } from "./run-decoder.js";

const decoder = () => createGunzip({ chunkSize: 64, readableHighWaterMark: 1 } as object);

/** `bytes` in pieces of `size`, from one buffer that is overwritten each time, as the reader of files does. */
async function* cut(bytes: Buffer, size: number): AsyncGenerator<Buffer, void> {
  const reused = Buffer.alloc(size);
  for (let offset = 0; offset < bytes.length; offset += size) {
    const length = bytes.copy(reused, 0, offset, offset + size);
    yield reused.subarray(0, length);
    reused.fill(0xaa);
  }
}

async function take(pieces: AsyncGenerator<Buffer, void>, pauseTurns = 0) {
  const parts: Buffer[] = [];
  try {
    for await (const bytes of pieces) {
      parts.push(bytes);
      for (let turn = 0; turn < pauseTurns; turn += 1) await nextTurn();
    }
    return { content: Buffer.concat(parts), error: undefined };
  } catch (error) {
    return { content: Buffer.concat(parts), error };
  }
}

describe("runDecoder", () => {
  it("gives the content, however the input is cut", async () => {
    const contents = fc.uint8Array({ maxLength: 2_000 }).map((bytes) => Buffer.from(bytes));
    await fc.assert(
      fc.asyncProperty(contents, fc.integer({ min: 1, max: 700 }), async (content, size) => {
        expect(await take(runDecoder(decoder(), cut(gzipSync(content), size)))).toEqual({
          content,
          error: undefined,
        });
      }),
      { numRuns: 100 },
    );
  });

  it.each([0, 5])(
    "gives all output before the cut and then the error, to a reader that pauses %d turns",
    async (turns) => {
      const content = Buffer.from(Array.from({ length: 500 }, (_, i) => `${i * 7919}\n`).join(""));
      const bytes = gzipSync(content);
      for (let length = 20; length < bytes.length; length += 53) {
        const whole = await take(
          runDecoder(createGunzip({ chunkSize: 1 << 20 }), cut(bytes.subarray(0, length), 1)),
        );
        const found = await take(runDecoder(decoder(), cut(bytes.subarray(0, length), 100)), turns);
        expect(found.content.length, `length ${length}`).toBe(whole.content.length);
        expect(content.subarray(0, found.content.length).equals(found.content)).toBe(true);
        expect(found.error).toMatchObject({ code: "Z_BUF_ERROR" });
      }
    },
  );

  it("passes on the error of its input, and closes both when it is left", async () => {
    const failing = async function* () {
      yield gzipSync("abc").subarray(0, 10);
      throw new Error("the disk failed");
    };
    expect((await take(runDecoder(decoder(), failing()))).error).toMatchObject({
      message: "the disk failed",
    });

    let isClosed = false;
    const endless = async function* () {
      try {
        for (;;) yield gzipSync("x".repeat(10_000));
      } finally {
        isClosed = true;
      }
    };
    const left = decoder();
    for await (const _bytes of runDecoder(left, endless())) break;
    expect([isClosed, left.destroyed]).toEqual([true, true]);
  });

  it("stops where the decoder wants no more", async () => {
    const gunzip = decoder();
    const { content, error } = await take(
      runDecoder(gunzip, cut(Buffer.concat([gzipSync("abc"), Buffer.alloc(5_000)]), 1_000)),
    );
    expect([content.toString(), error]).toEqual(["abc", undefined]);
    expect(gunzip.bytesWritten).toBe(gzipSync("abc").length);
  });
});
