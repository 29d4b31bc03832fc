import { memoryWriter } from "@prodigy-events/writer";
import { describe, expect, it } from "vitest";
import { createEventLogger } from "../src/index.js";
import { loggerScene, logMany, manualWriter, turns } from "./logger-scene.js";

describe("shutdown()", () => {
  it("writes what is queued, closes the writers, and reports exactly", async () => {
    const writer = manualWriter();
    const { logger } = await loggerScene({ writers: [writer] });
    await writer.letGo();
    logMany(logger, 5);
    expect(await logger.shutdown()).toMatchObject({ written: 5, dropped: 0, unwritten: 0 });
    expect(writer.closes).toBe(1);
  });

  it("returns the same report however often it is called", async () => {
    const writer = manualWriter();
    const { logger } = await loggerScene({ writers: [writer] });
    await writer.letGo();
    logMany(logger, 1);
    const reports = await Promise.all([logger.shutdown(), logger.shutdown({ timeoutMs: 1 })]);
    reports.push(await logger.shutdown());
    expect(new Set(reports).size).toBe(1);
    expect(writer.closes).toBe(1);
  });

  it("is followed by null and a count for everything logged", async () => {
    const writer = memoryWriter();
    const { logger } = await loggerScene({ writers: [writer] });
    const child = logger.child({ agent_id: "a" });
    await logger.shutdown();
    expect(logMany(logger, 2)).toEqual([null, null]);
    expect(child.log({ event_type: "checkpoint_loaded", version: 1 })).toBeNull();
    expect(logger.stats()).toMatchObject({ logged: 0, dropped: { closed: 3 } });
    expect(writer.lines).toEqual([]);
    await logger.flush();
    logger.flushSync();
  });

  it("accepts nothing from the moment it is called", async () => {
    const writer = manualWriter();
    const { logger } = await loggerScene({ writers: [writer] });
    await writer.letGo();
    const ending = logger.shutdown();
    expect(logMany(logger, 1)).toEqual([null]);
    await ending;
  });

  it("goes on trying through failures", async () => {
    const writer = manualWriter();
    const { logger } = await loggerScene({ writers: [writer] });
    logMany(logger, 3);
    const ending = logger.shutdown();
    await turns();
    await writer.fail("ENOSPC");
    await expect.poll(() => writer.batches.length, { timeout: 20_000 }).toBe(2);
    await writer.confirm();
    expect(await ending).toMatchObject({ written: 3, unwritten: 0 });
  });

  it.each(["ENOSPC", "no answer"])("ends in time, and says what is not written, after %s", async (answer) => {
    const writer = manualWriter();
    const { logger } = await loggerScene({ writers: [writer] });
    logMany(logger, 3);
    const ending = logger.shutdown({ timeoutMs: 20 });
    await turns();
    if (answer === "ENOSPC") await writer.fail(answer);
    expect(await ending).toMatchObject({
      written: 0,
      dropped: 0,
      unwritten: 3,
      writers: { manual: { queued: 3, degraded: answer === "ENOSPC" } },
    });
    expect(writer.closes).toBe(1);
    await expect(logger.flush()).rejects.toMatchObject({ code: "CLOSED", unwritten: 3 });
    // What comes back later from the writer changes nothing any more.
    await writer.fail("EIO");
    expect(writer.batches.length).toBe(1);
  });

  it("tells whoever flushes while the writers are being closed how it stands", async () => {
    let closed: () => void = () => undefined;
    const writer = manualWriter();
    const close = (): Promise<void> =>
      new Promise((resolve) => {
        closed = resolve;
      });
    const { logger } = await loggerScene({ writers: [{ ...writer, close }] });
    await writer.letGo();
    logMany(logger, 2);
    const ending = logger.shutdown();
    await turns();
    await logger.flush();
    await logger.flush({ timeoutMs: 60_000 });
    closed();
    expect(await ending).toMatchObject({ written: 2 });
  });

  it("tells whoever still waits for a flush that the end came before", async () => {
    const writer = manualWriter();
    const { logger } = await loggerScene({ writers: [writer] });
    logMany(logger, 2);
    const flushed = [{}, { timeoutMs: 600_000 }].map((options) =>
      logger.flush(options).catch((error) => error),
    );
    await logger.shutdown({ timeoutMs: 1 });
    const expected = { name: "FlushError", code: "CLOSED", unwritten: 2 };
    expect(await Promise.all(flushed)).toMatchObject([expected, expected]);
  });

  it("does not wait long for an optional writer that fails", async () => {
    const [optional, required] = [manualWriter("optional", false), memoryWriter()];
    const { logger } = await loggerScene({ writers: [optional, required] });
    logMany(logger, 3);
    const ending = logger.shutdown({ timeoutMs: 600_000 });
    await turns();
    await optional.fail("EPROTO");
    expect(await ending).toMatchObject({ written: 3, unwritten: 0, writers: { optional: { queued: 3 } } });
  });

  it("survives a writer that cannot close, and tells", async () => {
    const { logger, codes } = await loggerScene({
      writers: [{ ...memoryWriter(), close: () => Promise.reject(new Error("stuck")) }],
    });
    expect(await logger.shutdown()).toMatchObject({ unwritten: 0 });
    expect(codes()).toEqual(["WRITER_NOT_CLOSED"]);
  });

  it("comes by itself at the end of an `await using` block", async () => {
    const writer = manualWriter();
    await writer.letGo();
    {
      await using logger = await createEventLogger({ repo: "r", jobId: "j", env: {}, writers: [writer] });
      logMany(logger, 2);
    }
    expect([writer.confirmed, writer.closes]).toEqual([[[0, 1]], 1]);
  });

  it("takes the process's listeners along", async () => {
    const count = (): number => process.listenerCount("SIGTERM");
    const before = count();
    const options = { repo: "r", env: {}, handleSignals: true };
    const loggers = await Promise.all(
      Array.from({ length: 50 }, () => createEventLogger({ ...options, writers: [memoryWriter()] })),
    );
    expect(count()).toBe(before + 1);
    await Promise.all(loggers.map((logger) => logger.shutdown()));
    expect(count()).toBe(before);
  });
});
