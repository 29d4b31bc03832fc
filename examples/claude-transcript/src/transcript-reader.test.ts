import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { ClaudeEvent } from "./claude-event.js";
import { TranscriptReader } from "./transcript-reader.js";

function read(lines: readonly string[]) {
  const reader = new TranscriptReader({ agentId: "agent-1", location: "/logs/session.jsonl" });
  const events = [...lines.flatMap((line) => reader.read(line)), ...reader.end()];
  return { events, report: reader.report };
}

function fixture(name: string): string[] {
  const path = new URL(`../fixtures/${name}.jsonl`, import.meta.url);
  return readFileSync(path, "utf8").trimEnd().split("\n");
}

function ofType<T extends ClaudeEvent["event_type"]>(events: ClaudeEvent[], type: T) {
  return events.filter(
    (event): event is Extract<ClaudeEvent, { event_type: T }> => event.event_type === type,
  );
}

/** An assistant's line, reduced to what the test is about. */
function assistant(id: string | undefined, outputTokens: number, extra: object = {}): string {
  const message = { id, model: "m", content: [], usage: { input_tokens: 10, output_tokens: outputTokens } };
  return JSON.stringify({ type: "assistant", session_id: "s", message, ...extra });
}

function result(costUsd: number, extra: object = {}): string {
  return JSON.stringify({
    type: "result",
    subtype: "success",
    session_id: "s",
    total_cost_usd: costUsd,
    ...extra,
  });
}

function outputTokens(events: ClaudeEvent[]): number[] {
  return ofType(events, "claude_token_usage").map((event) => event.output_tokens);
}

describe("a session as stream-json prints it", () => {
  const { events, report } = read(fixture("stream-json"));

  it("starts once, with its model and its tools", () => {
    expect(ofType(events, "claude_session_started")).toEqual([
      {
        event_type: "claude_session_started",
        agent_id: "agent-1",
        session_id: "5f1c2d3e-0000-4000-8000-000000000001",
        model: "claude-sonnet-4-5",
        tools: ["Bash", "Edit", "Read", "Task"],
      },
    ]);
  });

  it("names the tools that were called, with their parameters", () => {
    const tools = ofType(events, "claude_tool_invoked");
    expect(tools.map((event) => [event.tool_id, event.tool_name])).toEqual([
      ["toolu_01", "Read"],
      ["toolu_02", "Task"],
    ]);
    expect(tools[0]?.parameters).toEqual({ file_path: "/repo/src/auth.ts" });
  });

  it("gives each message's usage once, with its final count, and a sub-agent's under its own id", () => {
    const usage = ofType(events, "claude_token_usage");
    expect(usage.map((event) => [event.agent_id, event.model, event.output_tokens])).toEqual([
      ["agent-1", "claude-sonnet-4-5", 161],
      ["agent-1", "claude-sonnet-4-5", 90],
      ["agent-1/toolu_02", "claude-haiku-4-5", 20],
      ["agent-1", "claude-sonnet-4-5", 33],
    ]);
    expect(usage[0]).toMatchObject({
      cache_tokens: 12_000,
      cache_read_tokens: 9000,
      cache_creation_tokens: 3000,
    });
  });

  it("puts the cost of the turn on its last usage", () => {
    const costs = ofType(events, "claude_token_usage").map((event) => event.cost_usd_micros);
    expect(costs).toEqual([undefined, undefined, undefined, 31_000]);
  });

  it("logs what was said, by kind", () => {
    expect(ofType(events, "claude_message").map((event) => [event.message_type, event.content])).toEqual([
      ["thinking", "The test names auth.ts; read it first."],
      ["assistant", "I will look at the failing check."],
      ["tool_result", "export const ttl = 60;"],
      ["assistant", "Only session.ts uses it."],
      ["tool_result", "Only session.ts uses it."],
      ["assistant", "The lifetime is in seconds, the check expects milliseconds."],
    ]);
  });

  it("reports the lines that yield no event", () => {
    expect(report.lines).toBe(12);
    expect(Object.fromEntries(report.notLogged)).toEqual({
      rate_limit_event: 1,
      "system/compact_boundary": 1,
    });
    expect(report.repeats).toBe(2);
  });
});

describe("a transcript from ~/.claude/projects", () => {
  const { events, report } = read(fixture("transcript"));

  it("starts its session at the first answer, which shows the model", () => {
    expect(ofType(events, "claude_session_started")).toMatchObject([
      { session_id: "5f1c2d3e-0000-4000-8000-000000000002", model: "claude-opus-4-5", tools: [] },
    ]);
  });

  it("logs prompt, answers, tool and usage, with the time and place that the transcript gives", () => {
    expect(ofType(events, "claude_message").map((event) => event.message_type)).toEqual([
      "user",
      "assistant",
      "tool_result",
      "assistant",
    ]);
    expect(ofType(events, "claude_message")[0]?.json_log_location).toBe("/logs/session.jsonl");
    expect(ofType(events, "claude_tool_invoked")[0]?.timestamp).toBe("2026-01-01T12:00:04.000Z");
    expect(outputTokens(events)).toEqual([75, 12]);
    expect(Object.fromEntries(report.notLogged)).toEqual({ summary: 1, "file-history-snapshot": 1 });
  });
});

describe("usage", () => {
  it("is not counted again when a resumed session repeats its history", () => {
    const { events, report } = read([
      assistant("a", 5),
      assistant("b", 6),
      assistant("a", 5),
      assistant("c", 7),
    ]);
    expect(outputTokens(events)).toEqual([5, 6, 7]);
    expect(report.repeats).toBe(1);
  });

  it("keeps the highest count of a message, in whatever order its lines come", () => {
    expect(outputTokens(read([assistant("a", 1), assistant("a", 9), assistant("a", 3)]).events)).toEqual([9]);
  });

  it("of sub-agents that work at the same time is kept apart", () => {
    const sub = (id: string, tokens: number) => assistant(id, tokens, { parent_tool_use_id: `t-${id}` });
    const { events } = read([sub("x", 1), sub("y", 2), sub("x", 3), sub("y", 4)]);
    expect(outputTokens(events)).toEqual([3, 4]);
  });

  it("without a message id is counted line by line", () => {
    expect(outputTokens(read([assistant(undefined, 1), assistant(undefined, 2)]).events)).toEqual([1, 2]);
  });

  it("is taken from the result when that is all there is", () => {
    const { events } = read([result(0.5, { usage: { input_tokens: 3, output_tokens: 4 } })]);
    expect(ofType(events, "claude_token_usage")).toMatchObject([
      { output_tokens: 4, cost_usd_micros: 500_000 },
    ]);
  });

  it("carries the cost of its own turn, though a session adds up its turns", () => {
    const { events } = read([assistant("a", 1), result(0.1), assistant("b", 1), result(0.25), result(0.02)]);
    expect(ofType(events, "claude_token_usage").map((event) => event.cost_usd_micros)).toEqual([
      100_000, 150_000, 20_000,
    ]);
  });
});

describe("what is not as expected", () => {
  it("counts and locates lines that are no records", () => {
    const { events, report } = read(["not json", "[]", "null", '{"no":"type"}', "", assistant("a", 1)]);
    expect(report.malformedLines).toEqual([1, 2, 3, 4]);
    expect(Object.fromEntries(report.notLogged)).toEqual({ "empty line": 1 });
    expect(outputTokens(events)).toEqual([1]);
  });

  it("counts unknown kinds of lines and of message parts by name", () => {
    const content = [{ type: "redacted_thinking", data: "x" }, { type: "text", text: "" }, "bare"];
    const line = JSON.stringify({ type: "user", session_id: "s", message: { content } });
    expect(Object.fromEntries(read([line, '{"type":"hologram"}']).report.notLogged)).toEqual({
      "user part: redacted_thinking": 1,
      "user without text": 1,
      "user part: without type": 1,
      hologram: 1,
    });
  });

  it("takes a line that comes twice only once", () => {
    const line = JSON.stringify({ type: "user", uuid: "u", message: { content: "again" } });
    const { events, report } = read([line, line]);
    expect(ofType(events, "claude_message")).toHaveLength(1);
    expect(report.repeats).toBe(1);
  });

  it("keeps the words of a result that is an error", () => {
    const { events } = read([result(0, { is_error: true, subtype: "error_max_turns" })]);
    expect(ofType(events, "claude_message")).toMatchObject([
      { message_type: "error", content: "error_max_turns" },
    ]);
  });
});
