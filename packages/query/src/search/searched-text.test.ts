import type { EventRecord } from "@prodigy-events/schema";
import { aRecord } from "@prodigy-events/schema/testing";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type SearchScope, searchTest } from "./searched-text.js";
import { compileSearch } from "./text-test.js";

const record: EventRecord = {
  ...aRecord("agent_failed"),
  correlation_id: "workflow-9",
  event: {
    event_type: "d_l_q_item_added",
    error: 'said "no"\n',
    exit_code: 137,
    retry_eligible: true,
    nested: { list: [{ deep: "treasure" }], count: 5 },
  },
  metadata: { host: "worker-01", pid: 4711 },
};
const line = '{"raw":"line","\\u0041":1}';

const finds = (text: string, scope: SearchScope = {}) => {
  const test = (candidate: string) => candidate.includes(text);
  return searchTest({ test, isLocal: false, chunkLimit: undefined }, scope)(
    record,
    { ms: 0, nanos: 0 },
    line,
  );
};

describe("searchTest", () => {
  it.each([
    ["treasure", true],
    ['said "no"\n', true],
    ["workflow-9", true],
    ["worker-01", true],
    ["d_l_q_item", true],
    ["dlq_item_added", true],
    ["exit_code", false],
    ["deep", false],
    ["137", false],
    ["line", false],
  ])("finds %j among the texts of a record: %s", (text, expected) => {
    expect(finds(text)).toBe(expected);
  });

  it.each([
    ["treasure", ["error"], false],
    ["treasure", ["error", "nested"], true],
    ["no", ["event.error"], true],
    ["137", ["exit_code"], true],
    ["true", ["retry_eligible"], true],
    ["worker", ["host"], true],
    ["worker", ["event.host"], false],
    ["dlq_item_added", ["event_type"], true],
    ["dlq_item_added", ["event.event_type"], true],
    ["dlq_item_added", ["error"], false],
    ["undefined", ["missing"], false],
  ])("finds %j in the fields %j: %s", (text, fields, expected) => {
    expect(finds(text, { fields })).toBe(expected);
  });

  it("searches the line as it stands when asked to", () => {
    expect(finds("\\u0041", { raw: true })).toBe(true);
    expect(finds("raw", { raw: true })).toBe(true);
    expect(finds("treasure", { raw: true })).toBe(false);
  });

  it("finds with one look at the line what it finds with a look at every text", () => {
    const text = fc.oneof(
      fc.string({ maxLength: 4 }),
      fc.constantFrom("agent", "job", "a", "é", "💥", '"', "\\", "/"),
    );
    const part = fc.constantFrom(
      "a",
      "agent",
      "job",
      "é",
      "e",
      "💥",
      '"',
      "\\\\",
      ".",
      "a|b",
      "[ab]",
      "dlq",
      "b+",
      "u00",
    );
    fc.assert(
      fc.property(text, text, part, fc.boolean(), (error, item, pattern, hasJob) => {
        const event = {
          event_type: "DLQItemAdded",
          error,
          nested: [item],
          ...(hasJob ? { job_id: item } : {}),
        };
        const subject: EventRecord = { ...record, event };
        const asWritten = JSON.stringify(subject).replaceAll("é", "\\u00e9");
        const derived = { ...subject, event: { job_id: "job-7", ...event } };
        const compiled = compileSearch(pattern, {});
        const answers = [true, false].map((isLocal) =>
          searchTest({ ...compiled, isLocal }, {})(derived, { ms: 0, nanos: 0 }, asWritten),
        );
        expect([compiled.isLocal, answers[0]]).toEqual([true, answers[1]]);
      }),
      { numRuns: 1_000 },
    );
  });
});
