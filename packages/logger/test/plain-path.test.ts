import { hostname } from "node:os";
import { encodeRecord, limits } from "@prodigy-events/schema";
import { type MemoryWriter, memoryWriter } from "@prodigy-events/writer";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { EventLogger } from "../src/index.js";
import { loggerScene } from "./logger-scene.js";

type AnyLogger = Pick<EventLogger<Record<string, Record<string, unknown>>>, "log">;

const anyText = fc.string({ unit: "binary" });
const anything = fc.anything({
  withDate: true,
  withNullPrototype: true,
  withSparseArray: true,
  withTypedArray: true,
  withBoxedValues: true,
  withMap: true,
});
const oddValue = fc.oneof(
  anything,
  anyText,
  fc.double(),
  fc.constantFrom<unknown>(
    undefined,
    Number.NaN,
    -0,
    1e21,
    Symbol("s"),
    () => 1,
    new Date(Number.NaN),
    "\ud800",
    "a\udc00b",
    { toJSON: (key: string) => `key ${key}` },
    { toJSON: () => undefined },
    Object.assign(() => 1, { toJSON: () => "of a function" }),
  ),
);
const anyKey = fc.oneof(
  anyText,
  fc.constantFrom("event_type", "job_id", "agent_id", "__proto__", "7", "text", "constructor"),
);

/** An event in any order of its keys, some of them getters, some not enumerable; perhaps with a prototype of its own. */
const anyEvent = fc
  .record({
    type: fc.constantFrom("agent_progress", "agent_completed", "something else", "€"),
    typeAt: fc.nat({ max: 3 }),
    entries: fc.array(fc.tuple(anyKey, oddValue, fc.constantFrom("plain", "plain", "getter", "hidden")), {
      maxLength: 8,
    }),
    prototype: fc.constantFrom<object | null>(Object.prototype, Object.prototype, null, { inherited: 1 }),
  })
  .map(({ type, typeAt, entries, prototype }) => {
    const event = Object.create(prototype) as Record<string, unknown>;
    const all = [...entries];
    all.splice(typeAt, 0, ["event_type", type, "plain"]);
    for (const [key, value, form] of all) {
      const access = form === "getter" ? { get: () => value } : { value, writable: true };
      Object.defineProperty(event, key, { ...access, enumerable: form !== "hidden", configurable: true });
    }
    return event;
  });

/** The line as the plain way of making it has it: from a record, by the schema. */
function plainLine(
  event: Record<string, unknown>,
  line: string,
  bound: object,
  correlationId: string,
): string {
  const { id, timestamp, metadata } = JSON.parse(line) as {
    id: string;
    timestamp: string;
    metadata: Record<string, unknown>;
  };
  const merged: Record<string, unknown> = { event_type: event.event_type, ...bound, ...event };
  for (const [name, value] of Object.entries(bound)) if (merged[name] === undefined) merged[name] = value;
  return encodeRecord({
    id,
    timestamp,
    correlation_id: correlationId,
    event: merged as { event_type: string },
    metadata,
  });
}

describe("the line of an event", () => {
  const both = [
    { what: "with redaction", redact: true },
    { what: "without", redact: false },
  ];

  it.each(both)(
    "is the one that the schema makes of its record, whatever the event holds: $what",
    async ({ redact }) => {
      const writer: MemoryWriter = memoryWriter();
      const { logger } = await loggerScene({ writers: [writer], redact, validation: "off" });
      const child = logger.child({ agent_id: "a-1", text: "bound" }, { metadata: { region: "eu", 3: [1] } });
      const expected: ((line: string) => string)[] = [];
      fc.assert(
        fc.property(
          anyEvent,
          fc.boolean(),
          fc.option(anyText.filter((text) => !/secret|token|pass|key/i.test(text))),
          (event, isOfChild, correlationId) => {
            const bound = isOfChild
              ? { job_id: "job-1", agent_id: "a-1", text: "bound" }
              : { job_id: "job-1" };
            // An event that JSON cannot hold becomes another one; that is tested elsewhere.
            const probe = { event_type: event.event_type, ...bound, ...event };
            let isEvent = false;
            try {
              isEvent = typeof JSON.parse(JSON.stringify(probe)).event_type === "string";
            } catch {
              // Neither is this one.
            }
            fc.pre(isEvent);
            const used = (isOfChild ? child : logger) as unknown as AnyLogger;
            used.log(event as never, correlationId === null ? undefined : { correlationId });
            expected.push((line) => plainLine(event, line, bound, correlationId ?? "run-1"));
          },
        ),
        { numRuns: 2_000 },
      );
      await logger.flush();
      expect(writer.lines.length).toBe(expected.length);
      for (const [index, line] of writer.lines.entries()) expect(line).toBe(expected[index]?.(line));
      expect(logger.stats().redactions).toBe(0);
    },
  );

  it("has what the event was when it was logged, also when a toJSON logs meanwhile", async () => {
    const writer = memoryWriter();
    const { logger } = await loggerScene({ writers: [writer] });
    const noisy = {
      toJSON: () => {
        logger.log({ event_type: "checkpoint_loaded", version: 7 });
        return "logged";
      },
    };
    logger.log({ event_type: "job_started", config: { noisy }, total_items: 1 });
    logger.log({ event_type: "checkpoint_loaded", version: 8 }, { metadata: { noisy } });
    await logger.flush();
    const told = writer
      .records()
      .map(({ event, metadata }) => [event.event_type, event.version, metadata.noisy]);
    expect(told).toEqual([
      ["checkpoint_loaded", 7, undefined],
      ["job_started", undefined, undefined],
      ["checkpoint_loaded", 7, undefined],
      ["checkpoint_loaded", 8, "logged"],
    ]);
    const ids = writer.records().map(({ id }) => id);
    expect(new Set(ids).size).toBe(4);
  });

  it("goes as deep as readers do", async () => {
    const writer = memoryWriter();
    const { logger } = await loggerScene({ writers: [writer] });
    const nested = (depth: number): unknown => (depth === 0 ? 0 : [nested(depth - 1)]);
    const logger2 = logger as unknown as AnyLogger;
    logger2.log({ event_type: "t", deep: nested(limits.maxDepth - 2) } as never);
    logger2.log({ event_type: "t", deep: nested(limits.maxDepth - 1) } as never);
    await logger.flush();
    expect(writer.records().map(({ event }) => event.event_type)).toEqual(["t", "event_rejected"]);
    expect(hostname()).toBe(writer.records()[0]?.metadata.host);
  });
});
