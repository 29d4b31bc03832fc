import { appendFile, readFile, truncate } from "node:fs/promises";
import { hasManifest, nodeFileSystem } from "@prodigy-events/storage";
import { describe, expect, it } from "vitest";
import { type EncodedBatch, encodeBatch, type SegmentWriter, segmentWriter } from "../src/index.js";
import { numbers, readBack, sequencesIn } from "./read-back.js";
import { batchFrom, inDirectory, lineOf, type WriterScene, writerScene } from "./writer-scene.js";

const firstName = "events-20260101_120000_000-testproducer.jsonl";
const secondName = "events-20260101_120000_001-testproducer.jsonl";
const isSegment = /events-[^/]*\.jsonl$/;
const interrupted = batchFrom(2, 10);

/** A writer that has confirmed two records, and of the next batch put 777 bytes into the file when the disk was full. */
async function interruptedWriter(): Promise<{ scene: WriterScene; writer: SegmentWriter }> {
  const scene = await writerScene();
  const writer = segmentWriter();
  await writer.open?.(scene.context);
  await writer.write(batchFrom(0, 2));
  scene.disk.add({ operation: "write", path: isSegment, shortWriteBytes: 777 });
  scene.disk.add({ operation: "write", path: isSegment, nth: 2, error: "ENOSPC" });
  await expect(writer.write(interrupted)).rejects.toMatchObject({ code: "ENOSPC" });
  return { scene, writer };
}

/** The warning about a segment that was left, and why. */
function leftBehind(path: string, reason: string) {
  const what = "was left without a manifest, and records go on in another segment";
  return { code: "SEGMENT_ABANDONED", message: `${path} ${what}: ${reason}`, path };
}

describe("an interrupted batch", () => {
  it.each([
    { what: "cut short", disturb: (path: string) => truncate(path, 10) },
    { what: "added to", disturb: (path: string) => appendFile(path, "x".repeat(10_000)) },
  ])("goes whole into the next segment when the first was $what meanwhile", async ({ disturb }) => {
    const { scene, writer } = await interruptedWriter();
    const path = inDirectory(scene, firstName);
    await disturb(path);
    await writer.write(interrupted);
    await writer.close();
    expect(await readFile(inDirectory(scene, secondName))).toEqual(interrupted.bytes);
    expect(await hasManifest(scene.directory, firstName, nodeFileSystem)).toBe(false);
    const reason = `cannot append to ${path}: somebody else changed its size (SEGMENT_DISTURBED)`;
    expect(scene.warnings).toEqual([leftBehind(path, reason)]);
    expect(writer.stats()).toMatchObject({ segments: 2, sealed: 1, abandoned: 1 });
  });

  it("leaves its segment without a manifest when the writer is closed before it comes again", async () => {
    const { scene, writer } = await interruptedWriter();
    await writer.close();
    const path = inDirectory(scene, firstName);
    expect(scene.warnings).toEqual([leftBehind(path, "its last batch was not finished")]);
    expect(await hasManifest(scene.directory, firstName, nodeFileSystem)).toBe(false);
    expect(writer.stats()).toMatchObject({ records: 2, sealed: 0, abandoned: 1 });
    const { records, problems } = await readBack(scene.directory);
    expect(records.map(({ metadata }) => metadata.sequence).slice(0, 2)).toEqual([0, 1]);
    expect(problems.map(({ reason }) => reason)).toEqual(["tail"]);
  });

  it("leaves its segment when the exit path has kept it and another batch comes", async () => {
    const { scene, writer } = await interruptedWriter();
    writer.writeSync?.(interrupted);
    await writer.write(batchFrom(12, 2));
    await writer.close();
    const path = inDirectory(scene, firstName);
    expect(scene.warnings).toEqual([leftBehind(path, "the batch it holds a part of was kept elsewhere")]);
    expect(await hasManifest(scene.directory, firstName, nodeFileSystem)).toBe(false);
    expect(await sequencesIn(scene.directory)).toEqual(numbers(14));
    expect(writer.stats()).toMatchObject({ records: 14, segments: 3, sealed: 2, abandoned: 1 });
  });
});

describe("an interrupted batch that is larger than a segment may be", () => {
  /** Records of these numbers; all their lines are equally long. */
  function batchOfNumbers(sequences: number[]): EncodedBatch {
    const lines = sequences.map((sequence) => lineOf(sequence));
    return encodeBatch(lines, sequences[0] ?? 0, sequences.at(-1));
  }

  const whole = batchOfNumbers(numbers(11, 10));

  /** A writer of segments of two lines that has kept the first two of `whole` when the disk was full. */
  async function interruptedBetweenSegments(): Promise<{ scene: WriterScene; writer: SegmentWriter }> {
    const scene = await writerScene();
    const writer = segmentWriter({ maxSegmentBytes: 2 * lineOf(10).length + 10, compress: false });
    await writer.open?.(scene.context);
    scene.disk.add({ operation: "write", path: isSegment, nth: 2, error: "ENOSPC" });
    await expect(writer.write(whole)).rejects.toMatchObject({ code: "ENOSPC" });
    return { scene, writer };
  }

  it("goes on behind the segments that it has filled", async () => {
    const { scene, writer } = await interruptedBetweenSegments();
    await writer.write(whole);
    await writer.close();
    expect(await readBack(scene.directory)).toMatchObject({
      duplicates: 0,
      problems: [],
      records: { length: 11 },
    });
    expect(writer.stats()).toMatchObject({ records: 11, segments: 6, sealed: 6, abandoned: 0 });
    expect(scene.warnings).toEqual([]);
  });

  it.each([
    { what: "to another record", sequences: [10, ...numbers(10, 12)] },
    { what: "to the same record with one less", sequences: [10, ...numbers(9, 12)] },
  ])("gives way to one from the same record $what, which is kept whole", async ({ sequences }) => {
    const { scene, writer } = await interruptedBetweenSegments();
    await writer.write(batchOfNumbers(sequences));
    await writer.close();
    expect(await sequencesIn(scene.directory)).toEqual(expect.arrayContaining(sequences));
    expect(writer.stats()).toMatchObject({ records: sequences.length, abandoned: 1 });
  });
});
