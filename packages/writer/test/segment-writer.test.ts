import { readFile, stat } from "node:fs/promises";
import { gunzipSync } from "node:zlib";
import { listMembers, readManifest, readProducer, verifyAgainstManifest } from "@prodigy-events/storage";
import { describe, expect, it } from "vitest";
import { encodeBatch, segmentWriter, WriteError } from "../src/index.js";
import { numbers, readBack, sequencesIn } from "./read-back.js";
import { batchFrom, inDirectory, lineOf, producerId, writerScene } from "./writer-scene.js";

const firstName = "events-20260101_120000_000-testproducer.jsonl";

describe("a segment writer", () => {
  it("creates no segment before the first batch, but says who the producer is", async () => {
    const scene = await writerScene();
    const writer = segmentWriter();
    await writer.open?.(scene.context);
    expect(await scene.names()).toEqual([]);
    expect(await readProducer(scene.directory, producerId)).toMatchObject({ producerId, pid: process.pid });
    await writer.close();
    expect(await scene.names()).toEqual([]);
  });

  it("has done nothing before it is opened, and can be closed then", async () => {
    const writer = segmentWriter();
    const nothing = {
      records: 0,
      bytes: 0,
      segments: 0,
      sealed: 0,
      compressed: 0,
      retiring: 0,
      abandoned: 0,
    };
    expect(writer.stats()).toEqual(nothing);
    await writer.close();
    expect(writer.stats()).toEqual(nothing);
  });

  it("names the segment by time and producer, for its owner only", async () => {
    const scene = await writerScene();
    const writer = segmentWriter();
    await writer.open?.(scene.context);
    await writer.write(batchFrom(0, 3));
    expect(await scene.names()).toEqual([firstName]);
    expect((await stat(inDirectory(scene, firstName))).mode & 0o777).toBe(0o600);
    expect((await stat(scene.directory)).mode & 0o777).toBe(0o700);
    await writer.close();
  });

  it("has every byte of a batch in the file once the write resolves", async () => {
    const scene = await writerScene();
    const writer = segmentWriter();
    await writer.open?.(scene.context);
    const batches = [batchFrom(0, 3), batchFrom(3, 1), batchFrom(4, 20, "é€😀")];
    let expected = "";
    for (const batch of batches) {
      await writer.write(batch);
      expected += Buffer.from(batch.bytes).toString();
      expect(await readFile(inDirectory(scene, firstName), "utf8")).toBe(expected);
    }
    await writer.close();
  });

  it("states at a clean end what the segment holds, and keeps its name", async () => {
    const scene = await writerScene();
    const writer = segmentWriter();
    await writer.open?.(scene.context);
    await writer.write(batchFrom(5, 3));
    await writer.write(batchFrom(8, 4));
    scene.clock.advance(1_500);
    await writer.close();
    expect(await scene.names()).toEqual([firstName]);
    const manifest = await readManifest(scene.directory, firstName);
    expect(manifest).toMatchObject({
      segment: firstName,
      producerId,
      lines: 7,
      firstSequence: 5,
      lastSequence: 11,
      firstTimestamp: "2026-01-01T12:00:00.005Z",
      lastTimestamp: "2026-01-01T12:00:00.011Z",
      createdAt: "2026-01-01T12:00:00.000Z",
      closedAt: "2026-01-01T12:00:01.500Z",
    });
    if (manifest === undefined) throw new Error("no manifest");
    expect(await verifyAgainstManifest(inDirectory(scene, firstName), manifest)).toMatchObject({
      intact: true,
    });
  });

  it("takes a batch that it has confirmed before as done", async () => {
    const scene = await writerScene();
    const writer = segmentWriter();
    await writer.open?.(scene.context);
    await writer.write(batchFrom(0, 3));
    await writer.write(batchFrom(0, 3));
    await writer.write(batchFrom(1, 2));
    await writer.close();
    expect(await readBack(scene.directory)).toMatchObject({ duplicates: 0, records: { length: 3 } });
    const bytes = batchFrom(0, 3).bytes.length;
    expect(writer.stats()).toMatchObject({ records: 3, bytes, segments: 1, sealed: 1 });
  });

  it("writes batches in the order they were given, also when nobody waits in between", async () => {
    const scene = await writerScene();
    const writer = segmentWriter();
    await writer.open?.(scene.context);
    await Promise.all(numbers(20).map((index) => writer.write(batchFrom(index * 2, 2))));
    await writer.close();
    expect(await sequencesIn(scene.directory)).toEqual(numbers(40));
  });

  it.each([
    { durability: "fsync", syncs: 3, names: 1 },
    { durability: "flush", syncs: 0, names: 0 },
  ] as const)("calls fdatasync $syncs times for three batches with durability $durability", async (given) => {
    const scene = await writerScene();
    const writer = segmentWriter({ durability: given.durability });
    await writer.open?.(scene.context);
    const before = scene.calls("fsync", /job$/);
    for (const index of numbers(3)) await writer.write(batchFrom(index, 1));
    expect(scene.calls("fdatasync")).toBe(given.syncs);
    expect(scene.calls("fsync", /job$/) - before).toBe(given.names);
    await writer.close();
    // Whatever the mode, a segment is on the disk before its manifest says what is in it.
    expect(scene.calls("fdatasync")).toBe(Math.max(given.syncs, 1));
  });

  it("makes the name of a new segment durable before it confirms the first batch", async () => {
    const scene = await writerScene();
    const writer = segmentWriter();
    await writer.open?.(scene.context);
    const before = scene.disk.calls.length;
    await writer.write(batchFrom(0, 1));
    const operations = scene.disk.calls
      .slice(before)
      // Looking for what crashed producers left goes on beside.
      .filter(({ operation }) => operation !== "readdir")
      .map(({ operation, path }) => [operation, path]);
    const segment = inDirectory(scene, firstName);
    expect(operations).toEqual([
      ["open", segment],
      ["open", scene.directory],
      ["fsync", scene.directory],
      ["close", scene.directory],
      ["write", segment],
      ["fstat", segment],
      ["fdatasync", segment],
    ]);
    await writer.close();
  });

  it("takes the next free name when the clock stands still or steps back", async () => {
    const scene = await writerScene();
    const writer = segmentWriter({ maxSegmentBytes: 1, compress: false });
    await writer.open?.(scene.context);
    await writer.write(batchFrom(0, 1));
    await writer.write(batchFrom(1, 1));
    scene.clock.advance(-3_600_000);
    // Once the first segment has its last name, its first one is free again.
    await expect.poll(() => writer.stats().sealed, { timeout: 20_000 }).toBe(1);
    await writer.write(batchFrom(2, 1));
    await writer.close();
    expect(await scene.names()).toEqual([
      "events-20260101_120000_000-testproducer.jsonl.rotated",
      "events-20260101_120000_001-testproducer.jsonl.rotated",
      "events-20260101_120000_002-testproducer.jsonl",
    ]);
    expect(await sequencesIn(scene.directory)).toEqual([0, 1, 2]);
  });

  it("rejects batches before it is opened and after it is closed", async () => {
    const scene = await writerScene();
    const writer = segmentWriter();
    await expect(writer.write(batchFrom(0, 1))).rejects.toMatchObject({
      code: "NOT_OPEN",
      message: "the segment writer is not open; await open() before the first batch",
    });
    expect(() => writer.writeSync?.(batchFrom(0, 1))).toThrow(WriteError);
    await writer.open?.(scene.context);
    await writer.close();
    await writer.close();
    await expect(writer.write(batchFrom(0, 1))).rejects.toMatchObject({
      code: "WRITER_CLOSED",
      retryable: false,
    });
  });

  it("keeps lines that are no records, without times in the manifest", async () => {
    const scene = await writerScene();
    const writer = segmentWriter();
    await writer.open?.(scene.context);
    await writer.write(encodeBatch(["one\n", "two\n"], 0));
    await writer.close();
    const manifest = await readManifest(scene.directory, firstName);
    expect(manifest).toMatchObject({ lines: 2, firstSequence: 0, lastSequence: 1 });
    expect(manifest).not.toHaveProperty("firstTimestamp");
  });
});

describe("rotation", () => {
  it("goes on in a fresh segment when the next batch would pass the limit", async () => {
    const scene = await writerScene();
    const batches = numbers(5).map((index) => batchFrom(100 + index * 10, 10));
    const batchBytes = batches[0]?.bytes.length ?? 0;
    const writer = segmentWriter({ maxSegmentBytes: 2 * batchBytes, compress: false });
    await writer.open?.(scene.context);
    for (const batch of batches) {
      await writer.write(batch);
      scene.clock.advance(1_000);
    }
    await writer.close();
    const names = await scene.names();
    expect(names).toEqual([
      "events-20260101_120000_000-testproducer.jsonl.rotated",
      "events-20260101_120002_000-testproducer.jsonl.rotated",
      "events-20260101_120004_000-testproducer.jsonl",
    ]);
    const sizes = await Promise.all(names.map(async (name) => (await stat(inDirectory(scene, name))).size));
    expect(sizes).toEqual([2 * batchBytes, 2 * batchBytes, batchBytes]);
    expect(await sequencesIn(scene.directory)).toEqual(numbers(50, 100));
  });

  it("divides a batch that is larger than a segment may be, at line ends", async () => {
    const scene = await writerScene();
    const writer = segmentWriter({ maxSegmentBytes: 1_000, compress: false });
    await writer.open?.(scene.context);
    await writer.write(batchFrom(0, 1));
    await writer.write(batchFrom(1, 20));
    await writer.write(batchFrom(21, 1));
    await writer.close();
    const names = await scene.names();
    expect(names.length).toBeGreaterThan(5);
    let next = 0;
    for (const name of names) {
      const manifest = await readManifest(scene.directory, name.replace(".rotated", ""));
      expect(manifest?.bytes).toBeLessThanOrEqual(1_000);
      expect(manifest?.firstSequence).toBe(next);
      next = (manifest?.lastSequence ?? 0) + 1;
      expect(manifest?.lines).toBe(next - (manifest?.firstSequence ?? 0));
    }
    expect(next).toBe(22);
    expect(await readBack(scene.directory)).toMatchObject({ duplicates: 0, records: { length: 22 } });
  });

  it("rotates by age with the first batch after it", async () => {
    const scene = await writerScene();
    const writer = segmentWriter({ maxSegmentAgeMs: 60_000, compress: false });
    await writer.open?.(scene.context);
    await writer.write(batchFrom(0, 1));
    scene.clock.advance(59_999);
    await writer.write(batchFrom(1, 1));
    scene.clock.advance(1);
    await writer.write(batchFrom(2, 1));
    await writer.close();
    expect((await scene.names()).length).toBe(2);
    expect(await sequencesIn(scene.directory)).toEqual([0, 1, 2]);
  });

  it("keeps the crash-safe order: next opened, old durable and closed, manifest, name, directory", async () => {
    const scene = await writerScene();
    const writer = segmentWriter({ maxSegmentBytes: 1, compress: false, durability: "flush" });
    await writer.open?.(scene.context);
    await writer.write(batchFrom(0, 1));
    const before = scene.disk.calls.length;
    await writer.write(batchFrom(1, 1));
    await writer.close();
    const old = inDirectory(scene, firstName);
    const next = inDirectory(scene, "events-20260101_120000_001-testproducer.jsonl");
    const steps = scene.disk.calls.slice(before).map(({ operation, path = "" }) => {
      const what = path.includes(".manifest") && operation === "rename" ? "manifest" : path;
      return `${operation} ${what}`;
    });
    const order = [`open ${next}`, `fdatasync ${old}`, `close ${old}`, "rename manifest", `rename ${old}`];
    const places = order.map((step) => steps.indexOf(step));
    expect(places).not.toContain(-1);
    expect(places).toEqual([...places].sort((a, b) => a - b));
    expect(steps.indexOf(`fsync ${scene.directory}`, places.at(-1))).toBeGreaterThan(-1);
  });

  it("compresses rotated segments into members and removes the plain file", async () => {
    const scene = await writerScene();
    const writer = segmentWriter({ maxSegmentBytes: batchFrom(0, 150).bytes.length });
    await writer.open?.(scene.context);
    for (const index of numbers(3)) await writer.write(batchFrom(index * 100, 100));
    await writer.close();
    const names = await scene.names();
    expect(names.map((name) => name.replace(/^.*\.jsonl/, ".jsonl"))).toEqual([
      ".jsonl.rotated.gz",
      ".jsonl.rotated.gz",
      ".jsonl",
    ]);
    const compressed = inDirectory(scene, names[0] ?? "");
    expect(gunzipSync(await readFile(compressed)).equals(batchFrom(0, 100).bytes)).toBe(true);
    expect(await listMembers(compressed)).toHaveLength(1);
    expect((await stat(compressed)).mode & 0o777).toBe(0o600);
    expect(await sequencesIn(scene.directory)).toEqual(numbers(300));
    expect(writer.stats()).toMatchObject({
      records: 300,
      segments: 3,
      sealed: 3,
      compressed: 2,
      retiring: 0,
    });
    expect(scene.warnings).toEqual([]);
  });

  it("removes the plain file only after the compressed one is verified, renamed and its name durable", async () => {
    const scene = await writerScene();
    const writer = segmentWriter({ maxSegmentBytes: 1 });
    await writer.open?.(scene.context);
    await writer.write(batchFrom(0, 1));
    await writer.write(batchFrom(1, 1));
    await writer.close();
    const calls = scene.disk.calls.map(({ operation, path = "" }) => `${operation} ${path}`);
    const renamed = calls.findIndex((call) => /^rename .*\.rotated\.gz\.[0-9a-f]+\.tmp$/.test(call));
    const verified = calls.findIndex((call) => /^read .*\.rotated\.gz\.[0-9a-f]+\.tmp$/.test(call));
    const synced = calls.indexOf(`fsync ${scene.directory}`, renamed);
    const removed = calls.indexOf(`unlink ${inDirectory(scene, `${firstName}.rotated`)}`);
    expect(verified).toBeGreaterThan(-1);
    expect(renamed).toBeGreaterThan(verified);
    expect(synced).toBeGreaterThan(renamed);
    expect(removed).toBeGreaterThan(synced);
  });

  it("confirms batches while a compression is under way", async () => {
    const scene = await writerScene();
    let letGo: () => void = () => undefined;
    const held = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    // The compression's first step stands still until the test lets it go.
    scene.disk.add({ operation: "open", path: /\.rotated\.gz\..*\.tmp$/, run: () => held });
    const writer = segmentWriter({ maxSegmentBytes: 1 });
    await writer.open?.(scene.context);
    for (const index of numbers(5)) await writer.write(batchFrom(index, 1));
    expect(await sequencesIn(scene.directory)).toEqual(numbers(5));
    expect(writer.stats()).toMatchObject({ records: 5, compressed: 0 });
    await expect.poll(() => writer.stats().sealed, { timeout: 20_000 }).toBe(4);
    expect(writer.stats().retiring).toBe(4);
    letGo();
    await writer.close();
    expect(writer.stats()).toMatchObject({ compressed: 4, retiring: 0 });
    expect(await sequencesIn(scene.directory)).toEqual(numbers(5));
  });
});

describe("writeSync", () => {
  it("keeps a batch in a segment of its own before it returns", async () => {
    const scene = await writerScene();
    const writer = segmentWriter();
    await writer.open?.(scene.context);
    await writer.write(batchFrom(0, 2));
    writer.writeSync?.(batchFrom(2, 3));
    expect((await scene.names()).length).toBe(2);
    expect(await sequencesIn(scene.directory)).toEqual(numbers(5));
    expect(scene.calls("fsyncSync")).toBe(1);
  });

  it("lets the writer go on in the segment it had, and seals both at the end", async () => {
    const scene = await writerScene();
    const writer = segmentWriter();
    await writer.open?.(scene.context);
    await writer.write(batchFrom(0, 2));
    writer.writeSync?.(batchFrom(2, 3));
    await writer.write(batchFrom(2, 3));
    await writer.write(batchFrom(5, 2));
    await writer.close();
    const { records, duplicates } = await readBack(scene.directory);
    expect(records.map(({ metadata }) => metadata.sequence).sort()).toEqual(numbers(7));
    expect(duplicates).toBe(0);
    expect(writer.stats()).toMatchObject({ records: 7, segments: 2, sealed: 2 });
  });

  it("does not touch what an asynchronous write has in flight", async () => {
    const scene = await writerScene();
    const writer = segmentWriter();
    await writer.open?.(scene.context);
    await writer.write(batchFrom(0, 1));
    const inFlight = writer.write(batchFrom(1, 50));
    writer.writeSync?.(batchFrom(1, 50));
    await inFlight;
    await writer.write(batchFrom(51, 1));
    await writer.close();
    const { records, problems } = await readBack(scene.directory);
    expect(records.length).toBe(52);
    expect(problems).toEqual([]);
    expect(writer.stats().records).toBe(52);
  });

  it("makes the directory when it is missing", async () => {
    const scene = await writerScene({
      faults: [{ operation: "mkdir", error: "EACCES", times: "from then on" }],
    });
    const writer = segmentWriter();
    await expect(writer.open?.(scene.context)).rejects.toMatchObject({ code: "EACCES" });
    writer.writeSync?.(batchFrom(0, 2));
    expect(await sequencesIn(scene.directory)).toEqual([0, 1]);
  });

  it("writes large batches in slices that end with a line", async () => {
    const scene = await writerScene();
    const writer = segmentWriter();
    await writer.open?.(scene.context);
    const lines = [
      lineOf(0, "x".repeat(600_000)),
      lineOf(1, "y".repeat(2_500_000)),
      lineOf(2),
      lineOf(3, "z".repeat(900_000)),
    ];
    writer.writeSync?.(encodeBatch(lines, 0));
    expect(await sequencesIn(scene.directory)).toEqual(numbers(4));
    expect(scene.calls("writeSync")).toBe(3);
  });

  it("ends in time with whole lines and says that not everything was kept", async () => {
    const scene = await writerScene();
    const writer = segmentWriter();
    await writer.open?.(scene.context);
    // Every write takes two seconds.
    scene.disk.add({ operation: "writeSync", times: "from then on", run: () => scene.clock.advance(2_000) });
    const lines = numbers(4).map((sequence) => lineOf(sequence, "x".repeat(700_000)));
    expect(() => writer.writeSync?.(encodeBatch(lines, 0))).toThrow(/of \d+ bytes written in 2000 ms/);
    expect(await sequencesIn(scene.directory)).toEqual([0]);
  });

  it.each(["openSync", "writeSync", "fsyncSync"])("throws what %s reports", async (operation) => {
    const scene = await writerScene({ faults: [{ operation, error: "ENOSPC" }] });
    const writer = segmentWriter();
    await writer.open?.(scene.context);
    expect(() => writer.writeSync?.(batchFrom(0, 2))).toThrow(expect.objectContaining({ code: "ENOSPC" }));
    // Nothing was confirmed: the batch can still be written.
    await writer.write(batchFrom(0, 2));
    await writer.close();
    expect(await sequencesIn(scene.directory)).toEqual([0, 1]);
  });
});
