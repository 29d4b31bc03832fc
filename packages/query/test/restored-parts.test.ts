import { appendFile, mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { readManifest, writeManifest } from "@prodigy-events/storage";
import { type TemporaryDirectory, temporaryDirectory } from "@prodigy-events/test-kit";
import fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import { type FollowCursor, openStore } from "../src/index.js";
import { Taker } from "./taker.js";
import { recordAt, TestProducer } from "./test-producer.js";

const start = Date.UTC(2026, 0, 1);
const records = (count: number, ms = start) => Array.from({ length: count }, (_, at) => recordAt(ms + at));
const fromTo = (first: number, last: number) =>
  Array.from({ length: last - first + 1 }, (_, at) => first + at);

let root: TemporaryDirectory;
let directory: string;
beforeEach(async () => {
  root = await temporaryDirectory();
  directory = root.join("events", "repo", "job-1");
});

const archiveOf = (part: string) => `/archive/${part}`;
const numberOf = (line: string): number => JSON.parse(line).metadata.sequence;

/** Takes lines out of a rotated segment as clean does, the first of them `serial` times. Returns the part, not yet in place. */
async function cut(path: string, isTaken: (sequence: number) => boolean, serial = 0) {
  const content = await readFile(path, "utf8");
  const lines = content.split(/(?<=\n)/);
  const taken = lines.filter((line) => isTaken(numberOf(line)));
  const name = path.slice(directory.length + 1).replace(/\.rotated$/, "");
  const part = `${name.replace(".jsonl", `.part-${String(serial).padStart(16, "0")}.jsonl`)}.rotated`;
  const manifest = await readManifest(directory, name);
  if (manifest !== undefined) {
    const length = Buffer.byteLength(taken.join(""));
    await writeManifest(directory, { ...manifest, removed: [{ offset: 0, length, lines: taken.length }] });
  }
  await writeFile(join(directory, ".rest"), lines.filter((line) => !isTaken(numberOf(line))).join(""));
  await log("rewrite", name, taken.map(numberOf), part);
  await rename(join(directory, ".rest"), path);
  const restore = async () => {
    await log("restore", part, taken.map(numberOf), part);
    await writeFile(join(directory, ".part"), taken.join(""));
    await rename(join(directory, ".part"), join(directory, part));
  };
  return { part, restore };
}

async function log(action: string, segment: string, numbers: readonly number[], part: string) {
  await mkdir(join(directory, ".clean"), { recursive: true });
  const entry = { action, at: new Date().toISOString(), segment, lines: 1, bytes: 1 };
  const ranges: { producerId: string; first: number; last: number }[] = [];
  for (const number of numbers) {
    const range = ranges.at(-1);
    if (range?.last === number - 1) range.last = number;
    else ranges.push({ producerId: "prod1", first: number, last: number });
  }
  const line = JSON.stringify({ ...entry, ranges, archive: archiveOf(part) });
  await appendFile(join(directory, ".clean", "log"), `${line}\n`);
}

/** Follows until nothing comes any more, or so many have come. */
async function follow(cursor: FollowCursor | "beginning", limit = Number.POSITIVE_INFINITY) {
  const store = await openStore({ root: root.path, repo: "repo", local: false });
  const gaps: unknown[] = [];
  const stream = store.follow({}, { cursor, untilIdleMs: 0, onGap: (gap) => gaps.push(gap) });
  const sequences: number[] = [];
  for await (const { metadata } of stream) {
    sequences.push(metadata.sequence!);
    if (sequences.length >= limit) break;
  }
  return { sequences, gaps, cursor: JSON.parse(JSON.stringify(stream.cursor())) as FollowCursor };
}

describe("lines that clean took out of a segment, and that were brought back", () => {
  it("are no records that come once more, to a follow that has given them", async () => {
    const producer = new TestProducer(directory, "prod1");
    await producer.append(records(10));
    const path = await producer.rotate();
    const taker = await Taker.ofStore(root.path, {}, { cursor: "beginning" });
    await taker.has(10);
    await (await cut(path, (sequence) => sequence < 5)).restore();
    await producer.append(records(2, start + 20));
    await taker.has(12);
    await taker.stop();
    expect(taker.sequences.get("prod1")).toEqual(fromTo(0, 11));
    expect(taker.gaps).toEqual([]);
    expect(await follow(JSON.parse(JSON.stringify(taker.stream.cursor())))).toMatchObject({
      ...{ sequences: [], gaps: [] },
    });
  });

  it("come once to one that goes on in the middle of that segment", async () => {
    const producer = new TestProducer(directory, "prod1");
    await producer.append(records(10));
    await producer.seal(await readFile(producer.path), 9);
    const path = await producer.rotate();
    await producer.append(records(2, start + 20));
    const { cursor, sequences } = await follow("beginning", 3);
    expect(sequences).toEqual([0, 1, 2]);
    await (await cut(path, (sequence) => sequence < 6)).restore();
    const next = await follow(cursor);
    expect(next).toMatchObject({ sequences: fromTo(3, 11), gaps: [] });
    expect(await follow(next.cursor)).toMatchObject({ sequences: [], gaps: [] });
  });

  it("come to one that was told of them as removed, and the rest of them after it was ended there", async () => {
    const producer = new TestProducer(directory, "prod1");
    await producer.append(records(10));
    const path = await producer.rotate();
    await producer.append(records(2, start + 20));
    const { part, restore } = await cut(path, (sequence) => sequence < 6);
    const taker = await Taker.ofStore(root.path, {}, { cursor: "beginning" });
    await taker.has(6);
    expect(taker.gaps).toMatchObject([{ fromSequence: 0, toSequence: 5, archive: archiveOf(part) }]);
    await restore();
    await taker.has(12);
    await taker.stop();
    expect(taker.sequences.get("prod1")).toEqual([...fromTo(6, 11), ...fromTo(0, 5)]);
    expect(taker.gaps).toHaveLength(1);

    const store = await openStore({ root: root.path, repo: "repo", local: false });
    const another = await cut(path, (sequence) => sequence < 8, 1);
    const stream = store.follow({}, { cursor: "beginning", untilIdleMs: 1_000 });
    const taken: number[] = [];
    for await (const { metadata } of stream) {
      taken.push(metadata.sequence!);
      if (taken.length === 10) await another.restore();
      if (taken.length === 11) break;
    }
    expect(taken).toEqual([...fromTo(0, 5), ...fromTo(8, 11), 6]);
    const rest = await follow(JSON.parse(JSON.stringify(stream.cursor())));
    expect(rest).toMatchObject({ sequences: [7], gaps: [] });
  });

  it("are in the order of their numbers wherever they lie, each once however often a follow is ended", async () => {
    const places = fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 30, maxLength: 30 });
    const limits = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 30, maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(places, limits, async (placeOf, stops) => {
        root = await temporaryDirectory();
        directory = root.join("events", "repo", "job-1");
        const producer = new TestProducer(directory, "prod1");
        for (const first of [0, 10, 20]) {
          await producer.append(records(10, start + first));
          const path = await producer.rotate();
          for (const place of [1, 2])
            await (await cut(path, (sequence) => placeOf[sequence] === place, place)).restore();
        }
        const store = await openStore({ root: root.path, repo: "repo", local: false });
        expect((await store.verify()).sound).toBe(true);
        const all = await Taker.ofStore(root.path, {}, { history: Number.POSITIVE_INFINITY, untilIdleMs: 0 });
        await all.ended();
        expect([all.sequences.get("prod1"), all.gaps]).toEqual([fromTo(0, 29), []]);
        const taken: number[] = [];
        let cursor: FollowCursor | "beginning" = "beginning";
        for (const limit of stops) {
          const part = await follow(cursor, limit);
          taken.push(...part.sequences);
          expect(part.gaps).toEqual([]);
          cursor = part.cursor;
        }
        expect(taken).toEqual(fromTo(0, 29));
      }),
      { numRuns: 15 },
    );
  });

  it("are no gap in a copy that is made of them, and are read as the producer's there", async () => {
    const producer = new TestProducer(directory, "prod1");
    await producer.append(records(10));
    await (await cut(await producer.rotate(), (sequence) => sequence < 6)).restore();
    const to = (await temporaryDirectory()).join("repaired");
    const store = await openStore({ root: root.path, repo: "repo", local: false });
    await store.repair({ to });
    const copied = await readFile(join(to, "events", "repo", "job-1", ".clean", "log"), "utf8");
    expect(copied).not.toContain('"repair"');
    const repaired = await openStore({ root: to, repo: "repo", local: false });
    expect(await repaired.verify()).toMatchObject({ sound: true, totals: { records: 10 } });
  });

  it("are damage when they are another producer's", async () => {
    const producer = new TestProducer(directory, "prod1");
    await producer.append(records(10));
    const { part, restore } = await cut(await producer.rotate(), (sequence) => sequence < 6);
    await restore();
    const path = join(directory, part);
    await writeFile(path, (await readFile(path, "utf8")).replace('"prod1"', '"prod2"'));
    const store = await openStore({ root: root.path, repo: "repo", local: false });
    expect([...(await store.verify()).counts]).toEqual(
      expect.arrayContaining([
        ["foreign_record", 1],
        ["sequence_gap", 1],
      ]),
    );
  });
});
