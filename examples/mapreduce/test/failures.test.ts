import { readFileSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { EventRecord } from "@prodigy-events/schema";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { git } from "../src/git.js";
import { eventsOf, hangingCheck, isReachable, jobId, portsOf, Workspace } from "./workspace.js";

const files = {
  "DATA.md": "Data files: \n",
  "a.json": '{"a": 1}\n',
  "b.json": '{"b": 2}\n',
  "broken.mjs": "const list = [1, 2;\n",
  "hangs.check.mjs": hangingCheck,
  "missing.ts": 'import { nothing } from "./nowhere.js";\n',
  "good.mjs": "export const one = 1;\n",
};
const items = Object.keys(files).filter((name) => name !== "DATA.md");

describe("a job in which things go wrong", () => {
  let workspace: Workspace;
  let records: EventRecord[];

  beforeAll(async () => {
    workspace = await Workspace.create(files);
    const job = workspace.startJob(
      items,
      "--max-attempts",
      "2",
      "--timeout-ms",
      "5000",
      "--memory-limit-mb",
      "10",
    );
    await job.endsWith(0);
    records = await workspace.records();
  });
  afterAll(() => workspace.remove());

  /** The events of one item in order, found by the correlation id that all its processes share. */
  const wayOf = (item: string) => {
    const id = records.find(({ event }) => event.item_id === item)?.correlation_id;
    return records.filter(({ correlation_id }) => correlation_id === id).map(({ event }) => event);
  };
  const failuresOf = (item: string) => wayOf(item).filter((event) => event.event_type === "agent_failed");

  it("is completed all the same, with the failures counted", () => {
    expect(eventsOf(records, "job_completed")).toMatchObject([{ success_count: 3, failure_count: 3 }]);
    expect(eventsOf(records, "map_phase_completed")).toMatchObject([{ successful: 3, failed: 3 }]);
  });

  it("retries a syntax error in vain: command_failed with the checker's exit code, and where its output is", () => {
    const [failure] = failuresOf("broken.mjs");
    expect(failure).toMatchObject({
      failure_reason: "command_failed",
      exit_code: 1,
      retry_eligible: true,
      error: expect.stringContaining("SyntaxError"),
    });
    expect(failuresOf("broken.mjs").map((event) => event.retry_eligible)).toEqual([true, false]);
    expect(readFileSync(String(failure?.json_log_location), "utf8")).toContain("const list = [1, 2;");
  });

  it("kills an agent that exceeds its time, together with what it started", async () => {
    expect(failuresOf("hangs.check.mjs").map((event) => event.failure_reason)).toEqual([
      "timeout",
      "timeout",
    ]);
    // What the agent logged before it was killed is there.
    expect(wayOf("hangs.check.mjs").map((event) => event.event_type)).toContain("agent_progress");
    const ports = portsOf(workspace);
    expect(ports).toHaveLength(2);
    expect(await Promise.all(ports.map(isReachable))).toEqual([false, false]);
  });

  it("recovers from a merge conflict: the second attempt starts from the other's merge", async () => {
    const item = failuresOf("a.json").length > 0 ? "a.json" : "b.json";
    expect(failuresOf(item)).toMatchObject([{ failure_reason: "merge_conflict", retry_eligible: true }]);
    expect(wayOf(item).map((event) => event.event_type)).toEqual([
      ...["worktree_created", "agent_started", "agent_progress", "agent_progress", "agent_progress"],
      ...["worktree_cleaned", "agent_failed", "agent_retrying"],
      ...["worktree_created", "agent_started", "agent_progress", "agent_progress", "agent_progress"],
      ...["worktree_merged", "worktree_cleaned", "agent_completed"],
    ]);
    const index = await git(workspace.repository, "show", `${jobId}/target:DATA.md`);
    expect(index).toBe("Data files: a.json, b.json");
  });

  it("gives one item one agent, and every process its own producer", () => {
    const way = records.filter(({ event }) => event.item_id === "broken.mjs");
    expect(new Set(way.map(({ event }) => event.agent_id)).size).toBe(1);
    expect(new Set(way.map(({ metadata }) => metadata.pid)).size).toBe(3);
    expect(new Set(way.map(({ correlation_id }) => correlation_id)).size).toBe(1);
  });

  it("puts what keeps failing in the dead letter queue and finds the patterns", () => {
    const added = eventsOf(records, "dlq_item_added");
    expect(added.map((event) => event.item_id).sort()).toEqual([
      "broken.mjs",
      "hangs.check.mjs",
      "missing.ts",
    ]);
    expect(added.every((event) => event.failure_count === 2)).toBe(true);
    expect(eventsOf(records, "dlq_analysis_generated")).toMatchObject([{ patterns: 3 }]);
  });

  it("logs the memory once when it goes over the limit, and the queue until it is empty", () => {
    expect(eventsOf(records, "memory_pressure")).toMatchObject([{ limit_mb: 10 }]);
    expect(eventsOf(records, "queue_depth_changed").at(-1)).toMatchObject({
      pending: 0,
      active: 0,
      completed: 3,
    });
  });

  it("leaves the summary on its own branch, and nothing else behind", async () => {
    const summary = await git(workspace.repository, "show", `${jobId}/target:SUMMARY.md`);
    expect(summary).toContain("# 3 files checked");
    expect(await git(workspace.repository, "branch", "--list", `${jobId}/*`)).toContain("/target");
    expect((await git(workspace.repository, "branch", "--list", `${jobId}/*`)).split("\n")).toHaveLength(1);
    expect((await git(workspace.repository, "worktree", "list")).split("\n")).toHaveLength(1);
    expect(await git(workspace.repository, "status", "--porcelain")).toBe("");
    expect(await git(workspace.repository, "log", "--oneline")).not.toContain("\n");
  });
});

describe("failures around the agents", () => {
  it("notices an agent that says it is done and has not committed its report", async () => {
    const workspace = await Workspace.create({ ".gitignore": "reports/\n", "a.ts": "export {};\n" });
    try {
      await workspace.startJob(["a.ts"], "--max-attempts", "1").endsWith(0);
      expect(eventsOf(await workspace.records(), "agent_failed")).toMatchObject([
        { failure_reason: "commit_validation_failed", retry_eligible: false },
      ]);
    } finally {
      await workspace.remove();
    }
  });

  it("takes a worktree that cannot be created for a failed attempt, and tries again", async () => {
    const workspace = await Workspace.create({ "a.ts": "export {};\n" });
    try {
      // The branch of the first attempt is checked out elsewhere, so that git refuses.
      const branch = `${jobId}/agent-1.1`;
      await git(workspace.repository, "worktree", "add", "-b", branch, join(workspace.folder, "elsewhere"));
      await workspace.startJob(["a.ts"]).endsWith(0);
      const records = await workspace.records();
      expect(eventsOf(records, "agent_failed")).toMatchObject([{ failure_reason: "worktree_error" }]);
      expect(eventsOf(records, "agent_completed")).toHaveLength(1);
    } finally {
      await workspace.remove();
    }
  });

  it("fails the job when more items fail than it accepts, after the running agents have finished", async () => {
    const workspace = await Workspace.create({
      "a.mjs": "{\n",
      "b.mjs": "{\n",
      "c.mjs": "{\n",
      "d.mjs": "{\n",
    });
    try {
      const job = workspace.startJob(
        ["a.mjs", "b.mjs", "c.mjs", "d.mjs"],
        ...["--max-attempts", "1", "--max-dead-letters", "1", "--parallel", "1"],
      );
      await job.endsWith(1);
      const records = await workspace.records();
      expect(eventsOf(records, "job_failed")).toMatchObject([
        { error: "2 items failed for good; the job accepts 1", partial_results: 0 },
      ]);
      expect(eventsOf(records, "agent_started")).toHaveLength(2);
      expect(eventsOf(records, "job_completed")).toEqual([]);
    } finally {
      await workspace.remove();
    }
  });

  it("goes on without checkpoints when they cannot be saved", async () => {
    const workspace = await Workspace.create({ "a.ts": "export {};\n" });
    try {
      await mkdir(join(workspace.state, "checkpoint.json"), { recursive: true });
      await workspace.startJob(["a.ts"]).endsWith(0);
      const records = await workspace.records();
      expect(eventsOf(records, "checkpoint_failed")).toMatchObject([
        { error: expect.stringContaining("EISDIR") },
        { error: expect.stringContaining("EISDIR") },
      ]);
      expect(eventsOf(records, "job_completed")).toMatchObject([{ success_count: 1 }]);
    } finally {
      await workspace.remove();
    }
  });
});
