import { describe, expect, it, vi } from "vitest";
import { FlushError } from "../src/index.js";
import { loggerScene, logMany, manualWriter, numbers, turns } from "./logger-scene.js";

const failed = { event_type: "job_failed", error: "x", partial_results: 0 } as const;
const loaded = { event_type: "checkpoint_loaded", version: 1 } as const;

describe("a batch is written", () => {
  it("when it has as many events as the buffer", async () => {
    const writer = manualWriter();
    const { logger } = await loggerScene({ writers: [writer], bufferSize: 10 });
    logMany(logger, 9);
    await turns();
    expect(writer.batches).toEqual([]);
    logMany(logger, 1);
    await turns();
    expect(writer.batches).toMatchObject([{ count: 10, firstSequence: 0, lastSequence: 9 }]);
    await writer.letGo();
  });

  it("when it has a mebibyte", async () => {
    const writer = manualWriter();
    const { logger } = await loggerScene({ writers: [writer] });
    const text = "x".repeat(300_000);
    for (const index of numbers(4)) {
      await turns();
      expect(writer.batches.length, `before event ${index}`).toBe(0);
      logger.log({ event_type: "claude_message", agent_id: "a", content: text, message_type: "text" });
    }
    await turns();
    expect(writer.batches).toMatchObject([{ count: 4 }]);
    await writer.letGo();
  });

  it("at once when an event is of severity error", async () => {
    const writer = manualWriter();
    const { logger } = await loggerScene({ writers: [writer] });
    logger.log(loaded);
    logger.log(failed);
    await turns();
    expect(writer.batches).toMatchObject([{ count: 2 }]);
    await writer.letGo();
  });

  it("after the flush interval, counted from its first event", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    try {
      const writer = manualWriter();
      const { logger } = await loggerScene({ writers: [writer], flushIntervalMs: 5_000 });
      vi.advanceTimersByTime(60_000);
      logger.log(loaded);
      vi.advanceTimersByTime(4_999);
      await turns();
      expect(writer.batches).toEqual([]);
      logger.log(loaded);
      vi.advanceTimersByTime(1);
      await turns();
      expect(writer.batches).toMatchObject([{ count: 2 }]);
      await writer.letGo();
    } finally {
      vi.useRealTimers();
    }
  });

  it("one at a time: what is logged meanwhile goes into the next", async () => {
    const writer = manualWriter();
    const { logger } = await loggerScene({ writers: [writer] });
    logger.log(failed);
    await turns();
    for (const _ of numbers(5)) logger.log(failed);
    await turns();
    expect(writer.batches).toMatchObject([{ count: 1 }]);
    await writer.confirm();
    expect(writer.batches).toMatchObject([{ count: 1 }, { count: 5 }]);
    await writer.letGo();
  });

  it("together with others that waited, as far as they fit into two mebibytes", async () => {
    const writer = manualWriter();
    const { logger } = await loggerScene({ writers: [writer], bufferSize: 1 });
    const content = "x".repeat(300_000);
    for (const _ of numbers(10))
      logger.log({ event_type: "claude_message", agent_id: "a", content, message_type: "text" });
    await turns();
    await writer.confirm();
    expect(writer.batches).toMatchObject([
      { count: 6, firstSequence: 0, lastSequence: 5 },
      { count: 4, firstSequence: 6, lastSequence: 9 },
    ]);
    await writer.letGo();
  });

  it("together with others that waited, but not before its time has come", async () => {
    const writer = manualWriter();
    const { logger } = await loggerScene({ writers: [writer], bufferSize: 2 });
    logMany(logger, 21);
    await turns();
    await writer.confirm();
    expect(writer.batches).toMatchObject([{ count: 20 }]);
    await logger.shutdown({ timeoutMs: 1 });
  });
});

describe("flush()", () => {
  it("resolves once everything logged before is confirmed and the writer is flushed", async () => {
    const writer = manualWriter();
    const { logger } = await loggerScene({ writers: [writer] });
    logMany(logger, 3);
    let isFlushed = false;
    const flushed = logger.flush().then(() => {
      isFlushed = true;
    });
    await turns();
    expect([writer.batches.length, writer.flushes, isFlushed]).toEqual([1, 0, false]);
    await writer.confirm();
    await flushed;
    expect(writer.flushes).toBe(1);
    await logger.flush();
    expect(writer.batches.length).toBe(1);
  });

  it("does not wait for what is logged after it", async () => {
    const writer = manualWriter();
    const { logger } = await loggerScene({ writers: [writer] });
    logMany(logger, 3);
    const flushed = logger.flush();
    await turns();
    logMany(logger, 3);
    await writer.confirm();
    await flushed;
    expect(logger.stats()).toMatchObject({ written: 3, queued: 3 });
    await writer.letGo();
  });

  it("of many callers shares the next batch", async () => {
    const writer = manualWriter();
    const { logger } = await loggerScene({ writers: [writer] });
    logMany(logger, 1);
    const first = logger.flush();
    await turns();
    const others = numbers(10).map(() => {
      logMany(logger, 1);
      return logger.flush();
    });
    await writer.confirm();
    await writer.confirm();
    await Promise.all([first, ...others]);
    expect(writer.confirmed).toEqual([
      [0, 0],
      [1, 10],
    ]);
    // Once for the first caller, once for all the others.
    expect(writer.flushes).toBe(2);
  });

  it("rejects with the first failed attempt, keeps the batch, and writes it in order", async () => {
    const writer = manualWriter();
    const { logger, codes } = await loggerScene({ writers: [writer] });
    logMany(logger, 3);
    const flushed = logger.flush().catch((reason: unknown) => reason);
    await turns();
    await writer.fail("ENOSPC");
    const error = await flushed;
    expect(error).toBeInstanceOf(FlushError);
    expect(error).toMatchObject({ code: "ENOSPC", unwritten: 3, lost: 0, writer: "manual" });
    expect(logger.stats()).toMatchObject({ degraded: true, queued: 3, lastError: { code: "ENOSPC" } });
    logMany(logger, 2);
    // Does not wait for the backoff: somebody asks.
    const again = logger.flush();
    await turns();
    await writer.confirm();
    await writer.confirm();
    await again;
    expect(writer.confirmed).toEqual([
      [0, 2],
      [3, 4],
    ]);
    expect(logger.stats()).toMatchObject({ degraded: false, written: 5, queued: 0, retries: 1 });
    expect(codes()).toEqual(["WRITER_DEGRADED", "WRITER_RECOVERED"]);
  });

  it("with a time limit goes on through failures", async () => {
    const writer = manualWriter();
    const { logger } = await loggerScene({ writers: [writer] });
    logMany(logger, 3);
    const flushed = logger.flush({ timeoutMs: 60_000 });
    await turns();
    await writer.fail("ENOSPC");
    await expect.poll(() => writer.batches.length, { timeout: 20_000 }).toBe(2);
    await writer.confirm();
    await flushed;
  });

  it.each([
    { last: "failed", code: "ENOSPC" },
    { last: "never answered", code: "TIMEOUT" },
  ])(
    "with a time limit rejects with $code when the time is up and the last attempt $last",
    async ({ code }) => {
      vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
      try {
        const writer = manualWriter();
        const { logger } = await loggerScene({ writers: [writer] });
        logMany(logger, 3);
        const flushed = logger.flush({ timeoutMs: 50 });
        const outcome = flushed.catch((error: unknown) => error);
        await turns();
        if (code === "ENOSPC") await writer.fail(code);
        vi.advanceTimersByTime(50);
        expect(await outcome).toMatchObject({ name: "FlushError", code, unwritten: 3 });
        await writer.letGo();
      } finally {
        vi.useRealTimers();
      }
    },
  );

  it("tries again by itself, each time later", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    try {
      const writer = manualWriter();
      const { logger } = await loggerScene({ writers: [writer], bufferSize: 3 });
      logMany(logger, 3);
      await turns();
      for (const [failures, most] of [100, 200, 400, 800, 1_600, 3_200, 5_000, 5_000].entries()) {
        expect(writer.batches.length).toBe(failures + 1);
        await writer.fail("ENOSPC");
        vi.advanceTimersByTime(0.75 * most - 1);
        await turns();
        expect(writer.batches.length).toBe(failures + 1);
        vi.advanceTimersByTime(0.25 * most + 1);
        await turns();
      }
      await writer.letGo();
      expect(writer.confirmed).toEqual([[0, 2]]);
    } finally {
      vi.useRealTimers();
    }
  });

  it("rejects for events that a writer has refused for good, once, and the record tells of them", async () => {
    const writer = manualWriter();
    const { logger, codes } = await loggerScene({ writers: [writer] });
    logMany(logger, 3);
    const flushed = logger.flush({ timeoutMs: 60_000 }).catch((reason: unknown) => reason);
    await turns();
    await writer.fail("EBADF", false);
    expect(await flushed).toMatchObject({ name: "FlushError", code: "EVENTS_LOST", unwritten: 0, lost: 3 });
    await writer.letGo();
    logMany(logger, 1);
    await logger.flush();
    expect(logger.stats()).toMatchObject({ written: 1, dropped: { EBADF: 3 }, queued: 0 });
    expect(codes()).toContain("EVENTS_DROPPED");
    const told = writer.batches
      .flatMap((batch) => [...batch.records()])
      .filter((line) => line.includes("_dropped"));
    expect(JSON.parse(told.at(-1) ?? "")).toMatchObject({
      event: { count: 3, from_sequence: 0, to_sequence: 2, reason: "EBADF" },
      metadata: { sequence: 2 },
    });
  });

  it("tells the next caller of a loss that nobody has been told of", async () => {
    const writer = manualWriter();
    const { logger } = await loggerScene({ writers: [writer], bufferSize: 2 });
    logMany(logger, 2);
    await turns();
    await writer.fail("EBADF", false);
    await writer.letGo();
    await expect(logger.flush()).rejects.toMatchObject({ code: "EVENTS_LOST", lost: 2 });
    await logger.flush();
  });

  it("rejects when the writer cannot flush", async () => {
    const writer = manualWriter();
    const { logger } = await loggerScene({
      writers: [{ ...writer, flush: () => Promise.reject(new Error("cannot flush")) }],
    });
    await writer.letGo();
    logMany(logger, 1);
    await expect(logger.flush()).rejects.toMatchObject({ code: "WRITER_FAILED", unwritten: 0 });
    expect(logger.stats().written).toBe(1);
  });

  it("copes with a writer that throws instead of rejecting", async () => {
    const { logger } = await loggerScene({
      writers: [
        {
          name: "rude",
          write: () => {
            throw "a text";
          },
          flush: async () => undefined,
          close: async () => undefined,
        },
      ],
    });
    logMany(logger, 1);
    await expect(logger.flush()).rejects.toMatchObject({
      code: "WRITER_FAILED",
      unwritten: 1,
      message: expect.stringMatching(/a text/),
    });
    expect(await logger.shutdown({ timeoutMs: 1 })).toMatchObject({ unwritten: 1 });
  });
});

describe("flushSync()", () => {
  it("keeps what is queued and what is in flight before it returns, and nothing twice", async () => {
    const writer = manualWriter();
    const saved: string[] = [];
    const { logger } = await loggerScene({
      writers: [{ ...writer, writeSync: (batch) => void saved.push(...batch.records()) }],
      bufferSize: 2,
    });
    logMany(logger, 2);
    await turns();
    logMany(logger, 3);
    logger.flushSync();
    expect(
      saved.map((line) => (JSON.parse(line) as { metadata: { sequence: number } }).metadata.sequence),
    ).toEqual(numbers(5));
    expect(logger.stats()).toMatchObject({ written: 5, queued: 0 });
    await writer.fail("EIO");
    expect(logger.stats()).toMatchObject({ written: 5, queued: 0 });
    const flushed = logger.flush();
    await writer.letGo();
    await flushed;
    logMany(logger, 1);
    await logger.flush();
    expect(writer.confirmed.at(-1)).toEqual([5, 5]);
    logger.flushSync();
    expect(saved.length).toBe(5);
  });

  it("throws when a required writer cannot, and keeps everything", async () => {
    const writer = manualWriter();
    const { logger } = await loggerScene({ writers: [writer] });
    logMany(logger, 2);
    expect(() => logger.flushSync()).toThrow(
      expect.objectContaining({ name: "FlushError", code: "NO_SYNC_WRITE", unwritten: 2 }),
    );
    const flushed = logger.flush();
    await writer.letGo();
    await flushed;
    expect(writer.confirmed).toEqual([[0, 1]]);
  });

  it("leaves optional writers that cannot to themselves", async () => {
    const writer = manualWriter("view", false);
    const { logger } = await loggerScene({ writers: [writer] });
    logMany(logger, 2);
    logger.flushSync();
    expect(logger.stats().queued).toBe(2);
    await writer.letGo();
  });
});
