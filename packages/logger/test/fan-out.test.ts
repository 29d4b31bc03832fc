import type { EventRecord } from "@prodigy-events/schema";
import { memoryWriter } from "@prodigy-events/writer";
import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
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

  it("that are all optional and do not answer hold flush() up no longer than they would shutdown()", async () => {
    const [dead, view] = [manualWriter("dead", false), memoryWriter()];
    const { logger } = await loggerScene({ writers: [dead, { ...view, required: false }] });
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    try {
      logMany(logger, 1);
      let isFlushed = false;
      const flushed = logger.flush().then(() => {
        isFlushed = true;
      });
      await turns();
      vi.advanceTimersByTime(8_999);
      await turns();
      expect([isFlushed, view.lines.length]).toEqual([false, 1]);
      vi.advanceTimersByTime(1);
      await flushed;
    } finally {
      vi.useRealTimers();
    }
    await dead.letGo();
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

describe("a writer whose open() does not answer", () => {
  /** A writer that opens only when told to. */
  function shutWriter(required: boolean) {
    let open: () => void = () => undefined;
    const opened = new Promise<void>((resolve) => {
      open = resolve;
    });
    return { ...memoryWriter(), name: "shut", required, opened: () => open(), open: () => opened };
  }

  it("holds nobody up where it is optional, and gets its events once it is open", async () => {
    const [shut, healthy] = [shutWriter(false), memoryWriter()];
    const { logger, codes } = await loggerScene({ writers: [shut, healthy] });
    logMany(logger, 3);
    await logger.flush();
    expect([healthy.lines.length, shut.lines.length]).toEqual([3, 0]);
    shut.opened();
    await expect.poll(() => shut.lines.length).toBe(3);
    expect(codes()).toEqual([]);
  });

  it("does so also where nothing else is written to", async () => {
    const { logger } = await loggerScene({ writers: [shutWriter(false)] });
    logMany(logger, 1);
    expect(await logger.shutdown({ timeoutMs: 1 })).toMatchObject({ unwritten: 1 });
  });

  it("is waited for 5 s where it is required, and told of; its events wait", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    try {
      const shut = shutWriter(true);
      let isMade = false;
      const making = loggerScene({ writers: [shut, memoryWriter()] }).finally(() => {
        isMade = true;
      });
      while (vi.getTimerCount() === 0) await turns(1);
      vi.advanceTimersByTime(4_999);
      await turns();
      expect(isMade).toBe(false);
      vi.advanceTimersByTime(1);
      const { logger, problems } = await making;
      expect(problems).toMatchObject([
        {
          code: "WRITER_NOT_OPENED",
          severity: "error",
          writer: "shut",
          message:
            "the shut writer has not answered for 5000 ms; its events wait in memory until it does, look whether what it writes to is there",
        },
      ]);
      logMany(logger, 2);
      const flushed = logger.flush({ timeoutMs: 50 }).catch((error: unknown) => error);
      await turns();
      vi.advanceTimersByTime(50);
      expect(await flushed).toMatchObject({ code: "TIMEOUT", unwritten: 2, writer: "shut" });
      shut.opened();
      await logger.flush();
      expect(shut.lines.length).toBe(2);
    } finally {
      vi.useRealTimers();
    }
  });

  it("is not told of when it answered with a failure", async () => {
    const open = () => Promise.reject(new Error("no such place"));
    const { codes } = await loggerScene({ writers: [{ ...memoryWriter(), open }] });
    expect(codes()).toEqual(["WRITER_DEGRADED"]);
  });
});
