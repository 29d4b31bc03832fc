import type { AnyEvent } from "@prodigy-events/schema";
import { describe, expect, it } from "vitest";
import type { Match } from "../read/match.js";
import { JobProgress } from "./job-progress.js";

/** A job's progress after these events, a second apart. */
function progressOf(...events: AnyEvent[]): JobProgress {
  const progress = new JobProgress();
  for (const [at, event] of events.entries()) {
    const timestamp = `2026-01-01T00:00:${String(at).padStart(2, "0")}.000Z`;
    const record = { id: `${at}`, timestamp, correlation_id: "", event, metadata: {} };
    progress.add({ record, line: "", path: "", offset: 0, jobId: "job-1", repo: undefined } satisfies Match);
  }
  return progress;
}

const started = (agent: string, item: string) => ({
  event_type: "agent_started",
  agent_id: agent,
  item_id: item,
});
const completed = (agent: string) => ({ event_type: "agent_completed", agent_id: agent });
const failed = (agent: string) => ({ event_type: "agent_failed", agent_id: agent });

describe("JobProgress", () => {
  it.each([
    [["job_started"], "running"],
    [["job_started", "job_paused"], "paused"],
    [["job_started", "job_paused", "job_resumed"], "running"],
    [["job_started", "job_failed"], "failed"],
    [["job_started", "job_failed", "job_resumed", "job_completed"], "completed"],
    [["agent_started"], undefined],
  ])("after %j is %s", (types, state) => {
    expect(progressOf(...types.map((type) => ({ event_type: type }))).state).toBe(state);
  });

  it("counts an item by its last attempt, whichever agent made it", () => {
    const { itemsCompleted, itemsFailed, agents } = progressOf(
      started("a1", "x"),
      failed("a1"),
      started("a2", "x"),
      completed("a2"),
      started("a1", "y"),
      completed("a1"),
      started("a1", "z"),
      failed("a1"),
      started("a3", "w"),
    ).summary();
    expect({ itemsCompleted, itemsFailed, agents }).toEqual({ itemsCompleted: 2, itemsFailed: 1, agents: 3 });
  });

  it("counts an agent that names no item as one", () => {
    expect(progressOf(completed("a1"), failed("a2")).summary()).toMatchObject({
      itemsCompleted: 1,
      itemsFailed: 1,
    });
  });

  it("keeps the dead letter queue: what is in it has failed", () => {
    const dlq = (type: string, item: string) => ({ event_type: type, item_id: item });
    const events = [started("a1", "x"), dlq("dlq_item_added", "x"), dlq("DLQItemAdded", "y")];
    expect(progressOf(...events).summary()).toMatchObject({ itemsDlq: 2, itemsFailed: 2 });
    expect(progressOf(...events, dlq("d_l_q_item_removed", "x")).summary()).toMatchObject({ itemsDlq: 1 });
  });

  it("takes the numbers of a job without agents from its end", () => {
    const end = { event_type: "job_completed", duration: [5, 0], success_count: 9, failure_count: 2 };
    const summary = progressOf({ event_type: "job_started", total_items: 11 }, end).summary();
    expect(summary).toMatchObject({ itemsCompleted: 9, itemsFailed: 2, totalItems: 11 });
    expect(summary.duration).toEqual({ secs: 5, nanos: 0 });
  });

  it("measures a job that does not say how long it took, and no job that has not ended", () => {
    const [start, end] = [{ event_type: "job_started" }, { event_type: "job_failed" }];
    expect(progressOf(start, failed("a"), end).summary()).toMatchObject({
      duration: { secs: 2, nanos: 0 },
      startedAt: "2026-01-01T00:00:00.000Z",
      endedAt: "2026-01-01T00:00:02.000Z",
    });
    expect(progressOf(end).summary().duration).toBeUndefined();
    expect(progressOf(start, end, { event_type: "job_resumed" }).summary()).toMatchObject({
      duration: undefined,
      endedAt: undefined,
      lastEventAt: "2026-01-01T00:00:02.000Z",
    });
  });

  it("adds up tokens, and leaves out what is no number", () => {
    const usage = (input: unknown, output: unknown) => ({
      event_type: "claude_token_usage",
      agent_id: "a",
      input_tokens: input,
      output_tokens: output,
    });
    const summary = progressOf(usage(10, 1), usage(5, "x"), usage(null, 2)).summary();
    expect(summary).toMatchObject({ inputTokens: 15, outputTokens: 3, records: 3 });
  });
});
