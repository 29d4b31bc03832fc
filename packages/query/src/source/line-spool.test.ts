import { type FileSystem, type Line, nodeFileSystem, StorageError } from "@prodigy-events/storage";
import { faultyFileSystem } from "@prodigy-events/test-kit";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { LineSpool } from "./line-spool.js";

const lists = fc.array(
  fc.array(fc.record({ text: fc.string({ unit: "grapheme", maxLength: 40 }), offset: fc.maxSafeNat() })),
  { maxLength: 5 },
);

const withLength = (list: readonly { text: string; offset: number }[]): Line[] =>
  list.map((line) => ({ ...line, length: Buffer.byteLength(line.text) }));

async function withSpool(fs: FileSystem, use: (spool: LineSpool) => Promise<void>): Promise<void> {
  const spool = new LineSpool(fs);
  try {
    await use(spool);
  } finally {
    await spool.close();
  }
}

describe("LineSpool", () => {
  it("gives back every list as it was, however its pieces are asked for", async () => {
    await fc.assert(
      fc.asyncProperty(lists, fc.integer({ min: 1, max: 100 }), async (given, chunkBytes) => {
        await withSpool(nodeFileSystem, async (spool) => {
          const added = given.map(withLength);
          const spooled = [];
          for (const lines of added) spooled.push(await spool.add(lines));
          const found: Line[][] = added.map(() => []);
          // All lists in turn, as a merge reads them.
          for (let isOpen = true; isOpen; ) {
            isOpen = false;
            for (const [at, list] of spooled.entries()) {
              const lines = await list.next(chunkBytes);
              if (lines.length > 0) isOpen = true;
              found[at]!.push(...lines);
            }
          }
          expect(found).toEqual(added);
        });
      }),
    );
  });

  it("says what it could not write", async () => {
    const disk = faultyFileSystem(nodeFileSystem, [{ operation: "write", nth: 1, error: "ENOSPC" }]);
    await withSpool(disk.fs, async (spool) => {
      const lines = withLength([{ text: "a", offset: 0 }]);
      await expect(spool.add(lines)).rejects.toThrow(StorageError);
    });
  });
});
