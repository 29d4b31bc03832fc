import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { validateEvent } from "../catalog/accessors.js";
import type { AnyEvent } from "../events.js";
import { eventTypes } from "../payloads/event-types.js";
import { anEvent, aRecord } from "../testing/index.js";
import { normalizeEvent, normalizeRecord } from "./event.js";
import { pascalCase } from "./spelling.js";

describe("normalizeEvent", () => {
  it.each(eventTypes)("returns a %s of ours as it is", (eventType) => {
    const event: AnyEvent = anEvent(eventType);
    expect(normalizeEvent(event)).toBe(event);
  });

  it.each(eventTypes)("knows %s by its Rust name", (eventType) => {
    const event: AnyEvent = anEvent(eventType);
    expect(normalizeEvent({ ...event, event_type: pascalCase(eventType) })).toEqual(event);
  });

  it.each([
    [[45, 500_000_000], { secs: 45, nanos: 500_000_000 }],
    [[-1, 0], { secs: -1, nanos: 0 }],
    [45.5, { secs: 45, nanos: 500_000_000 }],
  ])("writes the duration %j in full", (duration, expected) => {
    expect(normalizeEvent({ event_type: "job_completed", duration })).toEqual({
      event_type: "job_completed",
      duration: expected,
    });
  });

  it("reads an agent_completed as Prodigy writes it", () => {
    const event = {
      event_type: "AgentCompleted",
      job_id: "job-1",
      agent_id: "agent-1",
      duration: [45, 0],
      commits: ["a1b2c3d"],
      json_log_location: null,
      cleanup_status: { Failed: "worktree is locked" },
    };
    const normalized = normalizeEvent(event);
    expect(normalized).toEqual({
      event_type: "agent_completed",
      job_id: "job-1",
      agent_id: "agent-1",
      duration: { secs: 45, nanos: 0 },
      commits: ["a1b2c3d"],
      cleanup_status: "failed: worktree is locked",
    });
    expect(validateEvent(normalized, "full")).toEqual([]);
  });

  it.each([
    ["Success", { cleanup_status: "success" }],
    ["Skipped", { cleanup_status: "skipped" }],
    [{ Failed: "why" }, { cleanup_status: "failed: why" }],
    [{ Failed: 7 }, { cleanup_status: "failed" }],
    [null, {}],
    ["failed: why", { cleanup_status: "failed: why" }],
    [7, { cleanup_status: 7 }],
  ])("reads the cleanup status %j", (status, expected) => {
    expect(normalizeEvent({ event_type: "agent_completed", cleanup_status: status })).toEqual({
      event_type: "agent_completed",
      ...expected,
    });
  });

  it.each([
    ["Timeout", { failure_reason: "timeout" }],
    [{ CommandFailed: { exit_code: 1 } }, { failure_reason: "command_failed", exit_code: 1 }],
    [
      { CommitValidationFailed: { command: "make" } },
      { failure_reason: "commit_validation_failed", command: "make" },
    ],
    ["merge_conflict", { failure_reason: "merge_conflict" }],
    ["OutOfLuck", { failure_reason: "OutOfLuck" }],
  ])("reads the failure reason %j", (reason, expected) => {
    expect(normalizeEvent({ event_type: "agent_failed", failure_reason: reason })).toEqual({
      event_type: "agent_failed",
      ...expected,
    });
  });

  it("does not overwrite fields that the event has", () => {
    const event = {
      event_type: "agent_failed",
      failure_reason: { CommandFailed: { exit_code: 1 } },
      exit_code: 2,
    };
    expect(normalizeEvent(event)).toMatchObject({ exit_code: 2 });
  });

  it("leaves the patterns of an analysis a list, as Prodigy may write it", () => {
    const event = {
      event_type: "d_l_q_analysis_generated",
      job_id: "job-1",
      patterns: ["timeout", "conflict"],
    };
    expect(normalizeEvent(event)).toEqual({ ...event, event_type: "dlq_analysis_generated" });
  });

  it("leaves unknown types alone, whatever their fields are called", () => {
    const event = {
      event_type: "build_finished",
      duration: [1, 2],
      failure_reason: "Timeout",
      json_log_location: null,
    };
    expect(normalizeEvent(event)).toBe(event);
  });

  it("changes no event given to it, and has nothing to do a second time", () => {
    const eventType = fc.constantFrom(
      "AgentCompleted",
      "agent_failed",
      "job_completed",
      "ClaudeMessage",
      "DLQItemAdded",
      "other",
    );
    const value = fc.oneof(
      fc.constantFrom("Timeout", { CommandFailed: { exit_code: 3 } }, [1, 2], 45.5, null),
      fc.jsonValue(),
    );
    const event = fc.record(
      {
        event_type: eventType,
        duration: value,
        failure_reason: value,
        cleanup_status: value,
        json_log_location: value,
      },
      { requiredKeys: ["event_type"] },
    );
    fc.assert(
      fc.property(event, (given) => {
        const before = structuredClone(given);
        const normalized = normalizeEvent(given);
        expect(given).toEqual(before);
        expect(normalizeEvent(normalized)).toBe(normalized);
      }),
      { numRuns: 3000 },
    );
  });
});

describe("normalizeRecord", () => {
  it("returns a record of ours as it is", () => {
    const record = aRecord("agent_completed");
    expect(normalizeRecord(record)).toBe(record);
  });

  it("keeps the envelope of a record whose event it changes", () => {
    const record = aRecord({ event_type: "JobPaused", job_id: "job-1" });
    expect(normalizeRecord(record)).toEqual({
      ...record,
      event: { event_type: "job_paused", job_id: "job-1" },
    });
  });
});
