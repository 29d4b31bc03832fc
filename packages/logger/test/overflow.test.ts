import type { EventRecord } from "@prodigy-events/schema";
import { memoryWriter } from "@prodigy-events/writer";
import { describe, expect, it } from "vitest";
import {
  loggerScene,
  logMany,
  type ManualWriter,
  manualWriter,
  numbers,
  sequenceOf,
  turns,
} from "./logger-scene.js";

function recordsOf(writer: ManualWriter): EventRecord[] {
  return writer.batches.flatMap((batch) =>
    [...batch.records()].map((line) => JSON.parse(line) as EventRecord),
  );
}

describe("a full queue", () => {
  it("drops the newest events, counts them, and returns null for each", async () => {
    const writer = manualWriter();
    const { logger, codes } = await loggerScene({ writers: [writer], maxQueuedEvents: 10, bufferSize: 4 });
    const ids = logMany(logger, 15);
    expect(ids.map((id) => id !== null)).toEqual(numbers(15).map((index) => index < 10));
    expect(logger.stats()).toMatchObject({ logged: 15, queued: 10, dropped: { queue_full: 5 } });
    expect(codes()).toEqual(["EVENTS_DROPPED"]);
    await writer.letGo();
  });

  it("is full by bytes too", async () => {
    const writer = manualWriter();
    const { logger } = await loggerScene({ writers: [writer], maxQueuedBytes: 10_000 });
    const log = (length: number): boolean =>
      logger.log(
        { event_type: "memory_pressure", used_mb: 1, limit_mb: 1 },
        { metadata: { x: "€".repeat(length) } },
      ) !== null;
    expect([log(2_000), log(2_000), log(1)]).toEqual([true, false, true]);
    expect(logger.stats().queuedBytes).toBeLessThanOrEqual(10_000);
    await writer.letGo();
  });

  it("leaves a record in the place of what was dropped, between what came before and after", async () => {
    const writer = manualWriter();
    const { logger } = await loggerScene({ writers: [writer], maxQueuedEvents: 10, bufferSize: 5 });
    logMany(logger, 13);
    await turns();
    await writer.letGo();
    logMany(logger, 2);
    await logger.flush();
    const records = recordsOf(writer);
    expect(records.map(sequenceOf)).toEqual([...numbers(10), 12, 13, 14]);
    expect(records[10]?.event).toEqual({
      event_type: "events_dropped",
      job_id: "job-1",
      count: 3,
      from_sequence: 10,
      to_sequence: 12,
      reason: "queue_full",
    });
    const ids = records.map(({ id }) => id);
    expect([...ids].sort()).toEqual(ids);
    const times = records.map(({ timestamp }) => timestamp);
    expect([...times].sort()).toEqual(times);
    expect(logger.stats()).toMatchObject({ logged: 15, written: 12, queued: 0, dropped: { queue_full: 3 } });
  });

  it("tells of the drops also when nothing is logged any more", async () => {
    const writer = manualWriter();
    const { logger } = await loggerScene({ writers: [writer], maxQueuedEvents: 4, bufferSize: 2 });
    logMany(logger, 6);
    await turns();
    await writer.letGo();
    const report = await logger.shutdown();
    expect(report).toMatchObject({ written: 4, dropped: 2, unwritten: 0 });
    expect(recordsOf(writer).at(-1)).toMatchObject({ event: { event_type: "events_dropped", count: 2 } });
  });

  it("does not make flush() reject: whoever logged was told", async () => {
    const writer = memoryWriter();
    const { logger } = await loggerScene({ writers: [writer], maxQueuedEvents: 2 });
    logMany(logger, 5);
    await logger.flush();
    expect(writer.records().map(sequenceOf)).toEqual([0, 1, 4]);
  });
});

describe("ready() and canAccept", () => {
  it("let those who can wait log any number of events without dropping one", async () => {
    const writer = memoryWriter();
    const { logger } = await loggerScene({ writers: [writer], maxQueuedEvents: 100, bufferSize: 10 });
    for (const index of numbers(5_000)) {
      await logger.ready();
      logger.log({ event_type: "checkpoint_loaded", version: index });
    }
    await logger.flush();
    expect(logger.stats()).toMatchObject({ written: 5_000, dropped: {} });
    expect(writer.records().map(sequenceOf)).toEqual(numbers(5_000));
  });

  it("ask to wait from half the bound on, and write although the batch is not full", async () => {
    const writer = manualWriter();
    const { logger } = await loggerScene({ writers: [writer], maxQueuedEvents: 10 });
    logMany(logger, 4);
    expect(logger.canAccept).toBe(true);
    logMany(logger, 1);
    expect(logger.canAccept).toBe(false);
    let isReady = false;
    const ready = Promise.all(numbers(3).map(() => logger.ready())).then(() => {
      isReady = true;
    });
    await turns();
    expect([writer.batches.length, isReady]).toEqual([1, false]);
    await writer.confirm();
    await ready;
    expect(logger.canAccept).toBe(true);
  });

  it("do not keep anybody waiting after the end", async () => {
    const writer = manualWriter();
    const { logger } = await loggerScene({ writers: [writer], maxQueuedEvents: 2 });
    logMany(logger, 2);
    const ready = logger.ready();
    await logger.shutdown({ timeoutMs: 1 });
    await ready;
    await logger.ready();
    expect(logger.canAccept).toBe(false);
  });
});
