import { appendFile, mkdir, utimes, writeFile } from "node:fs/promises";
import { encodeRecord } from "@prodigy-events/schema";
import { type TemporaryDirectory, temporaryDirectory } from "@prodigy-events/test-kit";
import { beforeEach, describe, expect, it } from "vitest";
import { openStore } from "../src/index.js";
import { recordAt, TestProducer } from "./test-producer.js";

const start = Date.UTC(2026, 0, 1);
const started = (jobId: string, ms = start) =>
  recordAt(ms, { event: { event_type: "job_started", job_id: jobId } });

let root: TemporaryDirectory;
beforeEach(async () => {
  root = await temporaryDirectory();
});
const open = () => openStore({ root: root.path, repo: "repo", local: false });
const directoryOf = (job: string) => root.join("events", "repo", job);

describe("jobs", () => {
  it.each([
    { who: "a live producer", register: (producer: TestProducer) => producer.register(), state: "running" },
    { who: "a dead producer", register: (producer: TestProducer) => producer.registerDead(), state: "stale" },
  ])("that $who writes is $state until it ends", async ({ register, state }) => {
    const producer = new TestProducer(directoryOf("job-1"), "prod1");
    await register(producer);
    await producer.append([started("job-1")]);
    expect((await (await open()).jobs()).jobs).toMatchObject([{ jobId: "job-1", state }]);
    await producer.append([recordAt(start + 1, { event: { event_type: "job_completed", job_id: "job-1" } })]);
    expect((await (await open()).jobs()).jobs).toMatchObject([{ jobId: "job-1", state: "completed" }]);
  });

  it("that only foreign files tell of are stale once those have not been written for an hour", async () => {
    await mkdir(directoryOf("job-1"), { recursive: true });
    const path = root.join("events", "repo", "job-1", "events-20240101_120000.jsonl");
    await writeFile(path, encodeRecord(started("job-1")));
    expect((await (await open()).jobs()).jobs).toMatchObject([{ state: "running" }]);
    const longAgo = new Date(Date.now() - 2 * 3_600_000);
    await utimes(path, longAgo, longAgo);
    expect((await (await open()).jobs()).jobs).toMatchObject([{ state: "stale" }]);
  });

  it("come in the order in which they began, with their sizes, and one can be asked for alone", async () => {
    const late = new TestProducer(directoryOf("a-late"), "prod1");
    const early = new TestProducer(directoryOf("b-early"), "prod2");
    await late.append([started("a-late", start + 5)]);
    await early.append([
      started("b-early"),
      recordAt(start + 9, { event: { event_type: "job_paused", job_id: "b-early" } }),
    ]);
    await early.rotate();
    const { jobs, report } = await (await open()).jobs();
    expect(jobs.map(({ jobId }) => jobId)).toEqual(["b-early", "a-late"]);
    expect(jobs[0]).toMatchObject({
      segments: 2,
      records: 2,
      state: "paused",
      lastEventAt: "2026-01-01T00:00:00.009Z",
    });
    expect(jobs.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(report.bytesRead);
    const alone = await (await open()).jobs({ jobId: "a-late" });
    expect(alone.jobs.map(({ jobId }) => jobId)).toEqual(["a-late"]);
  });

  it("have a directory without records too, and none is made up for events of no job", async () => {
    await new TestProducer(directoryOf("empty"), "prod1").append([]);
    await new TestProducer(directoryOf("_no-job"), "prod2").append([
      recordAt(start, { event: { event_type: "x" } }),
    ]);
    const { jobs } = await (await open()).jobs();
    expect(jobs).toMatchObject([{ jobId: "empty", records: 0, startedAt: undefined, segments: 1 }]);
  });

  it("take in what local files, which name no repository, tell of a job of the store", async () => {
    const checkout = root.join("checkout");
    await mkdir(`${checkout}/.prodigy/events`, { recursive: true });
    const progress = recordAt(start + 1, { event: { event_type: "agent_progress", job_id: "job-1" } });
    const lines = encodeRecord(progress) + encodeRecord(started("elsewhere"));
    await writeFile(`${checkout}/.prodigy/events/mapreduce_events.jsonl`, lines);
    await new TestProducer(directoryOf("job-1"), "prod1").append([started("job-1")]);
    const store = await openStore({ root: root.path, repo: "repo", cwd: checkout, local: true });
    const { jobs } = await store.jobs();
    expect(jobs.map(({ jobId, repo, records, segments }) => ({ jobId, repo, records, segments }))).toEqual([
      { jobId: "elsewhere", repo: undefined, records: 1, segments: 1 },
      { jobId: "job-1", repo: "repo", records: 2, segments: 2 },
    ]);
  });

  it("of other files are known by their lines", async () => {
    const path = root.join("mapreduce_events.jsonl");
    const [one, two] = [encodeRecord(started("one")), encodeRecord(started("two", start + 1))];
    await appendFile(path, one + two);
    const { jobs } = await (await openStore({ files: [path] })).jobs();
    expect(jobs).toMatchObject([
      { jobId: "one", repo: undefined, segments: 1, bytes: Buffer.byteLength(one) },
      { jobId: "two", segments: 1, bytes: Buffer.byteLength(two) },
    ]);
  });
});
