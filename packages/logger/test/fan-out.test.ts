import type { EventRecord } from "@prodigy-events/schema";
import { memoryWriter } from "@prodigy-events/writer";
import fc from "fast-check";
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

describe("several writers", () => {
  it("all get every event in order", async () => {
    const [one, two] = [memoryWriter(), memoryWriter()];
    const { logger } = await loggerScene({ writers: [one, two], bufferSize: 7 });
    logMany(logger, 50);
    await logger.flush();
    expect(one.records().map(sequenceOf)).toEqual(numbers(50));
    expect(two.lines).toEqual(one.lines);
    expect(Object.keys(logger.stats().writers)).toEqual(["memory", "memory-2"]);
  });

  it("are not blocked by one that does not answer", async () => {
    const [dead, healthy] = [manualWriter("dead", false), memoryWriter()];
    const { logger } = await loggerScene({ writers: [dead, healthy], bufferSize: 5 });
    logMany(logger, 50);
    await logger.flush();
    expect(healthy.records().map(sequenceOf)).toEqual(numbers(50));
    expect(dead.batches.length).toBe(1);
    await dead.letGo();
  });

  it("lose nothing through the overflow of another, which alone is told of its loss", async () => {
    const [dead, healthy] = [manualWriter("dead"), memoryWriter()];
    const { logger } = await loggerScene({ writers: [dead, healthy], maxQueuedEvents: 10, bufferSize: 4 });
    for (const _ of numbers(5)) {
      logMany(logger, 6);
      await turns();
    }
    expect(logger.stats().writers).toMatchObject({
      dead: { queued: 10, dropped: { queue_full: 20 } },
      memory: { written: 30, dropped: {} },
    });
    const flushed = logger.flush().catch((reason: unknown) => reason);
    await dead.letGo();
    // Accepted by one and lost by another that is required: accepted and lost.
    expect(await flushed).toMatchObject({ code: "EVENTS_LOST", lost: 20, writer: "dead" });
    logMany(logger, 1);
    await logger.flush();
    expect(healthy.records().map(sequenceOf)).toEqual(numbers(31));
    expect(healthy.lines.some((line) => line.includes("events_dropped"))).toBe(false);
    expect(recordsOf(dead).map(sequenceOf)).toEqual([...numbers(10), 29, 30]);
  });

  it("accept an event as soon as one of them does", async () => {
    const [full, roomy] = [manualWriter("full", false), memoryWriter()];
    const { logger } = await loggerScene({ writers: [full, roomy], maxQueuedEvents: 3, bufferSize: 1 });
    for (const _ of numbers(6)) {
      expect(logMany(logger, 1)[0]).toBeTypeOf("string");
      await turns();
    }
    expect(roomy.lines.length).toBe(6);
    await logger.flush();
    await full.letGo();
  });

  it("make flush() reject only when a required one fails", async () => {
    const [optional, required] = [manualWriter("optional", false), manualWriter("required")];
    const { logger } = await loggerScene({ writers: [optional, required] });
    logMany(logger, 2);
    const flushed = logger.flush();
    await turns();
    await optional.fail("ENOSPC");
    await required.confirm();
    await flushed;
    expect(logger.stats()).toMatchObject({ degraded: false, writers: { optional: { degraded: true } } });
    logMany(logger, 1);
    const again = logger.flush().catch((reason: unknown) => reason);
    await turns();
    await required.fail("EIO");
    expect(await again).toMatchObject({ code: "EIO", writer: "required", unwritten: 1 });
    await Promise.all([optional.letGo(), required.letGo()]);
  });

  it("that are all optional are waited for, and never make flush() reject", async () => {
    const view = manualWriter("view", false);
    const { logger } = await loggerScene({ writers: [view] });
    logMany(logger, 1);
    const flushed = logger.flush();
    await turns();
    await view.confirm();
    await flushed;
    expect(view.confirmed).toEqual([[0, 0]]);
    logMany(logger, 1);
    const again = logger.flush();
    await turns();
    await view.fail("EIO");
    await again;
    await view.letGo();
  });

  it("each get every event exactly once or are told, whatever each of them does", async () => {
    const answer = fc.constantFrom("confirm", "fail", "wait", "refuse");
    const plan = fc.array(fc.tuple(fc.integer({ min: 0, max: 5 }), answer, answer), {
      minLength: 1,
      maxLength: 25,
    });
    await fc.assert(
      fc.asyncProperty(plan, async (steps) => {
        const writers = [manualWriter("one"), manualWriter("two")];
        const { logger } = await loggerScene({
          writers,
          maxQueuedEvents: 8,
          bufferSize: 3,
          onError: () => undefined,
        });
        let logged = 0;
        for (const [count, ...answers] of steps) {
          logged += logMany(logger, count).length;
          await turns(2);
          for (const [index, writer] of writers.entries()) {
            if (answers[index] === "confirm") await writer.confirm();
            if (answers[index] === "fail") await writer.fail("ENOSPC");
            if (answers[index] === "refuse") await writer.fail("EBADF", false);
          }
        }
        for (const writer of writers) await writer.letGo();
        await logger.flush({ timeoutMs: 10_000 }).catch(() => undefined);
        const report = await logger.shutdown();
        expect(report.unwritten).toBe(0);
        for (const writer of writers) {
          // The last answer of each batch counts: those with the same range are attempts.
          const confirmed = new Set(writer.confirmed.map(([first, last]) => `${first}-${last}`));
          const kept = writer.batches.filter(
            ({ firstSequence, lastSequence }, index) =>
              confirmed.has(`${firstSequence}-${lastSequence}`) &&
              !writer.batches.slice(index + 1).some((later) => later.firstSequence === firstSequence),
          );
          const records = kept.flatMap((batch) =>
            [...batch.records()].map((line) => JSON.parse(line) as EventRecord),
          );
          const covered = records.flatMap((record) => {
            const { event_type: type, from_sequence: from, to_sequence: to } = record.event;
            return type === "events_dropped"
              ? numbers(Number(to) - Number(from) + 1, Number(from))
              : [sequenceOf(record)];
          });
          expect(covered).toEqual(numbers(logged));
        }
      }),
      { numRuns: 60 },
    );
  });
});
