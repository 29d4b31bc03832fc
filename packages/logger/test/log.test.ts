import { hostname } from "node:os";
import {
  type AnyEvent,
  builtinEvents,
  defineCatalog,
  defineEvent,
  encodeRecord,
  unchecked,
} from "@prodigy-events/schema";
import { eventFactories } from "@prodigy-events/schema/testing";
import { fakeClock } from "@prodigy-events/test-kit";
import { type MemoryWriter, memoryWriter } from "@prodigy-events/writer";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createEventLogger, type EventLogger, type EventLoggerOptions } from "../src/index.js";
import { loggerScene, numbers } from "./logger-scene.js";

/** A logger into memory, that takes whatever it is given. */
async function memoryScene(options: EventLoggerOptions = {}) {
  const writer: MemoryWriter = memoryWriter();
  const scene = await loggerScene({ writers: [writer], ...options });
  const logAnything = (event: unknown, metadata?: Record<string, unknown>): string | null =>
    (scene.logger as unknown as EventLogger<Record<string, Record<string, unknown>>>).log(
      event as AnyEvent,
      metadata === undefined ? undefined : { metadata },
    );
  const records = async () => {
    await scene.logger.flush();
    return writer.records();
  };
  return { ...scene, writer, logAnything, records };
}

describe("log()", () => {
  it("makes the canonical line of the event, the logger's fields and its origin", async () => {
    const { logger, writer } = await memoryScene({ clock: fakeClock() });
    const id = logger.log({ event_type: "checkpoint_created", version: 3, agents_completed: 7 });
    await logger.flush();
    expect(writer.lines).toEqual([
      `{"id":"${id}","timestamp":"2026-01-01T12:00:00.000Z","correlation_id":"run-1",` +
        `"event":{"event_type":"checkpoint_created","job_id":"job-1","version":3,"agents_completed":7},` +
        `"metadata":{"host":${JSON.stringify(hostname())},"pid":${process.pid},"thread":"${threadName(writer)}",` +
        `"producer_id":"${logger.producerId}","sequence":0}}\n`,
    ]);
    expect(writer.lines[0]).toBe(encodeRecord(writer.records()[0] ?? fail()));
  });

  it("numbers records from 0 and gives them increasing ids and times that never decrease", async () => {
    const clock = fakeClock();
    const { logger, records } = await memoryScene({ clock });
    const ids = numbers(200).map((index) => {
      clock.advance(index % 3 === 0 ? -50 : 40);
      return logger.log({ event_type: "checkpoint_loaded", version: index });
    });
    const written = await records();
    expect(written.map(({ metadata }) => metadata.sequence)).toEqual(numbers(200));
    expect(written.map(({ id }) => id)).toEqual(ids);
    expect([...ids].sort()).toEqual(ids);
    const times = written.map(({ timestamp }) => timestamp);
    expect([...times].sort()).toEqual(times);
  });

  it("takes the event as it is: later changes change nothing", async () => {
    const { logger, records } = await memoryScene();
    const config = { max_parallel: 8, list: [1] };
    logger.log({ event_type: "job_started", config, total_items: 1 });
    config.max_parallel = 9;
    config.list.push(2);
    expect((await records())[0]?.event.config).toEqual({ max_parallel: 8, list: [1] });
  });

  it("accepts a valid event of every type without a complaint", async () => {
    const { logAnything, logger, codes } = await memoryScene({ validation: "full" });
    const types = Object.keys(eventFactories) as (keyof typeof eventFactories)[];
    for (const type of types) logAnything({ event_type: type, ...eventFactories[type](), job_id: "job-1" });
    await logger.flush();
    expect(codes()).toEqual([]);
    expect(logger.stats()).toMatchObject({
      logged: types.length,
      written: types.length,
      invalid: 0,
      foreignJob: 0,
    });
  });

  it("records an event that does not fit its type as given, and tells", async () => {
    const { logAnything, logger, problems, records } = await memoryScene();
    logAnything({ event_type: "agent_progress", agent_id: 7, step: "x", progress_pct: 101 });
    expect((await records())[0]?.event).toEqual({
      event_type: "agent_progress",
      job_id: "job-1",
      agent_id: 7,
      step: "x",
      progress_pct: 101,
    });
    expect(logger.stats().invalid).toBe(1);
    expect(problems).toMatchObject([
      {
        code: "INVALID_EVENT",
        severity: "warning",
        eventType: "agent_progress",
        issues: [{ path: "agent_id" }, {}],
      },
    ]);
  });

  it("checks nothing at level off, and takes unknown types at any level", async () => {
    const off = await memoryScene({ validation: "off" });
    off.logAnything({ event_type: "agent_progress" });
    expect(off.logger.stats().invalid).toBe(0);
    const full = await memoryScene({ validation: "full" });
    full.logAnything({ event_type: "something_else", x: 1 });
    expect(full.logger.stats().invalid).toBe(0);
  });

  it.each([
    { what: "a BigInt", event: () => ({ event_type: "t", value: 1n }), reason: /^BIGINT: event.value/ },
    {
      what: "a cycle",
      event: () => {
        const event: Record<string, unknown> = { event_type: "t" };
        event.self = event;
        return event;
      },
      reason: /^CYCLE: /,
    },
    {
      what: "a toJSON that throws",
      event: () => ({
        event_type: "t",
        value: {
          toJSON: () => {
            throw new Error("no");
          },
        },
      }),
      reason: /no/,
    },
    {
      what: "a getter that throws",
      event: () => ({
        event_type: "t",
        get value(): never {
          throw new Error("not now");
        },
      }),
      reason: /not now/,
    },
    { what: "no type", event: () => ({ value: 1 }), reason: /event_type/ },
    {
      what: "nesting without end",
      event: () => ({ event_type: "t", value: nested(300) }),
      reason: /^TOO_DEEP/,
    },
    { what: "null in its place", event: () => null, reason: /no object/ },
    { what: "a text in its place", event: () => "job_started", reason: /no object/ },
  ])("records event_rejected for an event with $what", async ({ event, reason }) => {
    const { logAnything, logger, codes, records } = await memoryScene();
    const id = logAnything(event());
    const [record] = await records();
    expect(record).toMatchObject({
      id,
      event: { event_type: "event_rejected", job_id: "job-1", reason: expect.stringMatching(reason) },
    });
    expect(logger.stats()).toMatchObject({ logged: 1, written: 1, rejected: 1 });
    expect(codes()).toEqual(["EVENT_REJECTED"]);
  });

  it("keeps an event of 8 MiB whole and rejects a larger one with its size", async () => {
    const { logAnything, records } = await memoryScene();
    const frame = JSON.stringify({ event_type: "t", job_id: "job-1", text: "" }).length;
    const size = 8 * 1024 * 1024;
    logAnything({ event_type: "t", text: "x".repeat(size - frame) });
    logAnything({ event_type: "t", text: "x".repeat(size - frame + 1) });
    logAnything({ event_type: "t", text: "€".repeat(size / 3) });
    const [whole, rejected, wide] = await records();
    expect(String(whole?.event.text).length).toBe(size - frame);
    expect(rejected?.event).toMatchObject({
      event_type: "event_rejected",
      rejected_type: "t",
      bytes: size + 1,
    });
    expect(wide?.event).toMatchObject({ event_type: "event_rejected", rejected_type: "t" });
  });

  it("rejects metadata that makes a line longer than readers take", async () => {
    const { logAnything, records } = await memoryScene();
    logAnything({ event_type: "t" }, { blob: "x".repeat(17 * 1024 * 1024) });
    expect((await records())[0]?.event).toMatchObject({ event_type: "event_rejected" });
  });

  it("never throws and writes one record for whatever it is given", async () => {
    const { logAnything, logger, records } = await memoryScene();
    let calls = 0;
    fc.assert(
      fc.property(
        fc.anything({ withBigInt: true, withSparseArray: true }),
        fc.anything(),
        (event, metadata) => {
          expect(logAnything(event, metadata as Record<string, unknown>)).toBeTypeOf("string");
          calls += 1;
        },
      ),
      { numRuns: 1_000 },
    );
    expect((await records()).length).toBe(calls);
    expect(logger.stats()).toMatchObject({ logged: calls, written: calls });
  });

  it("does not throw either when a clock or a catalog does", async () => {
    let isBroken = false;
    const now = (): number => {
      if (isBroken) throw new Error("no time");
      return 0;
    };
    const catalog = {
      ...builtinEvents,
      get: (type: string) => {
        if (type === "checkpoint_failed") throw new Error("no definition");
        return builtinEvents.get(type);
      },
    };
    const { logger, codes, records } = await memoryScene({ clock: { now }, catalog });
    const failed = { event_type: "checkpoint_failed", error: "x" } as const;
    expect(logger.log(failed)).toBeTypeOf("string");
    isBroken = true;
    expect(logger.log(failed)).toBeNull();
    isBroken = false;
    expect((await records()).length).toBe(1);
    expect(logger.stats()).toMatchObject({ logged: 2, written: 1, dropped: { failed: 1 } });
    expect(codes()).toEqual(["LOGGING_FAILED", "LOGGING_FAILED"]);
    expect(await logger.shutdown()).toMatchObject({ written: 1, dropped: 1, unwritten: 0 });
  });

  it("writes what it is given: the same content comes back", async () => {
    const { logAnything, records } = await memoryScene();
    const given: unknown[] = [];
    fc.assert(
      fc.property(fc.dictionary(fc.string({ unit: "binary" }), fc.jsonValue()), (fields) => {
        const event = { ...fields, event_type: "t", job_id: "j" };
        given.push(JSON.parse(JSON.stringify(event)));
        logAnything(event);
      }),
      { numRuns: 500 },
    );
    expect((await records()).map(({ event }) => event)).toEqual(given);
  });

  it("counts events that name another job, and keeps them as given", async () => {
    const { logAnything, logger, records } = await memoryScene();
    logAnything({ event_type: "t", job_id: "job-2" });
    logAnything({ event_type: "t", job_id: "job-1" });
    expect((await records())[0]?.event.job_id).toBe("job-2");
    expect(logger.stats().foreignJob).toBe(1);
  });

  it("binds no job where there is none", async () => {
    const { logAnything, logger, records } = await memoryScene({ jobId: undefined });
    logAnything({ event_type: "t", job_id: "job-2" });
    logAnything({ event_type: "t" });
    expect((await records())[1]?.event).toEqual({ event_type: "t" });
    expect(logger.stats().foreignJob).toBe(0);
    expect(logger.directory).toMatch(/\/events\/repo\/_no-job$/);
  });
});

describe("metadata", () => {
  it("adds the logger's, the child's and the call's, the nearest first", async () => {
    const { logger, records } = await memoryScene({ metadata: { region: "eu", level: "root" } });
    const child = logger.child({ agent_id: "a" }, { metadata: { level: "child", team: "x" } });
    child.log({ event_type: "checkpoint_loaded", version: 1 }, { metadata: { level: "call" } });
    const [record] = await records();
    expect(Object.entries(record?.metadata ?? {}).slice(5)).toEqual([
      ["region", "eu"],
      ["level", "call"],
      ["team", "x"],
    ]);
  });

  it("ignores and counts the five keys that are the logger's, and tells once", async () => {
    const { logger, codes, records } = await memoryScene({ metadata: { host: "liar" } });
    const event = { event_type: "checkpoint_loaded", version: 1 } as const;
    logger.log(event, { metadata: { sequence: 99, pid: 0, fine: true } });
    logger.child({}, { metadata: { producer_id: "x", thread: "y" } }).log(event);
    const [first, second] = await records();
    expect(first?.metadata).toMatchObject({ host: hostname(), pid: process.pid, sequence: 0, fine: true });
    expect(second?.metadata).toMatchObject({ producer_id: logger.producerId, sequence: 1 });
    expect(logger.stats().reservedMetadata).toBe(5);
    expect(codes()).toEqual(["RESERVED_METADATA"]);
  });

  it("beyond 64 keys is left out, and told once; of a million keys too", async () => {
    const { logger, codes, records } = await memoryScene();
    const many = (count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, at) => [`k${at}`, at]));
    const event = { event_type: "checkpoint_loaded", version: 1 } as const;
    logger.log(event, { metadata: many(64) });
    logger.log(event, { metadata: { ...many(65), host: "h" } });
    logger.log(event, { metadata: many(1_000_000) });
    logger.child({}, { metadata: many(70) }).log(event);
    const written = await records();
    expect(written.map(({ metadata }) => Object.keys(metadata).length - 5)).toEqual([64, 64, 64, 64]);
    expect(written[2]?.metadata).toMatchObject({ k0: 0, k63: 63 });
    expect(codes()).toEqual(["RESERVED_METADATA", "METADATA_TRUNCATED"]);
  });

  it("that JSON cannot hold does not cost the event", async () => {
    const { logger, codes, records } = await memoryScene();
    const event = { event_type: "checkpoint_loaded", version: 1 } as const;
    logger.log(event, { metadata: { big: 1n, fine: true } });
    logger.child({ bad: 1n, agent_id: "a" }, { metadata: { big: 1n, fine: true } }).log(event);
    const [first, second] = await records();
    expect(first).toMatchObject({ event, metadata: { fine: true } });
    expect(second).toMatchObject({ event: { ...event, agent_id: "a" }, metadata: { fine: true } });
    expect(logger.stats().unencodableValues).toBe(3);
    expect(codes()).toEqual(["UNENCODABLE_VALUES", "UNENCODABLE_VALUES", "UNENCODABLE_VALUES"]);
  });

  it("and fields of a child are taken as they were when it was made", async () => {
    const { logger, records } = await memoryScene();
    const metadata = { tags: ["a"] };
    const fields = { agent_id: "a" };
    const child = logger.child(fields, { metadata });
    metadata.tags.push("b");
    fields.agent_id = "b";
    child.log({ event_type: "checkpoint_loaded", version: 1 });
    const [record] = await records();
    expect(record).toMatchObject({ event: { agent_id: "a" }, metadata: { tags: ["a"] } });
  });
});

describe("a catalog", () => {
  const catalog = defineCatalog(builtinEvents, [
    defineEvent("build_finished", unchecked<{ target: string; warnings: number }>(), {
      category: "build",
      severity: (event) => (event.warnings > 0 ? "error" : "info"),
    }),
  ]);

  it("types what is logged and decides what is written at once", async () => {
    const writer = memoryWriter();
    const logger = await createEventLogger({
      repo: "repo",
      jobId: "job-1",
      env: {},
      writers: [writer],
      catalog,
    });
    logger.log({ event_type: "build_finished", target: "x", warnings: 0 });
    await new Promise((resolve) => setImmediate(resolve));
    expect(writer.lines.length).toBe(0);
    logger.log({ event_type: "build_finished", target: "x", warnings: 2 });
    await new Promise((resolve) => setImmediate(resolve));
    expect(writer.lines.length).toBe(2);
    await logger.shutdown();
  });
});

function nested(depth: number): unknown {
  return depth === 0 ? 0 : [nested(depth - 1)];
}

function threadName(writer: MemoryWriter): string {
  return String(writer.records()[0]?.metadata.thread);
}

function fail(): never {
  throw new Error("no record");
}
