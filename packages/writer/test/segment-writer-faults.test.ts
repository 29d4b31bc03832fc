import { rm, truncate, writeFile } from "node:fs/promises";
import { hasManifest, nodeFileSystem } from "@prodigy-events/storage";
import { describe, expect, it } from "vitest";
import { type EncodedBatch, limits, type SegmentWriter, segmentWriter, WriteError } from "../src/index.js";
import { numbers, readBack, sequencesIn } from "./read-back.js";
import { batchFrom, inDirectory, writerScene } from "./writer-scene.js";

const firstName = "events-20260101_120000_000-testproducer.jsonl";
const secondName = "events-20260101_120000_001-testproducer.jsonl";
const isSegment = /events-[^/]*\.jsonl$/;

/** Writes as a logger does: the same batch again until it is confirmed. Returns the rejections. */
async function writeUntilConfirmed(writer: SegmentWriter, batch: EncodedBatch): Promise<WriteError[]> {
  const rejections: WriteError[] = [];
  for (;;) {
    try {
      await writer.write(batch);
      return rejections;
    } catch (error) {
      if (!(error instanceof WriteError) || rejections.length > 10) throw error;
      rejections.push(error);
    }
  }
}

describe("a full disk", () => {
  it.each(["ENOSPC", "EDQUOT", "EFBIG", "EAGAIN"])(
    "keeps the segment after %s and goes on at the exact byte",
    async (code) => {
      const scene = await writerScene();
      const writer = segmentWriter();
      await writer.open?.(scene.context);
      await writer.write(batchFrom(0, 2));
      const batch = batchFrom(2, 10);
      scene.disk.add({ operation: "write", path: isSegment, shortWriteBytes: 777 });
      scene.disk.add({ operation: "write", path: isSegment, nth: 2, error: code });
      await expect(writer.write(batch)).rejects.toMatchObject({ name: "WriteError", code, retryable: true });
      const written = scene.calls("write", isSegment);
      await writer.write(batch);
      await writer.close();
      const resumed = scene.disk.calls.filter(({ operation }) => operation === "write")[written];
      expect(resumed?.args[2]).toBe(777);
      expect(await scene.names()).toEqual([firstName]);
      expect(await readBack(scene.directory)).toMatchObject({
        duplicates: 0,
        problems: [],
        records: { length: 12 },
      });
      expect(writer.stats().abandoned).toBe(0);
    },
  );

  it("believes the file's size, not the result of a write that was carried out and then reported as failed", async () => {
    const scene = await writerScene();
    const writer = segmentWriter();
    await writer.open?.(scene.context);
    scene.disk.add({ operation: "write", path: isSegment, error: "ENOSPC", when: "after" });
    const batch = batchFrom(0, 5);
    await expect(writer.write(batch)).rejects.toMatchObject({ code: "ENOSPC" });
    await writer.write(batch);
    await writer.close();
    expect(scene.calls("write", isSegment)).toBe(1);
    expect(await readBack(scene.directory)).toMatchObject({ duplicates: 0, records: { length: 5 } });
  });

  it("confirms a batch that arrives in many short writes", async () => {
    const scene = await writerScene({
      faults: [{ operation: "write", path: isSegment, shortWriteBytes: 100, times: "from then on" }],
    });
    const writer = segmentWriter();
    await writer.open?.(scene.context);
    await writer.write(batchFrom(0, 5));
    await writer.close();
    expect(await sequencesIn(scene.directory)).toEqual(numbers(5));
    expect(scene.calls("write", isSegment)).toBeGreaterThan(10);
  });

  it("stays on the old segment, past its limit, while the next one cannot be opened", async () => {
    const scene = await writerScene();
    const writer = segmentWriter({ maxSegmentBytes: 1, compress: false });
    await writer.open?.(scene.context);
    await writer.write(batchFrom(0, 1));
    scene.disk.add({ operation: "open", path: isSegment, error: "EMFILE", times: "from then on" });
    for (const index of numbers(3, 1)) await writer.write(batchFrom(index, 1));
    expect(await scene.names()).toEqual([firstName]);
    scene.disk.heal();
    await writer.write(batchFrom(4, 1));
    await writer.close();
    expect(await scene.names()).toEqual([`${firstName}.rotated`, secondName]);
    expect(await sequencesIn(scene.directory)).toEqual(numbers(5));
    const path = inDirectory(scene, firstName);
    const reason = `cannot create ${inDirectory(scene, secondName)}: this process has too many open files (EMFILE); raise the limit (ulimit -n)`;
    const message = `${path} grows past its limit, since the next segment cannot be opened: ${reason}`;
    expect(scene.warnings).toEqual([{ code: "ROTATION_POSTPONED", message, path }]);
  });

  it("warns again when the rotation has to wait a second time", async () => {
    const scene = await writerScene();
    const writer = segmentWriter({ maxSegmentBytes: 1, compress: false });
    await writer.open?.(scene.context);
    await writer.write(batchFrom(0, 1));
    for (const index of numbers(2)) {
      scene.disk.add({ operation: "open", path: isSegment, error: "EMFILE" });
      await writer.write(batchFrom(2 * index + 1, 1));
      await writer.write(batchFrom(2 * index + 2, 1));
    }
    await writer.close();
    expect(scene.warnings).toMatchObject([
      { code: "ROTATION_POSTPONED", path: inDirectory(scene, firstName) },
      { code: "ROTATION_POSTPONED", path: inDirectory(scene, secondName) },
    ]);
  });

  it("neither rotates nor compresses while a batch cannot be written", async () => {
    const scene = await writerScene();
    const writer = segmentWriter({ maxSegmentBytes: 1 });
    await writer.open?.(scene.context);
    await writer.write(batchFrom(0, 1));
    let letGo: () => void = () => undefined;
    const held = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    // The sealing of the first segment stands still until the next batch has failed.
    scene.disk.add({ operation: "rename", path: /\.manifest/, run: () => held });
    scene.disk.add({ operation: "write", path: isSegment, error: "ENOSPC" });
    await expect(writer.write(batchFrom(1, 1))).rejects.toMatchObject({ code: "ENOSPC" });
    letGo();
    await expect.poll(() => writer.stats().sealed, { timeout: 20_000 }).toBe(1);
    expect(await scene.names()).toEqual([`${firstName}.rotated`, secondName]);
    await writer.write(batchFrom(1, 1));
    await writer.close();
    expect(await scene.names()).toEqual([`${firstName}.rotated.gz`, secondName]);
  });
});

describe("a failing disk", () => {
  it.each([
    { operation: "write", attempt: "write" },
    { operation: "fstat", attempt: "fstat" },
    { operation: "fdatasync", attempt: "fsync" },
  ])("says why it left a segment, and where, when $operation fails", async ({ operation, attempt }) => {
    const scene = await writerScene();
    const writer = segmentWriter();
    await writer.open?.(scene.context);
    scene.disk.add({ operation, path: isSegment, error: "EIO" });
    await writer.write(batchFrom(0, 1));
    await writer.close();
    const path = inDirectory(scene, firstName);
    const reason = `cannot ${attempt} ${path}: input/output error (EIO); the disk may be failing: check the kernel log (dmesg) and back up`;
    const message = `${path} was left without a manifest, and records go on in another segment: ${reason}`;
    expect(scene.warnings).toEqual([{ code: "SEGMENT_ABANDONED", message, path }]);
    expect(writer.stats()).toMatchObject({ segments: 2, sealed: 1, abandoned: 1 });
  });

  it("rejects, instead of trying for ever, when the system takes no bytes", async () => {
    const scene = await writerScene();
    const writer = segmentWriter();
    await writer.open?.(scene.context);
    scene.disk.add({ operation: "write", path: isSegment, shortWriteBytes: 0, times: "from then on" });
    const path = inDirectory(scene, secondName);
    await expect(writer.write(batchFrom(0, 1))).rejects.toMatchObject({
      name: "WriteError",
      code: "NO_PROGRESS",
      retryable: true,
      path,
      message: `cannot append to ${path}: the system took no bytes (NO_PROGRESS)`,
    });
    scene.disk.heal();
    await writer.write(batchFrom(0, 1));
    await writer.close();
    expect(await sequencesIn(scene.directory)).toEqual([0]);
  });

  it("leaves nothing behind of a segment whose name cannot be made durable", async () => {
    const scene = await writerScene();
    const writer = segmentWriter();
    await writer.open?.(scene.context);
    scene.disk.add({ operation: "fsync", path: /job$/, error: "EIO" });
    await expect(writer.write(batchFrom(0, 1))).rejects.toMatchObject({ name: "WriteError", code: "EIO" });
    expect(await scene.names()).toEqual([]);
    expect(scene.calls("close", isSegment)).toBe(1);
    await writer.write(batchFrom(0, 1));
    await writer.close();
    expect(await sequencesIn(scene.directory)).toEqual([0]);
  });

  it("puts the batch whole into the next segment after EIO from a write", async () => {
    const scene = await writerScene();
    const writer = segmentWriter();
    await writer.open?.(scene.context);
    await writer.write(batchFrom(0, 2));
    scene.disk.add({ operation: "write", path: isSegment, shortWriteBytes: 777 });
    scene.disk.add({ operation: "write", path: isSegment, nth: 2, error: "EIO" });
    await writer.write(batchFrom(2, 10));
    await writer.close();
    expect(await scene.names()).toEqual([firstName, secondName]);
    const { records, problems } = await readBack(scene.directory);
    expect(records.map(({ metadata }) => metadata.sequence)).toEqual(numbers(12));
    expect(problems.map(({ reason }) => reason)).toEqual(["tail"]);
    expect(scene.warnings.map(({ code }) => code)).toEqual(["SEGMENT_ABANDONED"]);
    // Nothing is stated about a segment that was left in the middle of a batch.
    expect(await hasManifest(scene.directory, firstName, nodeFileSystem)).toBe(false);
    expect(await hasManifest(scene.directory, secondName, nodeFileSystem)).toBe(true);
  });

  it("rejects after EIO in the next segment too, and goes on when the disk is back", async () => {
    const scene = await writerScene();
    const writer = segmentWriter();
    await writer.open?.(scene.context);
    scene.disk.add({ operation: "write", path: isSegment, error: "EIO", times: "from then on" });
    await expect(writer.write(batchFrom(0, 3))).rejects.toMatchObject({ code: "EIO", retryable: true });
    expect(scene.calls("write", isSegment)).toBe(2);
    scene.disk.heal();
    await writer.write(batchFrom(0, 3));
    await writer.close();
    expect(await sequencesIn(scene.directory)).toEqual(numbers(3));
  });

  it.each(["EIO", "ENOSPC"])("never syncs a descriptor again whose sync failed with %s", async (code) => {
    const scene = await writerScene();
    const writer = segmentWriter();
    await writer.open?.(scene.context);
    await writer.write(batchFrom(0, 2));
    scene.disk.add({ operation: "fdatasync", error: code });
    await writer.write(batchFrom(2, 3));
    await writer.write(batchFrom(5, 1));
    await writer.close();
    const synced = scene.disk.calls.filter(({ operation }) => /^f(data)?sync$/.test(operation));
    const ofFirst = synced.filter(({ path }) => path === inDirectory(scene, firstName));
    expect(ofFirst.map(({ injected }) => injected !== undefined)).toEqual([false, true]);
    const { records, duplicates } = await readBack(scene.directory);
    expect(records.map(({ metadata }) => metadata.sequence)).toEqual(numbers(6));
    // Everything since the last good sync is in both, and has the same identity.
    expect(duplicates).toBe(3);
    expect(await hasManifest(scene.directory, firstName, nodeFileSystem)).toBe(false);
  });

  it("leaves a segment without a manifest when it cannot be made durable at the end", async () => {
    const scene = await writerScene();
    const writer = segmentWriter({ durability: "flush" });
    await writer.open?.(scene.context);
    await writer.write(batchFrom(0, 2));
    scene.disk.add({ operation: "fdatasync", error: "EIO", times: "from then on" });
    await writer.close();
    expect(scene.calls("fdatasync")).toBe(1);
    expect(await hasManifest(scene.directory, firstName, nodeFileSystem)).toBe(false);
    const path = inDirectory(scene, firstName);
    const message = `${path} could not be made durable and stays without a manifest: cannot fsync ${path}: input/output error (EIO); the disk may be failing: check the kernel log (dmesg) and back up`;
    expect(scene.warnings).toEqual([{ code: "SEGMENT_UNSEALED", message, path }]);
    expect(await sequencesIn(scene.directory)).toEqual([0, 1]);
  });

  it("keeps the plain segment when compression fails, and compresses it later", async () => {
    const scene = await writerScene();
    scene.disk.add({ operation: "write", path: /\.gz\..*\.tmp$/, error: "ENOSPC" });
    const writer = segmentWriter({ maxSegmentBytes: 1 });
    await writer.open?.(scene.context);
    await writer.write(batchFrom(0, 1));
    await writer.write(batchFrom(1, 1));
    await expect
      .poll(() => scene.warnings.map(({ code }) => code), { timeout: 20_000 })
      .toEqual(["COMPRESSION_POSTPONED"]);
    const path = inDirectory(scene, firstName);
    expect(scene.warnings).toMatchObject([
      {
        path,
        message: expect.stringContaining(`${path} is not compressed yet; its records are safe: cannot `),
      },
    ]);
    expect(await scene.names()).toEqual([`${firstName}.rotated`, secondName]);
    expect(await sequencesIn(scene.directory)).toEqual([0, 1]);
    await writer.close();
    expect(await scene.names()).toEqual([`${firstName}.rotated.gz`, secondName]);
    expect(await sequencesIn(scene.directory)).toEqual([0, 1]);
  });

  it.each([
    { step: "the manifest", fault: { operation: "rename", path: /\.manifest/ } },
    { step: "the rename to .rotated", fault: { operation: "rename", path: isSegment } },
    { step: "the removal of the plain file", fault: { operation: "unlink", path: /\.rotated$/ } },
  ])("finishes a rotation in which $step failed once", async ({ fault }) => {
    const scene = await writerScene({ faults: [{ ...fault, error: "EIO" }] });
    const writer = segmentWriter({ maxSegmentBytes: 1 });
    await writer.open?.(scene.context);
    await writer.write(batchFrom(0, 1));
    await writer.write(batchFrom(1, 1));
    await writer.close();
    expect(scene.warnings).toHaveLength(1);
    expect(await scene.names()).toEqual([`${firstName}.rotated.gz`, secondName]);
    expect(await sequencesIn(scene.directory)).toEqual([0, 1]);
  });

  it("finishes a rotation in which the directory could not be synced after the rename", async () => {
    const scene = await writerScene();
    const syncFails = (): void => scene.disk.add({ operation: "fsync", path: /job$/, error: "EIO" });
    scene.disk.add({ operation: "rename", path: isSegment, run: syncFails });
    const writer = segmentWriter({ maxSegmentBytes: 1 });
    await writer.open?.(scene.context);
    await writer.write(batchFrom(0, 1));
    await writer.write(batchFrom(1, 1));
    await writer.close();
    const path = inDirectory(scene, firstName);
    const message = `${path} is not sealed yet; its records are safe: cannot fsync the directory ${scene.directory}: input/output error (EIO); the disk may be failing: check the kernel log (dmesg) and back up`;
    expect(scene.warnings).toEqual([{ code: "SEAL_POSTPONED", message, path }]);
    expect(await scene.names()).toEqual([`${firstName}.rotated.gz`, secondName]);
  });

  it("does not bring back a segment that a clean took away while it was being compressed", async () => {
    const scene = await writerScene();
    const rotated = inDirectory(scene, `${firstName}.rotated`);
    scene.disk.add({ operation: "rename", path: /\.gz\..*\.tmp$/, run: () => rm(rotated) });
    const writer = segmentWriter({ maxSegmentBytes: 1 });
    await writer.open?.(scene.context);
    await writer.write(batchFrom(0, 1));
    await writer.write(batchFrom(1, 1));
    await writer.close();
    expect(await scene.names()).toEqual([secondName]);
  });

  it("keeps the compressed segment when removing the plain one was reported as failed and was not", async () => {
    const scene = await writerScene();
    scene.disk.add({ operation: "unlink", path: /\.rotated$/, error: "EIO", when: "after" });
    const writer = segmentWriter({ maxSegmentBytes: 1 });
    await writer.open?.(scene.context);
    await writer.write(batchFrom(0, 1));
    await writer.write(batchFrom(1, 1));
    await writer.close();
    expect(await scene.names()).toEqual([`${firstName}.rotated.gz`, secondName]);
    expect(await sequencesIn(scene.directory)).toEqual([0, 1]);
    expect(scene.warnings).toMatchObject([{ code: "COMPRESSION_POSTPONED" }]);
    expect(writer.stats()).toMatchObject({ compressed: 1, retiring: 0 });
  });

  it("gives up the compression of a segment that is gone", async () => {
    const scene = await writerScene();
    const rotated = inDirectory(scene, `${firstName}.rotated`);
    scene.disk.add({ operation: "open", path: rotated, run: () => rm(rotated) });
    const writer = segmentWriter({ maxSegmentBytes: 1 });
    await writer.open?.(scene.context);
    await writer.write(batchFrom(0, 1));
    await writer.write(batchFrom(1, 1));
    await writer.close();
    const path = inDirectory(scene, firstName);
    expect(scene.warnings).toMatchObject([
      { code: "COMPRESSION_FAILED", message: expect.stringContaining(`${path} is not compressed; `), path },
    ]);
    expect(writer.stats()).toMatchObject({ sealed: 2, compressed: 0, retiring: 0 });
  });

  it("does not try to compress what turns out to differ from its manifest", async () => {
    const scene = await writerScene();
    const writer = segmentWriter({ maxSegmentBytes: 1 });
    await writer.open?.(scene.context);
    await writer.write(batchFrom(0, 1));
    const rotated = inDirectory(scene, `${firstName}.rotated`);
    // Between the rename and the compression a bit rots.
    scene.disk.add({ operation: "open", path: rotated, run: () => writeFile(rotated, "rotten\n") });
    await writer.write(batchFrom(1, 1));
    await writer.close();
    expect(await scene.names()).toEqual([`${firstName}.rotated`, secondName]);
    expect(scene.warnings).toMatchObject([
      { code: "COMPRESSION_FAILED", message: expect.stringContaining("differs from its manifest") },
    ]);
    expect(writer.stats().retiring).toBe(0);
  });
});

describe("somebody else at work in the directory", () => {
  it("makes the directory again and goes on when it was removed", async () => {
    const scene = await writerScene();
    const writer = segmentWriter();
    await writer.open?.(scene.context);
    await writer.write(batchFrom(0, 2));
    await rm(scene.directory, { recursive: true });
    await writer.write(batchFrom(2, 3));
    await writer.close();
    expect(await sequencesIn(scene.directory)).toEqual(numbers(3, 2));
    const path = inDirectory(scene, firstName);
    const reason = `cannot append to ${path}: somebody removed the file (SEGMENT_GONE)`;
    const message = `${path} was left without a manifest, and records go on in another segment: ${reason}`;
    expect(scene.warnings).toEqual([{ code: "SEGMENT_ABANDONED", message, path }]);
  });

  it("leaves a segment that somebody truncated or appended to", async () => {
    const scene = await writerScene();
    const writer = segmentWriter();
    await writer.open?.(scene.context);
    await writer.write(batchFrom(0, 2));
    await truncate(inDirectory(scene, firstName), 10);
    await writer.write(batchFrom(2, 2));
    await writeFile(inDirectory(scene, secondName), "intruder\n", { flag: "a" });
    await writer.write(batchFrom(4, 2));
    await writer.close();
    for (const [index, name] of [firstName, secondName].entries()) {
      const path = inDirectory(scene, name);
      const reason = `cannot append to ${path}: somebody else changed its size (SEGMENT_DISTURBED)`;
      const message = `${path} was left without a manifest, and records go on in another segment: ${reason}`;
      expect(scene.warnings[index]).toEqual({ code: "SEGMENT_ABANDONED", message, path });
    }
    expect(writer.stats().abandoned).toBe(2);
    expect((await scene.names()).length).toBe(3);
  });

  it("never opens a file that is there already", async () => {
    const scene = await writerScene();
    const writer = segmentWriter();
    await writer.open?.(scene.context);
    await writeFile(inDirectory(scene, firstName), "someone else's\n");
    await writer.write(batchFrom(0, 1));
    await writer.close();
    expect(await scene.names()).toEqual([firstName, secondName]);
  });

  it("rejects when a thousand names in a row are taken, and says where to look", async () => {
    const scene = await writerScene();
    const writer = segmentWriter();
    await writer.open?.(scene.context);
    scene.disk.add({ operation: "open", path: isSegment, error: "EEXIST", times: "from then on" });
    await expect(writer.write(batchFrom(0, 1))).rejects.toMatchObject({
      name: "WriteError",
      code: "EEXIST",
      retryable: true,
      path: scene.directory,
      message: `cannot create a segment in ${scene.directory}: 1000 names in a row are taken; look what else creates events-*.jsonl files there`,
    });
    expect(scene.calls("open", isSegment)).toBe(limits.maxNameAttempts);
    scene.disk.heal();
    await writer.write(batchFrom(0, 1));
    await writer.close();
    expect(await scene.names()).toEqual([firstName]);
  });
});

describe("opening", () => {
  it.each(["EACCES", "EROFS", "ENOSPC"])("rejects with %s and can be tried again", async (code) => {
    const scene = await writerScene({ faults: [{ operation: "mkdir", error: code }] });
    const writer = segmentWriter();
    await expect(writer.open?.(scene.context)).rejects.toMatchObject({
      name: "WriteError",
      code,
      retryable: true,
    });
    await writer.open?.(scene.context);
    await writer.write(batchFrom(0, 1));
    await writer.close();
    expect(await sequencesIn(scene.directory)).toEqual([0]);
  });
});

describe("any single failing operation", () => {
  /** Everything a writer does: several segments, compression, exit path, close. */
  async function run(fault: { nth: number; error: string; when: "before" | "after" } | undefined) {
    const scene = await writerScene();
    const operation = [
      "open",
      "write",
      "fstat",
      "fdatasync",
      "fsync",
      "close",
      "rename",
      "unlink",
      "mkdir",
      "read",
    ];
    if (fault !== undefined) scene.disk.add({ operation, ...fault });
    const writer = segmentWriter({ maxSegmentBytes: 2_000 });
    const rejections: unknown[] = [];
    await writer.open?.(scene.context).catch((error: unknown) => {
      rejections.push(error);
      return writer.open?.(scene.context);
    });
    for (const index of numbers(4))
      rejections.push(...(await writeUntilConfirmed(writer, batchFrom(index * 4, 4))));
    await writer.close();
    const hits = scene.disk.calls.filter(({ injected }) => injected !== undefined).length;
    return { scene, writer, rejections, hits };
  }

  it.each([
    { error: "EIO", when: "before" },
    { error: "ENOSPC", when: "before" },
    { error: "EIO", when: "after" },
    { error: "ENOSPC", when: "after" },
  ] as const)(
    "$error $when any operation loses nothing, keeps the order and is told",
    async ({ error, when }) => {
      let operations = 0;
      for (let nth = 1; ; nth += 1) {
        const { scene, writer, rejections, hits } = await run({ nth, error, when });
        if (hits === 0) break;
        operations += 1;
        expect(await sequencesIn(scene.directory), `operation ${nth}`).toEqual(numbers(16));
        expect(writer.stats().records).toBe(16);
        // What fails by itself, such as a look for something that is not there, cannot be made to fail afterwards.
        if (when === "after") continue;
        const call = scene.disk.calls.find(({ injected }) => injected !== undefined);
        // What close reports changes nothing, so nobody needs to know.
        if (call?.operation === "close" || rejections.length > 0 || scene.warnings.length > 0) continue;
        throw new Error(`${error} ${when} ${call?.operation} of ${call?.path} was silent`);
      }
      expect(operations).toBeGreaterThan(60);
    },
  );
});

describe("an fsync that fails again and again", () => {
  it("takes one segment for each attempt, and leaves no copies of what nobody was told of", async () => {
    const scene = await writerScene();
    const writer = segmentWriter();
    await writer.open?.(scene.context);
    await writer.write(batchFrom(0, 2));
    scene.disk.add({ operation: "fdatasync", error: "EIO", times: "from then on" });
    for (let attempt = 1; attempt <= 5; attempt += 1) {
      await expect(writer.write(batchFrom(2, 3))).rejects.toMatchObject({ code: "EIO" });
      expect(writer.stats().segments).toBe(1 + attempt);
      // The first holds confirmed records, and the last is the newest copy of the others.
      expect((await scene.names()).length).toBe(2);
      expect(await sequencesIn(scene.directory)).toEqual(numbers(5));
    }
    scene.disk.heal();
    await writer.write(batchFrom(2, 3));
    expect((await scene.names()).length).toBe(2);
    await writer.close();
    expect(await sequencesIn(scene.directory)).toEqual(numbers(5));
  });

  it("keeps a copy when other records come in its place", async () => {
    const scene = await writerScene();
    const writer = segmentWriter();
    await writer.open?.(scene.context);
    scene.disk.add({ operation: "fdatasync", error: "EIO", times: "from then on" });
    await expect(writer.write(batchFrom(0, 3))).rejects.toMatchObject({ code: "EIO" });
    scene.disk.heal();
    await writer.write(batchFrom(3, 2));
    await writer.close();
    expect(await sequencesIn(scene.directory)).toEqual(numbers(5));
  });
});
