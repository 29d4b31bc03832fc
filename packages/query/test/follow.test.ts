import { spawn } from "node:child_process";
import { once } from "node:events";
import { appendFileSync, renameSync } from "node:fs";
import { appendFile, mkdir, open, readFile, rename, rm, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import { encodeRecord } from "@prodigy-events/schema";
import { listSegments } from "@prodigy-events/storage";
import { type TemporaryDirectory, temporaryDirectory } from "@prodigy-events/test-kit";
import { beforeEach, describe, expect, it } from "vitest";
import { type GapReason, openStore, QueryError } from "../src/index.js";
import { readEverything } from "./oracle.js";
import { Taker } from "./taker.js";
import { compress, recordAt, TestProducer } from "./test-producer.js";

const start = Date.UTC(2026, 0, 1);
const records = (count: number, ms = start) => Array.from({ length: count }, (_, at) => recordAt(ms + at));
const upTo = (count: number) => Array.from({ length: count }, (_, at) => at);

let root: TemporaryDirectory;
let directory: string;
beforeEach(async () => {
  root = await temporaryDirectory();
  directory = root.join("events", "repo", "job-1");
});

describe("follow", () => {
  it("gives the newest records first, in time order, and then what comes", async () => {
    const [one, two] = [new TestProducer(directory, "prod1"), new TestProducer(directory, "prod2")];
    await one.append([recordAt(start), recordAt(start + 20)]);
    await two.append([recordAt(start + 10), recordAt(start + 30)]);
    const taker = await Taker.ofStore(root.path, {}, { history: 3 });
    await taker.has(3);
    await one.append([recordAt(start + 40)]);
    await taker.has(4);
    await taker.stop();
    const times = taker.lines.map((line) => Date.parse(JSON.parse(line).timestamp) - start);
    expect(times).toEqual([10, 20, 30, 40]);
  });

  it("gives all records of history when that many are asked for", async () => {
    const producer = new TestProducer(directory, "prod1");
    await producer.append(records(30));
    await compress(await producer.rotate());
    await producer.append(records(5, start + 100));
    const taker = await Taker.ofStore(root.path, {}, { history: Number.POSITIVE_INFINITY, untilIdleMs: 0 });
    await taker.ended();
    expect(taker.sequences.get("prod1")).toEqual(upTo(35));
  });

  it("gives nothing of what was there when no history is asked for", async () => {
    const producer = new TestProducer(directory, "prod1");
    await producer.append(records(5));
    const taker = await Taker.ofStore(root.path, {}, { history: 0 });
    while (taker.lines.length === 0) {
      await producer.append([recordAt(start + 10)]);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    await taker.has(producer.nextSequence - taker.sequences.get("prod1")![0]!);
    await taker.stop();
    const [first = 0] = taker.sequences.get("prod1")!;
    expect(first).toBeGreaterThanOrEqual(5);
    expect(taker.sequences.get("prod1")).toEqual(upTo(producer.nextSequence).slice(first));
  });

  it("finds new segments, producers and jobs, and a store that did not exist", async () => {
    const taker = await Taker.ofStore(root.path);
    const one = new TestProducer(directory, "prod1");
    await one.append(records(2));
    await taker.has(2);
    await one.rotate();
    await one.append(records(2, start + 10));
    await taker.has(4);
    const two = new TestProducer(root.join("events", "repo", "job-2"), "prod2");
    await two.append(records(3));
    await taker.has(7);
    await taker.stop();
    expect(taker.sequences).toEqual(
      new Map([
        ["prod1", upTo(4)],
        ["prod2", upTo(3)],
      ]),
    );
    expect(taker.gaps).toEqual([]);
  });

  it("follows only the job and the types that were asked for", async () => {
    const here = new TestProducer(directory, "prod1");
    const elsewhere = new TestProducer(root.join("events", "repo", "job-2"), "prod2");
    const failed = (ms: number) => recordAt(ms, { event: { event_type: "AgentFailed", agent_id: "a" } });
    await here.append([failed(start)]);
    const taker = await Taker.ofStore(root.path, { jobId: "job-1", eventTypes: ["agent_failed"] });
    await taker.has(1);
    await elsewhere.append([failed(start + 1)]);
    await here.append([recordAt(start + 2), failed(start + 3)]);
    await taker.has(2);
    await taker.stop();
    expect(taker.sequences).toEqual(new Map([["prod1", [0, 2]]]));
    expect(taker.stream.report.excludedTypes).toEqual(new Map([["agent_progress", 1]]));
  });

  it("waits for the rest of a line, and counts one that never comes", async () => {
    const producer = new TestProducer(directory, "prod1");
    await producer.append(records(1));
    const taker = await Taker.ofStore(root.path);
    await taker.has(1);
    const line = producer.encode(records(1));
    await producer.appendRaw(line.slice(0, 50));
    await producer.appendRaw(line.slice(50));
    await taker.has(2);
    await producer.appendRaw('{"id":"torn');
    await producer.rotate();
    await producer.append(records(1));
    await taker.has(3);
    await taker.stop();
    expect(taker.stream.report).toMatchObject({
      linesRead: 4,
      records: 3,
      torn: 1,
      pending: 0,
      malformed: 0,
    });
  });

  it("tells of a malformed line and goes on", async () => {
    const producer = new TestProducer(directory, "prod1");
    await producer.append(records(1));
    const taker = await Taker.ofStore(root.path);
    await taker.has(1);
    await producer.appendRaw(Buffer.from([0x7b, 0xff, 0x0a]));
    await producer.appendRaw("not json\n");
    await producer.append(records(1));
    await taker.has(2);
    await taker.stop();
    expect(taker.problems.map(({ reason }) => reason)).toEqual(["utf8", "json"]);
    expect(taker.problems[0]).toMatchObject({ path: producer.path, length: 2 });
  });

  it("tells of a malformed line once, however long it stays the last one", async () => {
    const producer = new TestProducer(directory, "prod1");
    await producer.append(records(1));
    const taker = await Taker.ofStore(root.path);
    await taker.has(1);
    await producer.appendRaw(Buffer.from([0x7b, 0xff, 0x0a]));
    await expect.poll(() => taker.problems.length).toBe(1);
    await producer.appendRaw('{"id":"ha');
    const other = new TestProducer(directory, "prod2");
    await other.append(records(1));
    await taker.has(2);
    await producer.appendRaw('lf"}\n');
    await expect.poll(() => taker.problems.length).toBe(2);
    await taker.stop();
    expect(taker.stream.report).toMatchObject({ linesRead: 4, records: 2, malformed: 2, pending: 0 });
  });

  it("gives a record once that was written again after an abrupt end", async () => {
    const producer = new TestProducer(directory, "prod1");
    await producer.append(records(4));
    const taker = await Taker.ofStore(root.path);
    await taker.has(4);
    const lines = (await readFile(producer.path, "utf8")).split("\n").slice(2, 4);
    producer.leave();
    await producer.appendRaw(`${lines.join("\n")}\n`);
    await producer.append(records(1, start + 10));
    await taker.has(5);
    await taker.stop();
    expect(taker.sequences.get("prod1")).toEqual(upTo(5));
    expect(taker.stream.report.duplicates).toBe(2);
  });

  it("tells which numbers are missing, unless a record accounts for them", async () => {
    const producer = new TestProducer(directory, "prod1");
    await producer.append(records(3));
    const taker = await Taker.ofStore(root.path);
    await taker.has(3);
    producer.skip(4);
    await producer.append(records(1));
    producer.skip(9);
    const event = {
      event_type: "events_dropped",
      count: 10,
      from_sequence: 8,
      to_sequence: 17,
      reason: "full",
    };
    await producer.append([recordAt(start + 9, { event })]);
    await taker.has(5);
    await taker.stop();
    expect(taker.gaps).toEqual([
      { reason: "missing", producerId: "prod1", fromSequence: 3, toSequence: 6, path: producer.path },
    ]);
  });

  it("reads a growing segment to its end although it was removed", async () => {
    const producer = new TestProducer(directory, "prod1");
    await producer.append(records(1));
    const taker = await Taker.ofStore(root.path);
    await taker.has(1);
    await producer.append(records(1));
    await taker.has(2);
    await producer.append(records(500));
    await rm(producer.path);
    await taker.has(502);
    await taker.stop();
    expect(taker.gaps).toEqual([]);
  });

  it("ends when nothing has come for a while", async () => {
    await new TestProducer(directory, "prod1").append(records(1));
    const taker = await Taker.ofStore(root.path, {}, { untilIdleMs: 100 });
    await taker.ended();
    expect(taker.lines).toHaveLength(1);
  });

  it("ends without an error when it is aborted before it began", async () => {
    const taker = await Taker.ofStore(root.path, {}, { signal: AbortSignal.abort() });
    await taker.ended();
    expect(taker.lines).toEqual([]);
  });

  it("ends with an error at the first malformed line when it is strict", async () => {
    const producer = new TestProducer(directory, "prod1");
    await producer.append(records(1));
    const taker = await Taker.ofStore(root.path, { strict: true });
    await taker.has(1);
    await producer.appendRaw("not json\n");
    await expect(taker.ended()).rejects.toMatchObject({ code: "MALFORMED", path: producer.path });
  });

  it("refuses standard input, and a named file that does not exist", async () => {
    const store = await openStore({ files: ["-"] });
    expect(() => store.follow()).toThrow(QueryError);
    const taker = await Taker.ofFiles([root.join("missing.jsonl")]);
    await expect(taker.ended()).rejects.toMatchObject({ code: "NOT_FOUND" });
  });
});

describe("follow, of a file that others write", () => {
  const line = (id: string, ms = start) => encodeRecord({ ...recordAt(ms), id });
  const idsOf = (taker: Taker) => taker.lines.map((each) => JSON.parse(each).id);
  const gapOf = (reason: GapReason, path: string) => ({
    ...{ reason, producerId: undefined, fromSequence: undefined, toSequence: undefined, path },
  });
  let shared: string;
  beforeEach(async () => {
    await mkdir(directory, { recursive: true });
    shared = join(directory, "events-shared.jsonl");
    await writeFile(shared, line("a") + line("b"));
  });

  it("begins again when it was truncated, knows what it has seen, and tells that something may be lost", async () => {
    const taker = await Taker.ofFiles([shared]);
    await taker.has(2);
    await appendFile(shared, line("c"));
    await taker.has(3);
    await truncate(shared, 0);
    await appendFile(shared, line("c") + line("d"));
    await taker.has(4);
    await taker.stop();
    expect(idsOf(taker)).toEqual(["a", "b", "c", "d"]);
    expect(taker.gaps).toEqual([gapOf("truncated", shared)]);
  });

  it("begins again when it was written anew, longer than it was", async () => {
    const taker = await Taker.ofFiles([shared]);
    await taker.has(2);
    await expect.poll(() => taker.stream.cursor()?.files[0]?.fingerprint).toBeTruthy();
    const file = await open(shared, "r+");
    await file.writeFile(line("x") + line("y") + line("z"));
    await file.close();
    await taker.has(5);
    await taker.stop();
    expect(idsOf(taker)).toEqual(["a", "b", "x", "y", "z"]);
    expect(taker.gaps).toEqual([gapOf("replaced", shared)]);
  });

  it("is not truncated when it is compressed, whatever its name says", async () => {
    const path = join(directory, "events-x.jsonl");
    const lines = Array.from({ length: 200 }, (_, at) => line(`id-${at}`)).join("");
    await writeFile(path, await promisify(gzip)(lines));
    const taker = await Taker.ofFiles([path], { cursor: "beginning" });
    await taker.has(200);
    await appendFile(path, await promisify(gzip)(line("last")));
    await taker.has(201);
    await taker.stop();
    expect(taker.gaps).toEqual([]);
  });

  it("begins again when it was cut back to its first lines", async () => {
    const taker = await Taker.ofFiles([shared]);
    await taker.has(2);
    await appendFile(shared, line("c"));
    await taker.has(3);
    await truncate(shared, Buffer.byteLength(line("a")));
    await appendFile(shared, line("d"));
    await taker.has(4);
    await taker.stop();
    expect(idsOf(taker)).toEqual(["a", "b", "c", "d"]);
    expect(taker.gaps).toEqual([gapOf("truncated", shared)]);
  });

  it("begins again when it was replaced by another file, after the rest of the former one", async () => {
    const taker = await Taker.ofFiles([shared]);
    await taker.has(2);
    await appendFile(shared, line("c"));
    await taker.has(3);
    await writeFile(join(directory, "other"), line("x") + line("y") + line("z") + line("w"));
    appendFileSync(shared, line("d"));
    renameSync(join(directory, "other"), shared);
    await taker.has(8);
    await taker.stop();
    expect(idsOf(taker)).toEqual(["a", "b", "c", "d", "x", "y", "z", "w"]);
    expect(taker.gaps).toEqual([]);
  });

  it("gives nothing twice of what was set aside and then cut, as clean does", async () => {
    const taker = await Taker.ofStore(root.path);
    await taker.has(2);
    await appendFile(shared, line("c"));
    await taker.has(3);
    const aside = join(directory, "events-shared-20260101_000000_000.jsonl.rotated");
    await rename(shared, aside);
    await writeFile(shared, line("d"));
    await taker.has(4);
    await writeFile(join(directory, ".cut"), line("c"));
    await rename(join(directory, ".cut"), aside);
    await appendFile(shared, line("e"));
    await taker.has(5);
    await taker.stop();
    expect(idsOf(taker)).toEqual(["a", "b", "c", "d", "e"]);
    expect(taker.gaps).toEqual([]);
  });

  it("goes on where it was when Prodigy rotates its file to another name and begins a new one", async () => {
    const path = join(directory, "events-20240101_120000.jsonl");
    await writeFile(path, line("p1", start + 1));
    const taker = await Taker.ofStore(root.path);
    await taker.has(3);
    await appendFile(path, line("p2"));
    await taker.has(4);
    await appendFile(path, line("p3"));
    await rename(path, join(directory, "events-20240101_120000.20240101_130000.jsonl.gz"));
    await writeFile(path, line("p4"));
    await taker.has(6);
    await appendFile(path, line("p5"));
    await taker.has(7);
    await taker.stop();
    expect(idsOf(taker)).toEqual(["a", "b", "p1", "p2", "p3", "p4", "p5"]);
  });
});

describe("follow, beside processes that write, rotate and compress", () => {
  it("gives everything that is on disk in the end, each record once and in its producer's order", async () => {
    const script = join(import.meta.dirname, "writer-process.mjs");
    const jobs = ["job-1", "job-1", "job-2"].map((job) => root.join("events", "repo", job));
    const taker = await Taker.ofStore(root.path, {}, { history: Number.POSITIVE_INFINITY });
    const total = 1_500;
    const writers = jobs.map((job, at) =>
      spawn(process.execPath, [script, job, `prod${at}`, `${total}`, "90"]),
    );
    const exits = await Promise.all(writers.map((writer) => once(writer, "exit")));
    expect(exits.map(([code]) => code)).toEqual([0, 0, 0]);
    await taker.has(3 * total);
    await taker.stop();

    expect([...taker.sequences.values()]).toEqual([upTo(total), upTo(total), upTo(total)]);
    const segments = (await Promise.all([...new Set(jobs)].map((job) => listSegments(job)))).flat();
    const onDisk = readEverything(segments).records.map((each) => each.line);
    expect([...taker.lines].sort()).toEqual(onDisk.sort());
    expect(taker.gaps).toEqual([]);
    expect(taker.stream.report).toMatchObject({
      malformed: 0,
      torn: 0,
      pending: 0,
      duplicates: 0,
      unreadable: 0,
    });
  }, 60_000);
});
