import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { limits } from "../limits.js";
import { OpenBatch, type QueuedBatch } from "./open-batch.js";

function linesOf(batch: QueuedBatch): string[] {
  return [...batch.records()];
}

describe("OpenBatch", () => {
  it("returns every line as it was added, whatever its characters, whoever still holds earlier ones", () => {
    const anyBatch = fc.record({
      texts: fc.array(fc.string({ unit: "binary" }), { minLength: 1, maxLength: 4 }),
      isReleased: fc.boolean(),
      isLarge: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(anyBatch, { maxLength: 8 }), (batches) => {
        const open = new OpenBatch();
        const held: { batch: QueuedBatch; lines: string[] }[] = [];
        let sequence = 0;
        for (const { texts, isReleased, isLarge } of batches) {
          // As JSON.stringify makes them: lone surrogates are escaped.
          const lines = texts.map((text) => `${JSON.stringify(text.repeat(isLarge ? 20_000 : 1))}\n`);
          const firstSequence = sequence;
          for (const line of lines) {
            const bytes = open.put(line);
            expect(bytes).toBe(Buffer.byteLength(line));
            open.add(bytes, sequence);
            sequence += 1;
          }
          const batch = open.seal(1);
          expect(linesOf(batch)).toEqual(lines);
          expect(batch).toMatchObject({ count: lines.length, firstSequence, lastSequence: sequence - 1 });
          expect(open).toMatchObject({ count: 0, bytes: 0 });
          if (isReleased) batch.release?.();
          else held.push({ batch, lines });
        }
        for (const { batch, lines } of held) expect(linesOf(batch)).toEqual(lines);
      }),
      { numRuns: 50 },
    );
  });

  it("grows to what a line needs, also for characters of three bytes", () => {
    const open = new OpenBatch();
    const lines = [
      `${"€".repeat(100_000)}\n`,
      "a\n",
      `${"x".repeat(3_000_000)}\n`,
      `${"€".repeat(2_000_000)}\n`,
    ];
    lines.forEach((line, sequence) => {
      open.add(open.put(line), sequence);
    });
    expect(linesOf(open.seal(1))).toEqual(lines);
  });

  it.each([1, limits.minSharedBytes])(
    "hands over %i bytes that later lines do not change until everybody has released them",
    (size) => {
      const open = new OpenBatch();
      const line = (text: string): string => `${text.repeat(size)}\n`;
      open.add(open.put(line("a")), 0);
      const batch = open.seal(2);
      batch.release?.();
      open.add(open.put(line("b")), 1);
      expect(linesOf(batch)).toEqual([line("a")]);
    },
  );

  it("uses the same memory again and again when batches are released", () => {
    const open = new OpenBatch();
    const line = `${"x".repeat(1_000)}\n`;
    const seen = new Set<ArrayBufferLike>();
    for (let round = 0; round < 200; round += 1) {
      for (let sequence = 0; sequence < 500; sequence += 1) open.add(open.put(line), sequence);
      const batch = open.seal(1);
      seen.add(batch.bytes.buffer);
      batch.release?.();
    }
    // Those on the way to the full size, and no more than may be spare: 100 MB went through them.
    expect(seen.size).toBeLessThan(10);
  });

  it("lays large batches behind each other, so that they can be joined without copying", () => {
    const open = new OpenBatch();
    // Also behind what does not fit into the first, smaller pieces of memory.
    const line = `${"x".repeat(limits.firstChunkBytes)}\n`;
    const [, first, second] = [0, 1, 2].map((sequence) => {
      open.add(open.put(line), sequence);
      return open.seal(1);
    }) as [QueuedBatch, QueuedBatch, QueuedBatch];
    expect(second.bytes.buffer).toBe(first.bytes.buffer);
    expect(second.bytes.byteOffset).toBe(first.bytes.byteOffset + first.bytes.length);
  });

  it("does not hold a large piece of memory for a small batch", () => {
    const open = new OpenBatch();
    open.add(open.put("first\n"), 0);
    expect(open.seal(1).bytes.buffer.byteLength).toBe("first\n".length);
  });

  it("keeps a line that was written and not added through the sealing of what was before", () => {
    const open = new OpenBatch();
    open.add(open.put("first\n"), 0);
    const bytes = open.put("second\n");
    const first = open.seal(1);
    open.add(bytes, 1);
    expect([linesOf(first), linesOf(open.seal(1))]).toEqual([["first\n"], ["second\n"]]);
  });

  it("forgets a line that is taken back", () => {
    const open = new OpenBatch();
    const secret = "secret\n";
    expect(open.take(open.put(secret))).toBe(secret);
    expect(Buffer.from(open.chunk.bytes).includes("secret")).toBe(false);
    expect(open.chunk.length).toBe(limits.firstChunkBytes);
  });
});
