import { appendFile, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { encodeRecord } from "@prodigy-events/schema";
import { compressSegment } from "@prodigy-events/storage";
import { type TemporaryDirectory, temporaryDirectory } from "@prodigy-events/test-kit";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openStore, type QueryInput, type Store } from "../src/index.js";

let root: TemporaryDirectory;
beforeEach(async () => {
  root = await temporaryDirectory();
  await mkdir(root.join("events", "repo", "job-1"), { recursive: true });
});
afterEach(() => root.cleanup());

const types = ["agent_failed", "agent_started", "agent_progress", "agent_completed"];
const lineOf = (sequence: number, agent = `agent-${sequence % 50}`) =>
  encodeRecord({
    id: `id-${sequence}`,
    timestamp: new Date(Date.UTC(2026, 0, 1) + sequence * 10).toISOString(),
    correlation_id: "run-1",
    event: { event_type: types[sequence % 4]!, job_id: "job-1", agent_id: agent, note: "x".repeat(300) },
    metadata: { producer_id: "producer0", sequence },
  });
const linesOf = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, at) => lineOf(from + at)).join("");

const pathOf = (name: string) => root.join("events", "repo", "job-1", name);
const first = "events-20260101_000000_000-producer0.jsonl.rotated";
const second = "events-20260101_000000_001-producer0.jsonl.rotated.gz";

async function indexedStore(): Promise<Store> {
  await writeFile(pathOf(first), linesOf(0, 6_000));
  await writeFile(root.join("plain"), linesOf(6_000, 9_000));
  await compressSegment(root.join("plain"), pathOf(second), { memberBytes: 100_000 });
  const store = await open();
  expect((await store.index()).segments.map(({ action }) => action)).toEqual(["built", "built"]);
  return store;
}

const open = (index = true) =>
  openStore({
    root: root.path,
    repo: "repo",
    local: false,
    index,
    bounds: { minIndexedBytes: 0, minIndexGrowthBytes: 0 },
  });

async function ids(store: Store, question: QueryInput) {
  const stream = store.query(question);
  const found: string[] = [];
  for await (const { id } of stream) found.push(id);
  return { found, report: stream.report };
}

describe("an index", () => {
  it("answers for counts without a look at the segment", async () => {
    const store = await indexedStore();
    for (const question of [
      {},
      { groupBy: ["agent_id"] },
      { groupBy: ["agent_id", "event_type"] },
      { eventTypes: ["agent_f*"] },
      { agentId: "agent-7", groupBy: ["event_type"] },
      { since: "2026-01-01T00:00:30Z" },
      { agentId: "nobody" },
    ]) {
      const { report, ...answer } = await store.stats(question);
      expect(report.reads.map(({ strategy, bytesRead }) => [strategy, bytesRead])).toEqual([
        ["index", 0],
        ["index", 0],
      ]);
      const { report: expected, ...plain } = await (await open(false)).stats(question);
      expect(answer).toEqual(plain);
      expect(report).toMatchObject({
        linesRead: 9_000,
        matched: expected.matched,
        bytesRead: expected.bytesRead,
      });
      expect(expected.reads.every(({ strategy }) => strategy === "scan")).toBe(true);
    }
  });

  it("says which lines are wanted, and only those are read", async () => {
    const store = await indexedStore();
    const question = { agentId: "agent-7", eventTypes: ["agent_completed"] };
    const { found, report } = await ids(store, question);
    expect(found).toEqual((await ids(await open(false), question)).found);
    expect(found).toHaveLength(90);
    for (const { strategy, bytesRead, bytesSkipped } of report.reads) {
      expect(strategy).toBe("index+seek");
      expect(bytesRead).toBeGreaterThan(0);
      expect(bytesSkipped).toBeGreaterThan(10 * bytesRead);
    }
    const seldom = { agentId: "agent-7", until: "2026-01-01T00:00:02Z" };
    expect((await ids(store, seldom)).report.reads.map(({ strategy }) => strategy)).toEqual([
      "index+seek",
      "index",
    ]);
  });

  it("is made by the first question that reads the segment, as it is made by itself", async () => {
    const store = await indexedStore();
    const read = async () => {
      const names = (await readdir(pathOf(".index"))).sort();
      return Promise.all(names.map((name) => readFile(join(pathOf(".index"), name))));
    };
    const made = await read();
    expect(made).toHaveLength(2);
    await rm(pathOf(".index"), { recursive: true });
    const { report } = await store.stats({ agentId: "agent-3" });
    expect(report.reads.map(({ strategy }) => strategy)).toEqual(["scan", "scan"]);
    expect(await read()).toEqual(made);
    await store.search("nothing").batches().next();
    await rm(pathOf(".index"), { recursive: true });
    await (await open(false)).stats();
    await expect(readdir(pathOf(".index"))).rejects.toThrow("ENOENT");
  });

  it("goes on with what has been appended since", async () => {
    const store = await indexedStore();
    const third = "events-20260101_000000_002-producer0.jsonl";
    await writeFile(pathOf(third), linesOf(9_000, 9_500));
    await store.index();
    await appendFile(pathOf(third), `${linesOf(9_500, 9_510)}{"torn`);
    const { total, report } = await store.stats();
    expect(total).toBe(9_510);
    expect(report.linesRead).toBe(9_511);
    expect(report.reads.map(({ strategy }) => strategy)).toEqual(["index", "index", "scan"]);
    expect(report.reads[2]!.bytesRead).toBeLessThan(10_000);
  });

  it("counts a record once that stands in two segments", async () => {
    const store = await indexedStore();
    await writeFile(pathOf("events-20260101_000000_003-producer0.jsonl"), linesOf(8_990, 9_010));
    await store.index();
    const { total, report } = await store.stats({ groupBy: ["agent_id"] });
    expect([total, report.duplicates]).toEqual([9_010, 10]);
  });
});
