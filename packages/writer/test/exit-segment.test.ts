import { mkdirSync } from "node:fs";
import { rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { describe, expect, it } from "vitest";
import { encodeBatch, limits, type SegmentWriter, segmentWriter } from "../src/index.js";
import { numbers, readBack, sequencesIn } from "./read-back.js";
import { batchFrom, inDirectory, lineOf, type WriterScene, writerScene } from "./writer-scene.js";

const firstName = "events-20260101_120000_000-testproducer.jsonl";
const secondName = "events-20260101_120000_001-testproducer.jsonl";

async function openedWriter(): Promise<{ scene: WriterScene; writer: SegmentWriter }> {
  const scene = await writerScene();
  const writer = segmentWriter();
  await writer.open?.(scene.context);
  return { scene, writer };
}

/** What `writeSync` throws. */
function thrownBy(writer: SegmentWriter, batch = batchFrom(0, 2)): unknown {
  try {
    writer.writeSync?.(batch);
  } catch (error) {
    return error;
  }
  throw new Error("it did not throw");
}

describe("a segment written at exit", () => {
  it("keeps its name at the end: it was not rotated", async () => {
    const { scene, writer } = await openedWriter();
    writer.writeSync?.(batchFrom(0, 2));
    await writer.close();
    expect(await scene.names()).toEqual([firstName]);
    expect(writer.stats()).toMatchObject({ sealed: 1, compressed: 0 });
  });

  it("is not made for a batch that is confirmed already", async () => {
    const { scene, writer } = await openedWriter();
    await writer.write(batchFrom(0, 2));
    writer.writeSync?.(batchFrom(0, 2));
    writer.writeSync?.(batchFrom(0, 1));
    expect(await scene.names()).toEqual([firstName]);
    await writer.close();
  });

  it("counts once with the write that was in flight, though both have kept the batch", async () => {
    const { scene, writer } = await openedWriter();
    const batch = batchFrom(0, 2);
    scene.disk.add({ operation: "fdatasync", run: () => writer.writeSync?.(batch) });
    await writer.write(batch);
    await writer.close();
    expect(await readBack(scene.directory)).toMatchObject({ duplicates: 2, records: { length: 2 } });
    expect(writer.stats()).toMatchObject({ records: 2, bytes: batch.bytes.length, segments: 2 });
  });

  it("takes the next name when somebody has taken the first", async () => {
    const { scene, writer } = await openedWriter();
    await writeFile(inDirectory(scene, firstName), "someone else's\n");
    writer.writeSync?.(batchFrom(0, 1));
    expect(await scene.names()).toEqual([firstName, secondName]);
    await writer.close();
  });

  it("says so when a thousand names in a row are taken", async () => {
    const { scene, writer } = await openedWriter();
    scene.disk.add({ operation: "openSync", error: "EEXIST", times: "from then on" });
    expect(thrownBy(writer)).toMatchObject({
      name: "WriteError",
      code: "EEXIST",
      retryable: true,
      path: scene.directory,
      message: `cannot create a segment in ${scene.directory}: 1000 names in a row are taken; look what else creates events-*.jsonl files there`,
    });
    expect(scene.calls("openSync")).toBe(limits.maxNameAttempts);
    await writer.close();
  });

  it.each([
    {
      operation: "openSync",
      message: (path: string) =>
        `cannot create ${path}: this process has too many open files (EMFILE); raise the limit (ulimit -n)`,
      opened: 0,
    },
    {
      operation: "writeSync",
      message: (path: string) =>
        `cannot write ${path}: this process has too many open files (EMFILE); raise the limit (ulimit -n)`,
      opened: 1,
    },
  ])(
    "says what $operation reports, and leaves no descriptor open",
    async ({ operation, message, opened }) => {
      const { scene, writer } = await openedWriter();
      scene.disk.add({ operation, error: "EMFILE" });
      const path = inDirectory(scene, firstName);
      expect(thrownBy(writer)).toMatchObject({ code: "EMFILE", path, message: message(path) });
      expect(scene.calls("closeSync")).toBe(opened);
      await writer.close();
    },
  );

  it("says how much it has kept when its time is over", async () => {
    const { scene, writer } = await openedWriter();
    // Every write takes one second and a half.
    scene.disk.add({ operation: "writeSync", times: "from then on", run: () => scene.clock.advance(1_500) });
    const lines = numbers(4).map((sequence) => lineOf(sequence, "x".repeat(700_000)));
    const path = inDirectory(scene, firstName);
    const kept = 2 * Buffer.byteLength(lines[0] ?? "");
    expect(thrownBy(writer, encodeBatch(lines, 0))).toMatchObject({
      code: "EXIT_BUDGET",
      retryable: false,
      path,
      message: `cannot finish ${path}: ${kept} of ${2 * kept} bytes written in 2000 ms`,
    });
    expect(await sequencesIn(scene.directory)).toEqual([0, 1]);
    expect(writer.stats().records).toBe(0);
    await writer.close();
  });
});

describe("the directory of a segment written at exit", () => {
  async function withoutDirectory(): Promise<{ scene: WriterScene; writer: SegmentWriter }> {
    const opened = await openedWriter();
    await rm(opened.scene.directory, { recursive: true });
    return opened;
  }

  it("is not made where there is one", async () => {
    const { scene, writer } = await openedWriter();
    writer.writeSync?.(batchFrom(0, 1));
    expect(scene.calls("mkdirSync")).toBe(0);
    await writer.close();
  });

  it("may be made by another process at the same moment", async () => {
    const { scene, writer } = await withoutDirectory();
    scene.disk.add({ operation: "mkdirSync", run: () => mkdirSync(scene.directory) });
    writer.writeSync?.(batchFrom(0, 1));
    expect(await scene.names()).toEqual([firstName]);
    await writer.close();
  });

  it("is made with all that is missing above it", async () => {
    const { scene, writer } = await withoutDirectory();
    await rm(dirname(dirname(scene.directory)), { recursive: true });
    writer.writeSync?.(batchFrom(0, 1));
    expect(await sequencesIn(scene.directory)).toEqual([0]);
    await writer.close();
  });

  it.each([
    { code: "EACCES", what: "where it may not be made", times: "once" },
    {
      code: "ENOENT",
      what: "where not even the root is there, as on a drive that is gone",
      times: "from then on",
    },
  ] as const)("is given up with $code $what", async ({ code, times }) => {
    const { scene, writer } = await withoutDirectory();
    scene.disk.add({ operation: "mkdirSync", error: code, times });
    expect(thrownBy(writer)).toMatchObject({ name: "WriteError", code, path: inDirectory(scene, firstName) });
    scene.disk.heal();
    await writer.close();
  });
});
