import { parseTimestamp } from "@prodigy-events/schema";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type QueryInput, resolveQuery } from "./query.js";

const now = Date.parse("2026-06-15T10:30:00.000Z");

describe("resolveQuery", () => {
  it("fills in every default", () => {
    expect(resolveQuery({}, now)).toEqual({
      jobIds: [],
      agentIds: [],
      itemIds: [],
      eventTypes: [],
      correlationIds: [],
      severities: [],
      categories: [],
      since: null,
      until: null,
      limit: 0,
      order: "newest",
      strict: false,
    });
  });

  it("resolves times once, and type names to our spelling", () => {
    const query = resolveQuery(
      { since: "2h", until: new Date(now), eventTypes: ["DLQItemAdded", "Agent*"] },
      now,
    );
    expect(query).toMatchObject({
      since: "2026-06-15T08:30:00.000Z",
      until: "2026-06-15T10:30:00.000Z",
      eventTypes: ["dlq_item_added", "Agent*"],
    });
  });

  it("takes a single value for a list of one, and gives nothing that can be changed", () => {
    const query = resolveQuery({ jobId: "a", agentId: ["b", "c"], severity: "error" }, now);
    expect(query).toMatchObject({ jobIds: ["a"], agentIds: ["b", "c"], severities: ["error"] });
    expect(() => (query.agentIds as string[]).push("d")).toThrow(TypeError);
  });

  it("survives JSON, to the nanosecond", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 4n * 10n ** 18n }), (since) => {
        const query = resolveQuery({ since }, now);
        expect(JSON.parse(JSON.stringify(query))).toEqual(query);
        expect(parseTimestamp(query.since!)).toBe(since);
      }),
    );
  });

  it.each<[QueryInput, string]>([
    [{ since: "soon" }, "BAD_TIME"],
    [{ until: new Date(Number.NaN) }, "BAD_TIME"],
    [{ since: 5 as unknown as string }, "BAD_TIME"],
    [{ since: "12:00", timeZone: "Nowhere" }, "BAD_TIME_ZONE"],
    [{ since: "1h", until: "2h" }, "BAD_RANGE"],
    [{ limit: -1 }, "BAD_LIMIT"],
    [{ limit: 1.5 }, "BAD_LIMIT"],
    [{ limit: Number.NaN }, "BAD_LIMIT"],
    [{ order: "random" as "newest" }, "BAD_ORDER"],
    [{ severity: "fatal" as "error" }, "BAD_FILTER"],
    [{ jobId: [7 as unknown as string] }, "BAD_FILTER"],
  ])("refuses %o with %s", (input, code) => {
    expect(() => resolveQuery(input, now)).toThrow(expect.objectContaining({ code }));
  });
});
