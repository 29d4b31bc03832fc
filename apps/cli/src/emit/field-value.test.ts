import { builtinEvents } from "@prodigy-events/schema";
import { describe, expect, it } from "vitest";
import { assembleFields } from "./field-value.js";

const assemble = (type: string, ...assignments: string[]) =>
  assembleFields(assignments, builtinEvents.get(type), (typed) => typed.startsWith("pin"));

describe("assembleFields", () => {
  it.each([
    ["agent_started", "attempt=2", { attempt: 2 }],
    ["agent_started", "item_id=007", { item_id: "007" }],
    ["agent_failed", "retry_eligible=true", { retry_eligible: true }],
    ["agent_failed", "error=a=b, c", { error: "a=b, c" }],
    ["agent_failed", "failure_reason=timeout", { failure_reason: "timeout" }],
    ["agent_progress", "progress_pct=12.5", { progress_pct: 12.5 }],
    ["agent_completed", "commits=a1,b2", { commits: ["a1", "b2"] }],
    ["agent_completed", "commits=", { commits: [] }],
    ["agent_completed", 'commits=["a,b"]', { commits: ["a,b"] }],
    ["agent_completed", "duration=45s", { duration: { secs: 45, nanos: 0 } }],
    ["agent_completed", "duration=1m30s", { duration: { secs: 90, nanos: 0 } }],
    ["agent_completed", "duration=0.5", { duration: { secs: 0, nanos: 500_000_000 } }],
    ["agent_completed", 'duration={"secs":1,"nanos":2}', { duration: { secs: 1, nanos: 2 } }],
    ["agent_completed", "duration.secs=3", { duration: { secs: 3 } }],
    ["job_started", 'config={"max_parallel":8}', { config: { max_parallel: 8 } }],
    ["job_started", "config.max_parallel=8", { config: { max_parallel: 8 } }],
    ["claude_tool_invoked", "parameters=ls -l", { parameters: "ls -l" }],
    ["build_finished", "warnings=3", { warnings: 3 }],
    ["build_finished", "target=release", { target: "release" }],
    ["build_finished", "pin=1234", { pin: "1234" }],
    ["build_finished", 'pin={"n":1234}', { pin: { n: 1234 } }],
  ])("%s with --set %s has %j", (type, assignment, fields) => {
    expect(assemble(type, assignment)).toEqual({ fields, warnings: [] });
  });

  it("warns about a field that the type does not have", () => {
    expect(assemble("agent_failed", "eror=x").warnings).toEqual([
      'agent_failed has no field "eror"; did you mean error?',
    ]);
  });

  it.each([
    ["agent_started", "attempt=two", '--set attempt wants integer >= 1, got "two"'],
    ["agent_started", "attempt=", "--set attempt wants integer >= 1"],
    ["agent_failed", "retry_eligible=yes", '--set retry_eligible wants boolean, got "yes"'],
    ["job_started", "config=x", "--set config wants object"],
    ["agent_completed", "commits=[1", "--set commits wants string[]"],
    ["agent_completed", "duration=fast", "--set duration wants a length of time"],
    ["agent_failed", "error", '--set wants key=value, got "error"'],
    ["agent_failed", "=x", "--set wants key=value"],
    ["agent_failed", "__proto__.x=1", "--set cannot set"],
  ])("%s refuses --set %s: %s", (type, assignment, message) => {
    expect(() => assemble(type, assignment)).toThrow(message);
  });
});
