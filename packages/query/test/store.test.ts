import { mkdir, stat, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { gzipSync } from "node:zlib";
import { type EventRecord, encodeRecord } from "@prodigy-events/schema";
import { type FileSystem, nodeFileSystem } from "@prodigy-events/storage";
import {
  faultyFileSystem,
  type TemporaryDirectory,
  temporaryDirectory,
  temporaryGitRepository,
} from "@prodigy-events/test-kit";
import { beforeEach, describe, expect, it } from "vitest";
import { openStore, type QueryInput, type SearchInput, type StoreOptions } from "../src/index.js";
import { compress, gzipWhole, recordAt, TestProducer } from "./test-producer.js";

const start = Date.UTC(2026, 0, 1);
const named = (id: string, ms = start, overrides: Partial<EventRecord> = {}) => ({
  ...recordAt(ms, overrides),
  id,
});
const line = (id: string, ms = start, overrides: Partial<EventRecord> = {}) =>
  encodeRecord(named(id, ms, overrides));

let root: TemporaryDirectory;
beforeEach(async () => {
  root = await temporaryDirectory();
});

async function idsOf(options: StoreOptions, question: QueryInput = {}): Promise<string[]> {
  const ids = [];
  for await (const record of (await openStore({ root: root.path, ...options })).query(question))
    ids.push(record.id);
  return ids;
}

/** A file system that counts the descriptors that are open, and how many were at the same time. */
function countingFileSystem() {
  const counts = { open: 0, most: 0 };
  const fs: FileSystem = {
    ...nodeFileSystem,
    async open(...args) {
      const descriptor = await nodeFileSystem.open(...args);
      counts.most = Math.max(counts.most, ++counts.open);
      return descriptor;
    },
    async close(descriptor) {
      counts.open--;
      await nodeFileSystem.close(descriptor);
    },
  };
  return Object.assign(counts, { fs });
}

describe("where a store reads", () => {
  it("is its repository's directory, all repositories, or nothing when there is none", async () => {
    const directory = (repo: string) => root.join("events", repo, "job-1");
    await new TestProducer(directory("one"), "prod1").append([named("a")]);
    await new TestProducer(directory("two"), "prod2").append([named("b", start + 1)]);
    expect(await idsOf({ repo: "one", local: false })).toEqual(["a"]);
    expect(await idsOf({ allRepos: true, local: false })).toEqual(["a", "b"]);
    const nothing = await openStore({ root: root.path, repo: "three", local: false });
    expect(await nothing.sources()).toEqual({
      segments: [],
      places: [{ origin: "store", path: root.join("events", "three"), segments: 0 }],
      directories: [root.join("events", "three")],
    });
    const stream = nothing.query();
    for await (const _ of stream) void _;
    expect(stream.report).toMatchObject({ linesRead: 0, sources: [root.join("events", "three")] });
  });

  it("is the local file as well, nearest upward and of the other worktrees, unless another repository is asked for", async () => {
    const repository = await temporaryGitRepository();
    const local = join(repository.path, ".prodigy", "events");
    await mkdir(local, { recursive: true });
    await mkdir(join(repository.path, "deep", "down"), { recursive: true });
    await writeFile(join(local, "mapreduce_events.jsonl"), line("local"));
    const store = await openStore({ root: root.path, cwd: join(repository.path, "deep", "down") });
    const repo = store.repo!;
    await new TestProducer(root.join("events", repo, "job-1"), "prod1").append([named("stored", start + 1)]);
    const cwd = join(repository.path, "deep", "down");
    expect(await idsOf({ cwd })).toEqual(["local", "stored"]);
    expect(await idsOf({ cwd, repo })).toEqual(["local", "stored"]);
    expect(await idsOf({ cwd, repo: "other" })).toEqual([]);
    expect(await idsOf({ cwd, local: false })).toEqual(["stored"]);
  });

  it("is narrowed by a job id to that job's directory and the local records of that job", async () => {
    const producer = (job: string, id: string) => new TestProducer(root.join("events", "repo", job), id);
    await producer("job-1", "prod1").append([named("a")]);
    await producer("job-2", "prod2").append([named("b"), named("c")]);
    const store = await openStore({ root: root.path, repo: "repo", local: false });
    const stream = store.query({ jobId: "job-1" });
    for await (const _ of stream) void _;
    expect(stream.report).toMatchObject({
      segments: 1,
      records: 1,
      sources: [root.join("events", "repo", "job-1")],
    });
    expect((await store.sources({ jobId: "job-9" })).places).toMatchObject([
      { path: root.join("events", "repo", "job-9"), segments: 0 },
    ]);
  });

  it("is the named files alone, in whatever state they are by now", async () => {
    const producer = new TestProducer(root.join("job"), "prod1");
    await producer.append([named("a")]);
    const path = producer.path;
    const rotated = await producer.rotate();
    expect(await idsOf({ files: [path] })).toEqual(["a"]);
    await compress(rotated);
    expect(await idsOf({ files: [path] })).toEqual(["a"]);
    expect(await idsOf({ files: [`${rotated}.gz`] })).toEqual(["a"]);
  });

  it("takes a file that is named twice, or linked, once", async () => {
    const path = root.join("a.jsonl");
    await writeFile(path, line("a"));
    await symlink(path, root.join("b.jsonl"));
    expect(
      await idsOf({ files: [path, path, root.join("b.jsonl"), root.path, `${root.path}/*.jsonl`] }),
    ).toEqual(["a"]);
  });

  it("takes any file that is named, directories with what is below them, and globs", async () => {
    await mkdir(root.join("repo", "job", ".manifest"), { recursive: true });
    await writeFile(root.join("dump.log"), line("dump"));
    await writeFile(root.join("repo", "x.jsonl"), line("x", start + 1));
    await writeFile(root.join("repo", "job", "y.jsonl"), line("y", start + 2));
    await writeFile(root.join("repo", "job", ".manifest", "z.jsonl"), line("z"));
    expect(await idsOf({ files: ["dump.log"], cwd: root.path })).toEqual(["dump"]);
    expect(await idsOf({ files: [root.join("repo")] })).toEqual(["x", "y"]);
    expect(await idsOf({ files: ["repo/**/*.jsonl"], cwd: root.path })).toEqual(["x", "y"]);
    expect(await idsOf({ files: ["repo/*/[xy].jsonl"], cwd: root.path })).toEqual(["y"]);
    expect(await idsOf({ files: ["none/*.jsonl"], cwd: root.path })).toEqual([]);
  });

  it("takes a name with wildcards in it for the file of that name first", async () => {
    await writeFile(root.join("[a].jsonl"), line("brackets"));
    await writeFile(root.join("a.jsonl"), line("a"));
    expect(await idsOf({ files: ["[a].jsonl"], cwd: root.path })).toEqual(["brackets"]);
  });

  it("is an error for a named file that does not exist", async () => {
    const files = [root.join("missing.jsonl")];
    await expect(idsOf({ files })).rejects.toMatchObject({ code: "NOT_FOUND", path: files[0] });
    await expect((await openStore({ files })).stats()).rejects.toThrow("missing.jsonl does not exist");
  });

  it("gives an event without a job the job of its directory, also in a file that is named by itself", async () => {
    const producer = new TestProducer(root.join("events", "repo", "job-7"), "prod1");
    await producer.append([
      named("a", start, { event: { event_type: "claude_message", agent_id: "agent-1" } }),
    ]);
    const store = await openStore({ files: [producer.path] });
    for await (const batch of store.query({ jobId: "job-7" }).batches()) {
      expect(batch).toMatchObject([
        { jobId: "job-7", repo: "repo", record: { id: "a", event: { job_id: "job-7" } } },
      ]);
      expect(batch[0]!.line).not.toContain("job_id");
    }
  });

  it.each([
    ["as it is", (text: string) => Buffer.from(text)],
    ["compressed", (text: string) => gzipSync(text)],
  ])("is standard input, %s", async (_how, encode) => {
    const text = `${line("b", start + 1)}${line("a")}oops\n${line("c", start + 2)}{"torn`;
    const stdin = Readable.from([encode(text).subarray(0, 100), encode(text).subarray(100)]);
    const store = await openStore({ files: ["-"], stdin });
    const stream = store.query();
    const ids = [];
    for await (const record of stream) ids.push(record.id);
    expect(ids).toEqual(["a", "b", "c"]);
    expect(stream.report).toMatchObject({ malformed: 1, torn: 1, pending: 0, sources: ["-"] });
    expect(stream.report.problems.map(({ path }) => path)).toEqual(["-", "-"]);
  });
});

describe("progress", () => {
  it.each(["stats", "jobs"] as const)("is told by %s after every chunk", async (question) => {
    const producer = new TestProducer(root.join("events", "repo", "job-1"), "prod1");
    await producer.append(Array.from({ length: 200 }, (_, at) => recordAt(start + at)));
    const bounds = { maxChunkBytes: 4_096, scanUnitBytes: 4_096, batchRecords: 20 };
    const store = await openStore({ root: root.path, repo: "repo", local: false, bounds });
    const told: number[] = [];
    await store[question]({ onProgress: ({ bytesRead }) => told.push(bytesRead) });
    expect(told.length).toBeGreaterThan(5);
    expect(told).toEqual([...told].sort((a, b) => a - b));
    expect(told.at(-1)).toBe((await stat(producer.path)).size);
  });
});

describe("a stream", () => {
  it("can be iterated once", async () => {
    const stream = (await openStore({ root: root.path, repo: "repo", local: false })).query();
    for await (const _ of stream) void _;
    expect(() => stream.batches()).toThrow(expect.objectContaining({ code: "STREAM_USED" }));
  });

  it("closes every file when it is left early, or aborted", async () => {
    const directory = root.join("events", "repo", "job-1");
    for (let at = 0; at < 5; at++) {
      const producer = new TestProducer(directory, `prod${at}`);
      await producer.append(Array.from({ length: 400 }, (_, index) => recordAt(start + index)));
    }
    const disk = countingFileSystem();
    const bounds = { maxChunkBytes: 1_000, batchRecords: 10 };
    const store = await openStore({ root: root.path, repo: "repo", local: false, fs: disk.fs, bounds });
    for await (const _ of store.query()) break;
    const stop = new AbortController();
    const aborted = (async () => {
      for await (const _ of store.query({ signal: stop.signal })) stop.abort(new Error("enough"));
    })();
    await expect(aborted).rejects.toThrow("enough");
    expect(disk.most).toBe(5);
    expect(disk.open).toBe(0);
  });

  it("has no more descriptors open than allowed, however many producers wrote at the same time", async () => {
    const directory = root.join("events", "repo", "job-1");
    const producers = 120;
    for (let at = 0; at < producers; at++) {
      const producer = new TestProducer(directory, `prod${at}`);
      await producer.append([0, 1, 2].map((step) => recordAt(start + at + step * 500)));
      if (at % 3 === 0) await compress(await producer.rotate(), 300);
    }
    const disk = countingFileSystem();
    const bounds = { maxOpenReaders: 10, maxChunkBytes: 400, maxHeldBytes: 2_000, minChunkBytes: 100 };
    const store = await openStore({ root: root.path, repo: "repo", local: false, fs: disk.fs, bounds });
    const times = [];
    for await (const record of store.query()) times.push(Date.parse(record.timestamp) - start);
    expect(times).toEqual(
      [0, 500, 1_000].flatMap((step) => Array.from({ length: producers }, (_, at) => at + step)),
    );
    expect(disk.open).toBe(0);
    // One more while a chain is changed for another.
    expect(disk.most).toBeLessThanOrEqual(bounds.maxOpenReaders + 1);
  });

  it("is empty of what a producer wrote twice, and counts what is out of order without losing it", async () => {
    const producer = new TestProducer(root.join("events", "repo", "job-1"), "prod1");
    await producer.append([named("a", start), named("b", start + 10)]);
    producer.leave();
    producer.skip(-1);
    await producer.append([named("b", start + 10), named("late", start + 5), named("c", start + 20)]);
    for (const question of [{}, { limit: 10 }]) {
      const stream = (await openStore({ root: root.path, repo: "repo", local: false })).query(question);
      const ids = [];
      for await (const record of stream) ids.push(record.id);
      expect(ids.toSorted()).toEqual(["a", "b", "c", "late"]);
      expect(stream.report).toMatchObject({ duplicates: 1, outOfOrder: 1, matched: 4, records: 5 });
    }
  });

  it("reads a segment that somebody compressed in one piece, from either end", async () => {
    const producer = new TestProducer(root.join("events", "repo", "job-1"), "prod1");
    const content = producer.encode(Array.from({ length: 50 }, (_, at) => named(`n${at}`, start + at)));
    await producer.appendRaw(content);
    await gzipWhole(producer.path, Buffer.from(content));
    producer.leave();
    await producer.append([named("last", start + 99)]);
    expect(await idsOf({ repo: "repo", local: false }, { limit: 3 })).toEqual(["n48", "n49", "last"]);
    expect(await idsOf({ repo: "repo", local: false }, { limit: 3, order: "oldest" })).toEqual([
      "n0",
      "n1",
      "n2",
    ]);
  });

  it("reads no more than the ends for the newest few", async () => {
    const producer = new TestProducer(root.join("events", "repo", "job-1"), "prod1");
    await producer.append(Array.from({ length: 5_000 }, (_, at) => named(`n${at}`, start + at)));
    const store = await openStore({
      root: root.path,
      repo: "repo",
      local: false,
      bounds: { maxChunkBytes: 4_096 },
    });
    const stream = store.query({ limit: 2 });
    const ids = [];
    for await (const record of stream) ids.push(record.id);
    expect(ids).toEqual(["n4998", "n4999"]);
    expect(stream.report.complete).toBe(false);
    expect(stream.report.bytesRead).toBeLessThan(20_000);
  });

  it("gives the newest in time order although a producer wrote on meanwhile", async () => {
    const [one, two] = [1, 2].map(
      (at) => new TestProducer(root.join("events", "repo", "job-1"), `prod${at}`),
    );
    await one!.append([named("ten", start + 10)]);
    await two!.append([named("five", start + 5)]);
    const run = () => two!.append([named("twenty", start + 20)]);
    // The first opening looks up the last record, the second one reads the chain.
    const disk = faultyFileSystem(nodeFileSystem, [{ operation: "open", path: one!.path, nth: 2, run }]);
    const bounds = { maxChainsOpenedAtOnce: 0 };
    const ids = await idsOf({ repo: "repo", local: false, fs: disk.fs, bounds }, { limit: 9 });
    expect(ids).toEqual(["five", "ten", "twenty"]);
  });

  it("follows a file that is renamed between being found and being read", async () => {
    const producer = new TestProducer(root.join("events", "repo", "job-1"), "prod1");
    await producer.append([named("a")]);
    const path = producer.path;
    const rotate = async () => void (await compress(await producer.rotate()));
    const disk = faultyFileSystem(nodeFileSystem, [{ operation: "open", path, run: rotate }]);
    expect(await idsOf({ repo: "repo", local: false, fs: disk.fs })).toEqual(["a"]);
  });
});

describe("search", () => {
  const events = [
    { event_type: "agent_failed", agent_id: "agent-1", error: "ENOENT: no such file" },
    { event_type: "AgentFailed", agent_id: "agent-2", error: "Timeout after 60 s", description: "slow" },
    { event_type: "claude_message", agent_id: "agent-3", content: "naïve — ünïcode", description: "timeout" },
  ];
  async function found(pattern: string | RegExp, input: SearchInput = {}): Promise<string[]> {
    const path = root.join("events.jsonl");
    await writeFile(path, events.map((event, at) => line(`${at}`, start + at, { event })).join(""));
    const ids = [];
    for await (const record of (await openStore({ files: [path] })).search(pattern, input))
      ids.push(record.id);
    return ids;
  }

  it.each<[string | RegExp, SearchInput, string[]]>([
    ["enoent|timeout", {}, ["0", "1", "2"]],
    ["Timeout", {}, ["1"]],
    ["timeout", { caseSensitive: true }, ["2"]],
    ["timeout", { fields: ["error"] }, ["1"]],
    ["timeout", { fields: ["error", "description"] }, ["1", "2"]],
    ["agent_failed", {}, ["0", "1"]],
    ["AgentFailed", {}, ["1"]],
    ["no.such", {}, ["0"]],
    ["no.such", { literal: true }, []],
    ["ünïcode", {}, ["2"]],
    ["error", {}, []],
    ['"error":', { raw: true, literal: true }, ["0", "1"]],
    [/a/g, {}, ["0", "1", "2"]],
    [/^naïve/y, {}, ["2"]],
    ["timeout", { limit: 1 }, ["2"]],
    ["timeout", { agentId: "agent-2" }, ["1"]],
    ["run-1", {}, ["0", "1", "2"]],
    ["(agent|claude)+_failed", {}, ["0", "1"]],
  ])("for %s with %j finds %j", async (pattern, input, expected) => {
    expect(await found(pattern, input)).toEqual(expected);
  });

  it("refuses what is no pattern at once", async () => {
    const store = await openStore({ root: root.path, repo: "repo", local: false });
    expect(() => store.search("(")).toThrow(expect.objectContaining({ code: "BAD_PATTERN" }));
    expect(() => store.query({ since: "soon" })).toThrow(expect.objectContaining({ code: "BAD_TIME" }));
  });

  it("gives up on a pattern that loses itself in a record", async () => {
    const event = { event_type: "x", error: `${"a".repeat(60)}!` };
    await writeFile(root.join("events.jsonl"), line("id", start, { event }));
    const stream = (await openStore({ files: [root.path] })).search("^(a+)+$");
    await expect(stream.batches().next()).rejects.toMatchObject({ code: "PATTERN_TIMEOUT" });
  }, 20_000);
});

describe("find", () => {
  beforeEach(async () => {
    const ids = ["0192abcd-1", "0192abcd-2", "0192ffff", "0192ffff-3"];
    await writeFile(root.join("events.jsonl"), ids.map((id, at) => line(id, start + at)).join(""));
  });
  const find = async (id: string) => (await openStore({ files: [root.path] })).find(id);

  it.each([
    ["0192abcd-2", "0192abcd-2"],
    ["0192ffff-", "0192ffff-3"],
    ["0192ffff", "0192ffff"],
    ["beef", undefined],
  ])("of %s gives %s", async (id, expected) => {
    expect((await find(id))?.record.id).toBe(expected);
  });

  it("names the candidates of a prefix that is not enough", async () => {
    await expect(find("0192a")).rejects.toMatchObject({ code: "AMBIGUOUS_ID" });
    await expect(find("0192a")).rejects.toThrow(/begins 2 ids: 0192abcd-1, 0192abcd-2/);
  });
});

describe("stats", () => {
  it("counts by several fields, and everything when no field is given", async () => {
    const producer = new TestProducer(root.join("events", "repo", "job-1"), "prod1");
    const event = (type: string, agent?: string) => ({
      event_type: type,
      ...(agent ? { agent_id: agent } : {}),
    });
    await producer.append(
      [
        event("agent_failed", "a"),
        event("agent_failed", "b"),
        event("agent_failed", "b"),
        event("job_paused"),
      ].map((each, at) => recordAt(start + at, { event: each })),
    );
    const store = await openStore({ root: root.path, repo: "repo", local: false });
    expect((await store.stats({ groupBy: ["event_type", "agent_id"] })).groups).toEqual([
      { key: ["agent_failed", "b"], count: 2, share: 0.5 },
      { key: ["agent_failed", "a"], count: 1, share: 0.25 },
      { key: ["job_paused", null], count: 1, share: 0.25 },
    ]);
    expect(await store.stats({ groupBy: [] })).toMatchObject({
      groups: [{ key: [], count: 4, share: 1 }],
      total: 4,
    });
    const filtered = await store.stats({ eventTypes: ["job_*"], top: 1 });
    expect(filtered).toMatchObject({ total: 1, other: 0, groups: [{ key: ["job_paused"], share: 1 }] });
    expect(filtered.report.excludedTypes).toEqual(new Map([["agent_failed", 3]]));
    expect(await store.stats({ eventTypes: ["none"] })).toMatchObject({ groups: [], total: 0 });
  });
});
