import { join } from "node:path";
import { listSegments } from "@prodigy-events/storage";
import { describe, expect, it } from "vitest";
import { openStore, type QueryInput } from "../src/index.js";
import { countTypes, readEverything } from "./oracle.js";

/** Files as the Rust Prodigy writes them: see the table of variants in the README. */
const root = join(import.meta.dirname, "fixtures", "prodigy");
const repoDirectory = join(root, "events", "shop");
const jobs = ["mapreduce-20240101_120000", "mapreduce-20240102_090000"] as const;

const open = () => openStore({ root, repo: "shop", local: false });

async function matchesOf(question: QueryInput) {
  const stream = (await open()).query(question);
  const matches = [];
  for await (const batch of stream.batches()) matches.push(...batch);
  return { matches, report: stream.report };
}

async function everything() {
  return readEverything(
    (await Promise.all(jobs.map((job) => listSegments(join(repoDirectory, job))))).flat(),
  );
}

describe("segments written by Prodigy", () => {
  it("are read completely and put in time order, whatever their names say", async () => {
    const expected = await everything();
    const { matches, report } = await matchesOf({});
    expect(matches.map(({ line }) => line)).toEqual(expected.records.map(({ line }) => line));
    expect(matches.map(({ path, offset }) => ({ path, offset }))).toEqual(
      expected.records.map(({ path, offset }) => ({ path, offset })),
    );
    expect(report).toMatchObject({
      linesRead: 29,
      records: 28,
      malformed: 0,
      torn: 0,
      pending: 1,
      segments: 5,
    });
  });

  it.each([1, 3, 10, 28, 100])("give their newest %i in time order", async (limit) => {
    const expected = await everything();
    const { matches } = await matchesOf({ limit });
    expect(matches.map(({ line }) => line)).toEqual(expected.records.slice(-limit).map(({ line }) => line));
  });

  it("are counted under our names for their types", async () => {
    const { groups, total } = await (await open()).stats({ groupBy: ["event_type"] });
    expect(new Map(groups.map(({ key, count }) => [key[0], count]))).toEqual(
      countTypes((await everything()).records),
    );
    expect(total).toBe(28);
  });

  it.each([
    { eventTypes: ["dlq_item_added"], count: 2 },
    { eventTypes: ["DLQItemAdded"], count: 2 },
    { eventTypes: ["d_l_q_item_added"], count: 2 },
    { eventTypes: ["dlq_*"], count: 6 },
    { eventTypes: ["DLQ*"], count: 6 },
    { eventTypes: ["agent_failed"], count: 2 },
    { eventTypes: ["AgentFailed"], count: 2 },
    { eventTypes: ["Agent*"], count: 9 },
  ])("are found by the type $eventTypes", async ({ eventTypes, count }) => {
    expect((await matchesOf({ eventTypes })).matches).toHaveLength(count);
  });

  it.each([
    { question: { severity: "error" }, count: 4 },
    { question: { severity: ["warning"] }, count: 3 },
    { question: { category: "dlq" }, count: 6 },
    { question: { category: ["claude", "checkpoint"] }, count: 6 },
    { question: { agentId: "agent-1" }, count: 5 },
    { question: { itemId: ["item_0", "item_9"] }, count: 4 },
    { question: { since: "2024-01-01T12:00:00.105000200Z", until: "2024-01-01T12:00:01.250Z" }, count: 2 },
  ] as const)("answer $question", async ({ question, count }) => {
    expect((await matchesOf(question)).matches).toHaveLength(count);
  });

  it("give their Claude events, which name no job, to the job of their directory", async () => {
    const { matches } = await matchesOf({ jobId: jobs[0], category: "claude" });
    expect(matches).toHaveLength(4);
    expect(new Set(matches.map(({ jobId, record }) => `${jobId} ${record.event.job_id}`))).toEqual(
      new Set([`${jobs[0]} ${jobs[0]}`]),
    );
    const { groups } = await (await open()).stats({ groupBy: ["job_id"] });
    expect(groups.map(({ key, count }) => [key[0], count])).toEqual([
      [jobs[0], 18],
      [jobs[1], 10],
    ]);
  });

  it("are grouped by normalised values", async () => {
    const { groups } = await (await open()).stats({
      groupBy: ["failure_reason", "exit_code"],
      eventTypes: ["agent_failed"],
    });
    expect(groups.map(({ key }) => key)).toEqual([
      ["command_failed", 101],
      ["timeout", null],
    ]);
  });

  it("make up their jobs", async () => {
    const store = await openStore({ root, repo: "shop", local: false, now: () => Date.now() + 7_200_000 });
    const summaries = (await store.jobs()).jobs;
    expect(summaries).toMatchObject([
      {
        jobId: jobs[0],
        repo: "shop",
        state: "completed",
        startedAt: "2024-01-01T12:00:00.000000001Z",
        endedAt: "2024-01-01T12:02:05.000Z",
        duration: { secs: 125, nanos: 500_000_000 },
        totalItems: 4,
        agents: 3,
        itemsCompleted: 2,
        itemsFailed: 1,
        itemsDlq: 1,
        inputTokens: 15_320,
        outputTokens: 2_210,
        segments: 3,
        records: 18,
      },
      { jobId: jobs[1], state: "paused", itemsFailed: 1, itemsDlq: 0, segments: 2, records: 10 },
    ]);
  });
});
