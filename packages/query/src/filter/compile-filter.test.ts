import {
  builtinEvents,
  defineCatalog,
  defineEvent,
  type EventRecord,
  unchecked,
} from "@prodigy-events/schema";
import { aRecord } from "@prodigy-events/schema/testing";
import { describe, expect, it } from "vitest";
import { instantOf } from "../time/instant.js";
import { allOf, compileFilter } from "./compile-filter.js";
import { type QueryInput, resolveQuery } from "./query.js";

const record: EventRecord = {
  ...aRecord("agent_failed"),
  timestamp: "2026-01-01T12:00:00.000000005Z",
  correlation_id: "run-7",
  event: { event_type: "AgentFailed", job_id: "job-1", agent_id: "agent-1", error: "x" },
};

function accepts(input: QueryInput, subject: EventRecord = record, catalog = builtinEvents): boolean {
  return compileFilter(resolveQuery(input, 0), catalog)(subject, instantOf(subject.timestamp)!, "");
}

describe("compileFilter", () => {
  it.each<[QueryInput, boolean]>([
    [{}, true],
    [{ since: "2026-01-01T12:00:00.000000005Z" }, true],
    [{ since: "2026-01-01T12:00:00.000000006Z" }, false],
    [{ until: "2026-01-01T12:00:00.000000005Z" }, true],
    [{ until: "2026-01-01T12:00:00.000000004Z" }, false],
    [{ until: "2026-01-01T13:00:00.000000005+01:00" }, true],
    [{ eventTypes: ["agent_failed"] }, true],
    [{ eventTypes: ["agent_started"] }, false],
    [{ jobId: "job-1" }, true],
    [{ jobId: ["job-2", "job-3"] }, false],
    [{ agentId: "agent-1" }, true],
    [{ agentId: "agent" }, false],
    [{ itemId: "undefined" }, false],
    [{ correlationId: "run-7" }, true],
    [{ correlationId: "run" }, false],
    [{ severity: "error" }, true],
    [{ severity: ["info", "warning"] }, false],
    [{ category: "agent" }, true],
    [{ category: "job" }, false],
    [{ agentId: "agent-1", jobId: "job-2" }, false],
    [{ agentId: [], jobId: [] }, true],
  ])("%o: %s", (input, expected) => {
    expect(accepts(input)).toBe(expected);
  });

  it("never takes a field of another kind for the text that is asked for", () => {
    const odd: EventRecord = { ...record, event: { event_type: "x", job_id: 7, agent_id: null } };
    expect(accepts({ jobId: "7" }, odd)).toBe(false);
    expect(accepts({ agentId: "null" }, odd)).toBe(false);
  });

  it("takes severity and category from the catalog", () => {
    const catalog = defineCatalog(builtinEvents, [
      defineEvent("build_finished", unchecked<{ target: string }>(), {
        category: "build",
        severity: () => "warning",
      }),
    ]);
    const build: EventRecord = { ...record, event: { event_type: "build_finished" } };
    const filter = compileFilter(resolveQuery({ category: "build", severity: "warning" }, 0), catalog);
    expect(filter(build, instantOf(build.timestamp)!, "")).toBe(true);
    expect(filter(record, instantOf(record.timestamp)!, "")).toBe(false);
  });
});

describe("allOf", () => {
  it("demands what every test demands", () => {
    const tests = [true, false].flatMap((a) => [true, false].map((b) => [a, b]));
    for (const [a, b] of tests)
      expect(allOf([() => a!, () => b!])(record, { ms: 0, nanos: 0 }, "")).toBe(a! && b!);
    expect(allOf([])(record, { ms: 0, nanos: 0 }, "")).toBe(true);
  });
});
