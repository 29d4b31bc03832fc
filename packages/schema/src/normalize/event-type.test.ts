import { describe, expect, it } from "vitest";
import { normalizeEventType } from "./event-type.js";

describe("normalizeEventType", () => {
  it.each([
    ["AgentFailed", "agent_failed"],
    ["ClaudeTokenUsage", "claude_token_usage"],
    ["ReducePhaseStarted", "reduce_phase_started"],
    ["DLQItemAdded", "dlq_item_added"],
    ["DlqItemAdded", "dlq_item_added"],
    ["d_l_q_item_added", "dlq_item_added"],
    ["d_l_q_item_removed", "dlq_item_removed"],
    ["d_l_q_items_reprocessed", "dlq_items_reprocessed"],
    ["d_l_q_items_evicted", "dlq_items_evicted"],
    ["d_l_q_analysis_generated", "dlq_analysis_generated"],
  ])("reads %s as %s", (name, eventType) => {
    expect(normalizeEventType(name)).toBe(eventType);
  });

  it.each([
    "agent_failed",
    "build_finished",
    "BuildFinished",
    "d_l_q_other",
    "agentFailed",
    "constructor",
    "",
  ])("returns %j unchanged", (name) => {
    expect(normalizeEventType(name)).toBe(name);
  });
});
