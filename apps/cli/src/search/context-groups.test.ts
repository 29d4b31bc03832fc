import type { Match } from "@prodigy-events/query";
import { describe, expect, it } from "vitest";
import { groupContext } from "./context-groups.js";

/** `a1 b1 a2!`: agent, number, and `!` where it matches. */
function story(text: string) {
  const all = text.split(" ").map((word, offset) => {
    const record = {
      id: word.replace("!", ""),
      timestamp: "2026-01-01T00:00:00.000Z",
      correlation_id: "",
      event: { event_type: "agent_progress", agent_id: word[0] },
      metadata: {},
    };
    return { isHit: word.endsWith("!"), match: { record, line: "", path: "f", offset } as unknown as Match };
  });
  return {
    all: all.map(({ match }) => match),
    hits: all.filter(({ isHit }) => isHit).map(({ match }) => match),
  };
}

async function* inBatches(matches: Match[]): AsyncGenerator<Match[]> {
  for (let index = 0; index < matches.length; index += 2) yield matches.slice(index, index + 2);
}

async function groups(text: string, size: number, maxHeld = 100): Promise<string[]> {
  const { all, hits } = story(text);
  const found: string[] = [];
  for await (const group of groupContext(inBatches(all), inBatches(hits), size, maxHeld)) {
    found.push(group.matches.map((match) => match.record.id + (group.hits.has(match) ? "!" : "")).join(" "));
  }
  return found;
}

describe("groupContext", () => {
  it.each([
    ["a1 a2 a3! a4 a5", 1, ["a2 a3! a4"]],
    ["a1 b1 a2! b2 b3 a3", 1, ["a1 a2! a3"]],
    ["a1! a2 a3 a4 a5! a6", 1, ["a1! a2", "a4 a5! a6"]],
    ["a1! a2 a3 a4! a5", 1, ["a1! a2 a3 a4! a5"]],
    ["a1! a2 a3!", 1, ["a1! a2 a3!"]],
    ["a1! a2! a3", 1, ["a1! a2! a3"]],
    ["a1 b1! a2! b2", 1, ["a1 a2!", "b1! b2"]],
    ["a1 a2", 3, []],
    ["a1! b1 b2 b3", 2, ["a1!"]],
  ])("around the hits of %j with %i records each side are %j", async (text, size, expected) => {
    expect((await groups(text, size)).sort()).toEqual(expected);
  });

  it("hands out a group that keeps growing in pieces, and loses and repeats nothing", async () => {
    const text = Array.from({ length: 50 }, (_, index) => `a${index}!`).join(" ");
    const pieces = await groups(text, 1, 8);
    expect(pieces.length).toBeGreaterThan(5);
    expect(pieces.join(" ")).toBe(text);
  });
});
