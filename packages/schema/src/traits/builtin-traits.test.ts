import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { severityOf, summaryOf } from "../catalog/accessors.js";
import type { AnyEvent } from "../events.js";
import { eventTypes } from "../payloads/event-types.js";
import { anEvent } from "../testing/index.js";
import { builtinTraits } from "./builtin-traits.js";

describe("the built-in traits", () => {
  it("cover every type once, in the order of the types", () => {
    expect(Object.values(builtinTraits).flatMap((traits) => Object.keys(traits))).toEqual(eventTypes);
  });

  it.each(eventTypes)("rate %s by its kind", (eventType) => {
    const errors = ["dlq_item_added", "events_dropped", "event_rejected"];
    const warnings = ["memory_pressure", "agent_retrying", "dlq_items_evicted"];
    const isError = eventType.endsWith("_failed") || errors.includes(eventType);
    const expected = isError ? "error" : warnings.includes(eventType) ? "warning" : "info";
    expect(severityOf(anEvent(eventType))).toBe(expected);
  });

  it.each([
    ["job_started", {}, "12 items"],
    ["job_started", { total_items: 1 }, "1 item"],
    ["job_completed", {}, "2m 3s · 11 succeeded · 1 failed"],
    ["job_failed", {}, "the reduce command failed · 7 partial results"],
    ["job_paused", {}, "checkpoint 3"],
    ["job_resumed", {}, "checkpoint 3 · 5 pending"],
    ["agent_started", {}, "src/auth.ts · attempt 1 · worktree-1"],
    ["agent_progress", {}, "50% · running tests"],
    ["agent_progress", { progress_pct: 33.333 }, "33% · running tests"],
    ["agent_completed", {}, "45.0s · 2 commits"],
    ["agent_completed", { commits: ["a"], cleanup_status: "skipped" }, "45.0s · 1 commit · cleanup skipped"],
    ["agent_completed", { cleanup_status: undefined }, "45.0s · 2 commits"],
    ["agent_failed", {}, "timeout: no answer within 60 s"],
    ["agent_failed", { failure_reason: undefined }, "no answer within 60 s"],
    [
      "agent_failed",
      { failure_reason: "command_failed", exit_code: 1, error: "\nmake: *** [all]\nError 1" },
      "command_failed (exit 1): make: *** [all]",
    ],
    ["agent_failed", { failure_reason: undefined, exit_code: 1 }, "no answer within 60 s"],
    ["agent_failed", { error: "" }, "timeout"],
    ["agent_retrying", {}, "attempt 2 · in 1.0s"],
    ["checkpoint_created", {}, "version 3 · 7 agents completed"],
    ["checkpoint_loaded", {}, "version 3"],
    ["checkpoint_failed", {}, "the disk is full"],
    ["worktree_created", {}, "worktree-1 · branch agent-1-branch"],
    ["worktree_merged", {}, "into main"],
    ["worktree_cleaned", {}, "worktree-1"],
    ["queue_depth_changed", {}, "12 pending · 4 active · 30 completed"],
    ["memory_pressure", {}, "900 MB used · limit 1,024 MB"],
    ["dlq_item_added", {}, "src/auth.ts · 3 failures · timeout after <n> s"],
    ["dlq_item_removed", {}, "src/auth.ts"],
    ["dlq_items_reprocessed", {}, "2 items"],
    ["dlq_items_evicted", {}, "2 items"],
    ["dlq_analysis_generated", {}, "3 patterns"],
    ["dlq_analysis_generated", { patterns: ["timeout"] }, "1 pattern"],
    ["claude_tool_invoked", {}, "Read"],
    ["claude_token_usage", {}, "1,234 in · 456 out · 78 cached"],
    ["claude_token_usage", { cache_tokens: 0 }, "1,234 in · 456 out"],
    ["claude_session_started", {}, "claude-opus · 3 tools"],
    ["claude_message", {}, "assistant: The tests pass now."],
    ["claude_message", { content: "x".repeat(200) }, `assistant: ${"x".repeat(119)}…`],
    ["map_phase_started", {}, "12 items"],
    ["map_phase_completed", {}, "11 succeeded · 1 failed"],
    ["reduce_phase_started", {}, ""],
    ["reduce_phase_completed", {}, ""],
    ["events_dropped", {}, "431 events · sequence 1,200–1,630 · queue full"],
    ["event_rejected", {}, "claude_message: too large · 9,000,000 bytes"],
  ] as const)("summarise %s with %j as: %s", (eventType, fields, summary) => {
    const event: AnyEvent = { ...anEvent(eventType), ...fields };
    expect(summaryOf(event)).toBe(summary);
  });

  it("summarise any event on one line, whatever its fields hold", () => {
    const event = fc.constantFrom(...eventTypes).chain((eventType) => {
      const names = Object.keys(anEvent(eventType)).filter((name) => name !== "event_type");
      return fc.record({
        event_type: fc.constant<string>(eventType),
        ...Object.fromEntries(names.map((name) => [name, fc.anything()])),
      });
    });
    fc.assert(
      fc.property(event, (given) => {
        expect(summaryOf(given)).not.toMatch(/[\r\n]/);
      }),
      { numRuns: 3000 },
    );
  });
});
