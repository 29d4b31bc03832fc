import { spawn } from "node:child_process";
import { once } from "node:events";
import { appendFile, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type TemporaryDirectory, temporaryDirectory } from "@prodigy-events/test-kit";
import { beforeEach, describe, expect, it } from "vitest";
import { type FollowInput, type Gap, openStore } from "../src/index.js";
import { Taker } from "./taker.js";
import { compress, gzipWhole, recordAt, TestProducer } from "./test-producer.js";

const start = Date.UTC(2026, 0, 1);
const records = (count: number, ms = start) => Array.from({ length: count }, (_, at) => recordAt(ms + at));
const failed = (ms: number) => recordAt(ms, { event: { event_type: "agent_failed", agent_id: "a" } });
const all = Number.POSITIVE_INFINITY;

let root: TemporaryDirectory;
let directory: string;
let producer: TestProducer;
beforeEach(async () => {
  root = await temporaryDirectory();
  directory = root.join("events", "repo", "job-1");
  producer = new TestProducer(directory, "prod1");
});

/** Follows until nothing comes any more. */
async function follow(history: number, input: FollowInput = {}, files?: string[]) {
  const options = { history, untilIdleMs: 0 };
  const taker = files ? await Taker.ofFiles(files, options) : await Taker.ofStore(root.path, input, options);
  await taker.ended();
  return taker;
}

const told = (gaps: readonly Gap[]) =>
  gaps.map(({ producerId, fromSequence, toSequence }) => [producerId, fromSequence, toSequence]);

/** Notes in the log of clean what it removed. */
async function logClean(segment: string, first: number, last: number, archive: string) {
  await mkdir(join(directory, ".clean"), { recursive: true });
  const entry = { action: "remove", at: new Date().toISOString(), segment, lines: 1, bytes: 1, archive };
  const ranges = [{ producerId: "prod1", first, last }];
  await appendFile(join(directory, ".clean", "log"), `${JSON.stringify({ ...entry, ranges })}\n`);
}

describe("the history of a follow", () => {
  it.each([3, 10, all])(
    "tells which numbers are missing in it, with %d records of history",
    async (history) => {
      await producer.append(records(3));
      producer.skip(2);
      await producer.append(records(2, start + 10));
      const closed = await producer.rotate();
      producer.skip(1);
      await producer.append(records(2, start + 20));
      const { gaps } = await follow(history);
      expect(gaps).toEqual([
        { reason: "missing", producerId: "prod1", fromSequence: 3, toSequence: 4, path: closed },
        { reason: "missing", producerId: "prod1", fromSequence: 7, toSequence: 7, path: producer.path },
      ]);
    },
  );

  it("tells as much as a follow from the beginning does, and what is missing afterwards too, each once", async () => {
    await producer.register();
    await producer.append(records(2));
    producer.skip(2);
    await producer.append(records(2, start + 10));
    const taker = await Taker.ofStore(root.path);
    await taker.has(4);
    producer.skip(3);
    await producer.append(records(1, start + 20));
    await taker.has(5);
    await taker.stop();
    const fromBeginning = await Taker.ofStore(root.path, {}, { cursor: "beginning", untilIdleMs: 0 });
    await fromBeginning.ended();
    expect(told(taker.gaps)).toEqual([
      ["prod1", 2, 3],
      ["prod1", 6, 8],
    ]);
    expect(taker.gaps).toEqual(fromBeginning.gaps);
  });

  it.each([0, 10])(
    "tells what is missing after it although the newest segment was empty, with %d records",
    async (history) => {
      await producer.register();
      await producer.append(records(3));
      await producer.rotate();
      const other = new TestProducer(directory, "prod2", start + 9);
      await other.append(records(1));
      const taker = await Taker.ofStore(root.path, {}, { history });
      await expect.poll(() => taker.stream.cursor()).toBeDefined();
      producer.skip(4);
      await producer.append(records(2, start + 10));
      await taker.has(history === 0 ? 2 : 6);
      await taker.stop();
      expect(taker.sequences.get("prod1")).toEqual([...(history === 0 ? [] : [0, 1, 2]), 7, 8]);
      expect(taker.gaps).toEqual([
        { reason: "missing", producerId: "prod1", fromSequence: 3, toSequence: 6, path: producer.path },
      ]);
    },
  );

  it("gives nothing again that comes once more in the newest segment, which was empty", async () => {
    await producer.register();
    await producer.append(records(3));
    const last = (await readFile(producer.path, "utf8")).split("\n").at(-2)!;
    await producer.rotate();
    const taker = await Taker.ofStore(root.path);
    await taker.has(3);
    await producer.appendRaw(`${last}\n`);
    await producer.append(records(1, start + 10));
    await taker.has(4);
    await taker.stop();
    expect(taker).toMatchObject({ sequences: new Map([["prod1", [0, 1, 2, 3]]]), gaps: [] });
  });

  it("tells nothing before the first number that was read, nor without history", async () => {
    producer.skip(5);
    await producer.append(records(2));
    expect((await follow(all)).gaps).toEqual([]);
    producer.skip(5);
    await producer.append(records(2));
    expect((await follow(0)).gaps).toEqual([]);
  });

  it.each([10, all])(
    "takes what a record says was dropped for accounted for, with %d records",
    async (history) => {
      await producer.append(records(2));
      producer.skip(9);
      const range = { from_sequence: 4, to_sequence: 11 };
      const event = { event_type: "events_dropped", count: 8, ...range, reason: "queue_full" };
      await producer.append([recordAt(start + 9, { event }), failed(start + 10)]);
      expect(told((await follow(history)).gaps)).toEqual([["prod1", 2, 3]]);
      const filtered = await follow(history, { eventTypes: ["agent_failed"] });
      expect(filtered.lines).toHaveLength(1);
      expect(told(filtered.gaps)).toEqual([["prod1", 2, 3]]);
    },
  );

  it.each([10, all])("takes what a filter hides for read, with %d records", async (history) => {
    await producer.append([...records(20), failed(start + 20), ...records(20, start + 30)]);
    const hidden = await follow(history, { eventTypes: ["agent_failed"] });
    expect(hidden).toMatchObject({ gaps: [], sequences: new Map([["prod1", [20]]]) });
    producer.skip(4);
    await producer.append(records(1, start + 60));
    expect(told((await follow(history, { eventTypes: ["agent_failed"] })).gaps)).toEqual([["prod1", 41, 44]]);
  });

  it.each([3, all])(
    "names the archive of what clean removed from the middle, with %d records",
    async (history) => {
      await producer.append(records(2));
      await producer.rotate();
      await producer.append(records(3, start + 10));
      const middle = await producer.rotate();
      producer.skip(1);
      await producer.append(records(2, start + 20));
      await rm(middle);
      await logClean(producer.segments[1]!, 2, 4, "/archive/middle.gz");
      const { gaps } = await follow(history);
      const common = { producerId: "prod1", path: producer.path };
      expect(gaps).toEqual([
        {
          ...{ ...common, reason: "removed", fromSequence: 2, toSequence: 4 },
          ...{ removedBy: "clean", archive: "/archive/middle.gz" },
        },
        { ...common, reason: "missing", fromSequence: 5, toSequence: 5 },
      ]);
    },
  );

  it("tells of each producer what it misses", async () => {
    const other = new TestProducer(root.join("events", "repo", "job-2"), "prod2");
    await producer.append(records(2));
    await other.append(records(4));
    producer.skip(1);
    other.skip(2);
    await producer.append(records(2, start + 10));
    await other.append(records(1, start + 20));
    const complete = new TestProducer(directory, "prod3", start + 1);
    await complete.append(records(5));
    expect(told((await follow(12)).gaps)).toEqual([
      ["prod1", 2, 2],
      ["prod2", 4, 5],
    ]);
  });

  it("stops reading at its limit, and tells what it has seen until then", async () => {
    await producer.append(records(1_000));
    producer.skip(2);
    await producer.append(records(3_000, start + 1_000));
    producer.skip(3);
    await producer.append(records(20, start + 9_000));
    const { gaps, stream } = await follow(10);
    expect(told(gaps)).toEqual([["prod1", 4_002, 4_004]]);
    expect(stream.report.linesRead).toBeLessThan(1_000);
    expect(told((await follow(3_500)).gaps)).toEqual([
      ["prod1", 1_000, 1_001],
      ["prod1", 4_002, 4_004],
    ]);
  });
});

describe("the history of a follow tells no gap that may be none", () => {
  /** 100 numbers, and then a segment that begins with copies of the last of them, one of which is damaged. */
  async function repeatWithDamage() {
    await producer.append(records(100));
    const lines = (await readFile(producer.path, "utf8")).split("\n").slice(90, 100);
    const earlier = await producer.rotate();
    await producer.appendRaw(`${lines.with(5, "damaged").join("\n")}\n`);
    await producer.append(records(100, start + 200));
    return earlier;
  }

  it.each([1, 105, 150, all])("where an earlier copy fills it, with %d records", async (history) => {
    await repeatWithDamage();
    expect((await follow(history)).gaps).toEqual([]);
  });

  it("where the part of a segment that was not read may fill it", async () => {
    await producer.append(records(600));
    const copies = (await readFile(producer.path, "utf8")).split("\n").slice(400, 600);
    await producer.rotate();
    await producer.appendRaw(`${copies.with(10, "damaged").with(150, "damaged").join("\n")}\n`);
    await producer.append(records(50, start + 600));
    // All 248 of the later segment, and of the earlier one no more than up to the first that fills a place.
    const taker = await follow(249);
    expect(taker.sequences.get("prod1")?.[1]).toBe(401);
    expect(taker.sequences.get("prod1")).toContain(550);
    expect(taker.sequences.get("prod1")).not.toContain(410);
    expect(taker.gaps).toEqual([]);
  });

  it.each([
    ["text", Buffer.from("damaged\n")],
    ["bytes", Buffer.from([0x7b, 0xff, 0x7d, 0x0a])],
  ])(
    "where an earlier segment was not read, unless its last line or its manifest tells that it has none: %s",
    async (_, damage) => {
      await producer.append(records(95));
      const earlier = await producer.rotate();
      const content = await readFile(earlier);
      producer.skip(-5);
      await producer.append(records(2, start + 90));
      producer.skip(5);
      await producer.append(records(20, start + 200));
      // Read backward, the ten newest are had before the earlier segment is opened: 95 and 96 are in neither.
      expect(told((await follow(10)).gaps)).toEqual([["prod1", 95, 96]]);
      await appendFile(earlier, damage);
      expect((await follow(10)).gaps).toEqual([]);
      await producer.seal(content, 94, 0, { segment: producer.segments[0]! });
      expect(told((await follow(10)).gaps)).toEqual([["prod1", 95, 96]]);
    },
  );

  it("where one of the segments that were not read ends below the one before it, and copies of it are damaged", async () => {
    await producer.append([recordAt(start), failed(start + 1), recordAt(start + 2)]);
    const [first, second] = (await readFile(producer.path, "utf8")).split("\n");
    await producer.rotate();
    await producer.appendRaw(`${first}\n${second}\ndamaged\n`);
    const middle = await producer.rotate();
    await producer.seal(await readFile(middle), 1, 0, { segment: producer.segments[1]! });
    await producer.appendRaw(`${second}\ndamaged\n`);
    await producer.append(records(1, start + 10));
    const taker = await follow(1, { eventTypes: "agent_failed" });
    expect(taker.sequences.get("prod1")).toEqual([1]);
    expect(taker.gaps).toEqual([]);
  });

  it("where a segment between was not asked for", async () => {
    await producer.append(records(3));
    const first = await producer.rotate();
    await producer.append(records(3));
    await producer.rotate();
    await producer.append(records(3));
    expect((await follow(all, {}, [first, producer.path])).gaps).toEqual([]);
    producer.skip(2);
    await producer.append(records(3));
    expect(told((await follow(all, {}, [first, producer.path])).gaps)).toEqual([["prod1", 9, 10]]);
  });

  it.each([3, all])(
    "where a segment is no gzip file although it says so, with %d records",
    async (history) => {
      await producer.append(records(3));
      await producer.rotate();
      await producer.append(records(3));
      const spoilt = await gzipWhole(await producer.rotate(), Buffer.alloc(0));
      await producer.append(records(3));
      await writeFile(spoilt, Buffer.from([0x1f, 0x8b, 0x08, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff]));
      expect((await follow(history)).gaps).toEqual([]);
    },
  );

  it.each([1, 10, all])(
    "where a number is damaged, but for that number, with %d records",
    async (history) => {
      await producer.append(records(20));
      const content = await readFile(producer.path, "utf8");
      for (const number of ["3", "15", "90"]) {
        await writeFile(producer.path, content.replace('"sequence":12', `"sequence":${number}`));
        for (const gap of (await follow(history)).gaps)
          expect(gap).toMatchObject({ fromSequence: 12, toSequence: 12 });
      }
    },
  );

  it.each([3, all])("where the last number of a segment is damaged, with %d records", async (history) => {
    await producer.append(records(10));
    const content = await readFile(producer.path, "utf8");
    await writeFile(producer.path, content.replace('"sequence":9', '"sequence":700'));
    await producer.rotate();
    await producer.append(records(3, start + 10));
    expect((await follow(history)).gaps).toEqual([]);
  });

  it("where the numbers of a file of others skip", async () => {
    const path = join(directory, "events-shared.jsonl");
    await mkdir(directory, { recursive: true });
    const text = producer.encode(records(2));
    producer.skip(3);
    await writeFile(path, text + producer.encode(records(2)));
    const taker = await follow(all);
    expect(taker.lines).toHaveLength(4);
    expect(taker.gaps).toEqual([]);
  });

  it("where segments are compressed, in members or in one piece", async () => {
    await producer.append(records(300));
    await compress(await producer.rotate(), 2_000);
    await producer.append(records(300, start + 300));
    const rotated = await producer.rotate();
    await gzipWhole(rotated, await readFile(rotated));
    await producer.append(records(3, start + 600));
    for (const history of [1, 10, 400, all]) expect((await follow(history)).gaps).toEqual([]);
    const store = await openStore({ root: root.path, repo: "repo", local: false });
    expect((await store.verify()).sound).toBe(true);
  });

  it("where processes write, rotate and compress, however often it is looked at", async () => {
    const script = join(import.meta.dirname, "writer-process.mjs");
    const writers = ["prod1", "prod2"].map((id) =>
      spawn(process.execPath, [script, directory, id, "3000", "90"]),
    );
    let isWriting = true;
    const exits = Promise.all(writers.map((writer) => once(writer, "exit"))).finally(() => {
      isWriting = false;
    });
    for (let look = 0; isWriting; look++) {
      const input = look % 2 === 0 ? {} : { eventTypes: ["agent_*"] };
      expect((await follow([1, 10, 300, all][look % 4]!, input)).gaps).toEqual([]);
    }
    expect((await exits).map(([code]) => code)).toEqual([0, 0]);
    expect((await follow(all)).lines).toHaveLength(6_000);
  }, 60_000);
});
