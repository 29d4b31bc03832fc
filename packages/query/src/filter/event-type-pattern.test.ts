import { eventTypes } from "@prodigy-events/schema";
import { describe, expect, it } from "vitest";
import { normalizeTypePattern, typeMatcher } from "./event-type-pattern.js";

const matches = (patterns: string[], type: string) => typeMatcher(patterns.map(normalizeTypePattern))(type);
const pascalCase = (type: string) => type.replace(/(?:^|_)(.)/g, (_, letter: string) => letter.toUpperCase());

describe("typeMatcher", () => {
  it.each(eventTypes)("finds %s under each of its names by each of its names", (type) => {
    for (const pattern of [type, pascalCase(type)]) {
      for (const name of [type, pascalCase(type)])
        expect([pattern, name, matches([pattern], name)]).toContain(true);
      expect(matches([pattern], "something_else")).toBe(false);
    }
  });

  it.each([
    [["agent_*"], "AgentFailed", true],
    [["Agent*"], "agent_failed", true],
    [["*Failed"], "checkpoint_failed", true],
    [["DLQ*"], "d_l_q_items_evicted", true],
    [["d_l_q_*"], "dlq_item_added", true],
    [["dlq_*"], "DLQItemAdded", true],
    [["Build*"], "BuildFinished", true],
    [["build_finished"], "BuildFinished", false],
    [["job_*", "agent_failed"], "agent_failed", true],
    [["job_*", "agent_failed"], "agent_started", false],
    [["*"], "anything", true],
  ])("%j and %s: %s", (patterns, type, expected) => {
    expect(matches(patterns, type)).toBe(expected);
  });
});
