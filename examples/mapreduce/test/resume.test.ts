import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { git } from "../src/git.js";
import { commitAll } from "../src/worktree.js";
import { eventsOf, hangingCheck, isReachable, jobId, portsOf, Workspace } from "./workspace.js";

/** Checks that take a moment, so that a signal meets a job that still has work to do. */
const slow = "await new Promise((resolve) => setTimeout(resolve, 700));\n";
const items = ["1.ts", "2.check.mjs", "3.check.mjs", "4.check.mjs"];
const files = {
  "1.ts": "export {};\n",
  "2.check.mjs": slow,
  "3.check.mjs": slow,
  "4.check.mjs": slow,
  "hangs.check.mjs": hangingCheck,
};

/** Waits until something is the case; the time limit of the test is that of the wait. */
async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isSo())) await new Promise((resolve) => setTimeout(resolve, 20));
}

describe("a job that is interrupted", () => {
  let workspace: Workspace;
  beforeEach(async () => {
    workspace = await Workspace.create(files);
  });
  afterEach(() => workspace.remove());

  it("lets its agents finish, pauses with a checkpoint, and goes on from there", async () => {
    const job = workspace.startJob(items, "--parallel", "1");
    await job.printed("✓ agent-1");
    job.kill("SIGINT");
    await job.endsWith(130);

    const paused = await workspace.records();
    const completed = eventsOf(paused, "agent_completed").length;
    expect(eventsOf(paused, "agent_started")).toHaveLength(completed);
    expect(completed).toBeLessThan(4);
    const [pause] = eventsOf(paused, "job_paused");
    expect(eventsOf(paused, "checkpoint_created").at(-1)).toMatchObject({
      version: pause?.checkpoint_version,
      agents_completed: completed,
    });

    await workspace.start("resume", workspace.state).endsWith(0);
    const records = await workspace.records();
    expect(eventsOf(records, "checkpoint_loaded")).toMatchObject([{ version: pause?.checkpoint_version }]);
    expect(eventsOf(records, "job_resumed")).toMatchObject([
      { checkpoint_version: pause?.checkpoint_version, pending_items: 4 - completed },
    ]);
    expect(eventsOf(records, "agent_started")).toHaveLength(4);
    expect(eventsOf(records, "job_completed")).toMatchObject([{ success_count: 4, failure_count: 0 }]);
    // One run, however many processes: a search for its id finds everything.
    expect(new Set(records.map(({ correlation_id }) => correlation_id.split("/")[0])).size).toBe(1);
  });

  it("leaves at once when it is interrupted again, takes its agents along, and loses no event", async () => {
    const job = workspace.startJob(["1.ts", "hangs.check.mjs", "2.check.mjs"], "--parallel", "1");
    await job.printed("✓ agent-1");
    await until(() => portsOf(workspace).length > 0);
    job.kill("SIGINT");
    await job.printed("interrupted");
    job.kill("SIGINT");
    await job.endsWith(130);

    await until(async () => !(await isReachable(portsOf(workspace)[0] ?? 0)));
    const records = await workspace.records();
    expect(eventsOf(records, "agent_started")).toHaveLength(2);
    expect(eventsOf(records, "job_paused")).toEqual([]);
    const { metadata } = records.find(({ event }) => event.event_type === "job_started") ?? {};
    const ofJob = records.filter((record) => record.metadata.producer_id === metadata?.producer_id);
    expect(ofJob.map((record) => record.metadata.sequence)).toEqual(ofJob.map((_, index) => index));
    expect(ofJob.map(({ event }) => event.worktree_name)).toContain("agent-2.1");
  });

  it("fails instead of pausing when the checkpoint to resume from cannot be saved", async () => {
    const job = workspace.startJob(items, "--parallel", "1");
    await job.printed("✓ agent-1");
    await mkdir(join(workspace.state, "checkpoint.json.tmp"));
    job.kill("SIGINT");
    await job.endsWith(1);
    const records = await workspace.records();
    expect(eventsOf(records, "checkpoint_failed").length).toBeGreaterThan(0);
    expect(eventsOf(records, "job_failed")).toMatchObject([{ error: expect.stringContaining("not saved") }]);
    expect(eventsOf(records, "job_paused")).toEqual([]);
  });

  it("can be resumed when it was killed, and repeats what the last checkpoint does not know", async () => {
    const job = workspace.startJob(items, "--parallel", "1");
    await job.printed("✓ agent-1");
    job.kill("SIGKILL");
    await job.endsWith("SIGKILL");

    await workspace.start("resume", workspace.state).endsWith(0);
    const records = await workspace.records();
    expect(eventsOf(records, "job_paused")).toEqual([]);
    expect(eventsOf(records, "job_completed")).toMatchObject([{ success_count: 4 }]);
    const summary = await git(workspace.repository, "show", `${jobId}/target:SUMMARY.md`);
    expect(summary).toContain("# 4 files checked");
  });
});

describe("the dead letter queue", () => {
  it("is reprocessed when somebody has repaired what was broken, and evicted when nobody has", async () => {
    const workspace = await Workspace.create({ "bad.json": "{", "worse.json": "{", "ok.ts": "export {};\n" });
    try {
      const job = workspace.startJob(["bad.json", "worse.json", "ok.ts"], "--max-attempts", "2");
      await job.endsWith(0);
      await writeFile(join(workspace.repository, "bad.json"), "{}");
      await commitAll(workspace.repository, "repair bad.json");

      await workspace.start("reprocess", workspace.state).endsWith(0);
      const records = await workspace.records();
      expect(eventsOf(records, "dlq_items_reprocessed")).toMatchObject([{ count: 2 }]);
      expect(eventsOf(records, "dlq_item_removed")).toMatchObject([{ item_id: "bad.json" }]);
      // The attempts are numbered through, and the letter that comes back knows all its failures.
      const attempts = records.filter(({ event }) => event.event_type === "agent_started");
      const of = (item: string) =>
        attempts.filter(({ event }) => event.item_id === item).map((r) => r.event.attempt);
      expect([of("bad.json"), of("worse.json")]).toEqual([
        [1, 2, 3],
        [1, 2, 3, 4],
      ]);
      expect(eventsOf(records, "dlq_item_added").at(-1)).toMatchObject({
        item_id: "worse.json",
        failure_count: 4,
      });
      expect(eventsOf(records, "job_completed").at(-1)).toMatchObject({ success_count: 2, failure_count: 1 });

      const young = workspace.start("evict", workspace.state);
      await young.endsWith(0);
      expect(young.output).toContain("dead letters dropped: 0");
      await workspace.start("evict", workspace.state, "--older-than-ms", "0").endsWith(0);
      expect(eventsOf(await workspace.records(), "dlq_items_evicted")).toMatchObject([{ count: 1 }]);
    } finally {
      await workspace.remove();
    }
  });
});
