import type { EventRecord } from "@prodigy-events/schema";
import { describe, expect, it } from "vitest";
import { type QueryInput, resolveQuery } from "./query.js";
import { recordFilter } from "./record-filter.js";

const record: EventRecord = {
  id: "1",
  timestamp: "2026-01-01T12:00:00.000Z",
  correlation_id: "run-1",
  event: { event_type: "AgentFailed", job_id: "j", agent_id: "a" },
  metadata: {},
};

const passes = (input: QueryInput, given = record) =>
  recordFilter(resolveQuery(input, Date.parse("2026-01-01T13:00:00Z")))(given, JSON.stringify(given));

describe("recordFilter", () => {
  it.each([
    { input: {} },
    { input: { jobId: "j", agentId: ["a", "b"], eventTypes: ["agent_*"], limit: 1 } },
    { input: { severity: ["error" as const], correlationId: "run-1" } },
    { input: { since: "2h", until: "2026-01-01T12:00:00Z" } },
  ])("lets a record pass that fits $input", ({ input }) => {
    expect(passes(input)).toBe(true);
  });

  it.each([
    { input: { jobId: "k" } },
    { input: { eventTypes: ["job_*"] } },
    { input: { since: "30m" } },
    { input: { until: "2026-01-01T11:59:59Z" } },
  ])("lets none pass that does not fit $input", ({ input }) => {
    expect(passes(input)).toBe(false);
  });
});
