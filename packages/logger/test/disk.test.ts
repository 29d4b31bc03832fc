import { chmod, readdir, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { readManifest, readProducer } from "@prodigy-events/storage";
import { temporaryDirectory } from "@prodigy-events/test-kit";
import { segmentWriter, sharedFileWriter } from "@prodigy-events/writer";
import { describe, expect, it } from "vitest";
import { createEventLogger, type LoggerProblem } from "../src/index.js";
import { loggerScene, logMany, numbers, sequencesIn } from "./logger-scene.js";

const isSegment = /events-[^/]*\.jsonl$/;

describe("a logger on the disk", () => {
  it("writes one segment of its own, states what is in it, and says who it is", async () => {
    const { logger, store } = await loggerScene();
    expect(logger.directory).toBe(join(store, "events", "repo", "job-1"));
    expect(await readProducer(logger.directory, logger.producerId)).toMatchObject({ pid: process.pid });
    logMany(logger, 20);
    await logger.flush();
    expect(await sequencesIn(logger.directory)).toEqual(numbers(20));
    await logger.shutdown();
    const [name = ""] = (await readdir(logger.directory)).filter((file) => file.endsWith(".jsonl"));
    expect(name).toContain(logger.producerId);
    expect(await readManifest(logger.directory, name)).toMatchObject({
      lines: 20,
      firstSequence: 0,
      lastSequence: 19,
    });
    expect((await stat(join(logger.directory, name))).mode & 0o777).toBe(0o600);
  });

  it("syncs once for each flush, whoever asks, and says what is synced", async () => {
    const { logger, disk } = await loggerScene();
    const syncs = (): number => disk.calls.filter(({ operation }) => operation === "fdatasync").length;
    logMany(logger, 20);
    await Promise.all(numbers(10).map(() => logger.flush()));
    expect(syncs()).toBe(1);
    expect(logger.stats()).toMatchObject({ written: 20, synced: 20 });
    const { logger: lazy, disk: other } = await loggerScene({ durability: "flush" });
    logMany(lazy, 20);
    await lazy.flush();
    expect(other.calls.some(({ operation }) => operation === "fdatasync")).toBe(false);
    expect(lazy.stats()).toMatchObject({ written: 20, synced: 0 });
  });

  it("writes segments and a shared file side by side", async () => {
    const { logger } = await loggerScene({ writers: [segmentWriter(), sharedFileWriter()] });
    logMany(logger, 5);
    await logger.flush();
    await logger.shutdown();
    expect(Object.keys(logger.stats().writers)).toEqual(["segment", "shared-file"]);
    expect(logger.stats().writers).toMatchObject({ segment: { written: 5 }, "shared-file": { written: 5 } });
  });

  it.each(["EACCES", "EROFS", "ENOSPC"])(
    "is degraded when its directory cannot be made (%s), says so, and recovers",
    async (code) => {
      const { logger, disk, problems } = await loggerScene({}, [
        { operation: "mkdir", error: code, times: "from then on" },
      ]);
      expect(problems).toMatchObject([{ code: "WRITER_DEGRADED", severity: "error", writer: "segment" }]);
      expect(problems[0]?.message).toMatch(new RegExp(`cannot create the directory .*${code}`));
      expect(logger.stats()).toMatchObject({ degraded: true, lastError: { code } });
      expect(logMany(logger, 3).every((id) => id !== null)).toBe(true);
      await expect(logger.flush()).rejects.toMatchObject({ code, unwritten: 3 });
      disk.heal();
      await logger.flush();
      expect(await sequencesIn(logger.directory)).toEqual([0, 1, 2]);
      expect(problems.map((problem) => problem.code)).toEqual(["WRITER_DEGRADED", "WRITER_RECOVERED"]);
    },
  );

  it("is degraded when a file is in the way", async () => {
    const store = await temporaryDirectory();
    await writeFile(store.join("events"), "a file");
    const problems: LoggerProblem[] = [];
    const options = {
      store: store.path,
      repo: "r",
      env: {},
      onError: (problem: LoggerProblem) => problems.push(problem),
    };
    const logger = await createEventLogger(options);
    logMany(logger, 1);
    await expect(logger.flush({ timeoutMs: 10 })).rejects.toMatchObject({ code: "ENOTDIR" });
    await rm(store.join("events"));
    await logger.flush();
    expect(await logger.shutdown()).toMatchObject({ written: 1, unwritten: 0 });
  });

  it("rejects once for each full disk, keeps the order, and loses nothing", async () => {
    const { logger, disk, codes } = await loggerScene();
    let rejections = 0;
    logMany(logger, 10);
    await logger.flush();
    for (const nth of [1, 2, 3]) disk.add({ operation: "write", path: isSegment, nth, error: "ENOSPC" });
    for (const _ of numbers(6)) {
      logMany(logger, 10);
      await logger.flush().catch(() => {
        rejections += 1;
      });
    }
    expect(rejections).toBe(3);
    expect(await sequencesIn(logger.directory)).toEqual(numbers(70));
    expect(logger.stats()).toMatchObject({ written: 70, queued: 0, dropped: {}, degraded: false });
    expect(codes()).toEqual(["WRITER_DEGRADED", "WRITER_RECOVERED"]);
  });

  it("goes on when somebody removes its directory", async () => {
    const { logger, codes } = await loggerScene();
    logMany(logger, 5);
    await logger.flush();
    await rm(logger.directory, { recursive: true });
    logMany(logger, 5);
    await logger.flush();
    expect(await sequencesIn(logger.directory)).toEqual(numbers(5, 5));
    expect(codes()).toEqual(["SEGMENT_ABANDONED"]);
  });

  it("passes on what its writer warns of", async () => {
    const store = await temporaryDirectory();
    await chmod(store.path, 0o755);
    const { problems } = await loggerScene({ store: store.path });
    expect(problems).toMatchObject([
      { code: "LOOSE_ROOT", severity: "warning", writer: "segment", path: store.path },
    ]);
  });

  it("keeps synchronously what is queued, in a segment of its own, and goes on", async () => {
    const { logger } = await loggerScene();
    logMany(logger, 5);
    await logger.flush();
    logMany(logger, 5);
    logger.flushSync();
    expect(await sequencesIn(logger.directory)).toEqual(numbers(10));
    logMany(logger, 5);
    await logger.flush();
    expect(await logger.shutdown()).toMatchObject({ written: 15, dropped: 0, unwritten: 0 });
    expect(await sequencesIn(logger.directory)).toEqual(numbers(15));
    const names = (await readdir(logger.directory)).filter((name) => name.endsWith(".jsonl"));
    expect(names.length).toBe(2);
  });
});

describe("a sink that is down", () => {
  it("keeps memory within its bound, and the count of what was dropped exact", async () => {
    const { logger, disk } = await loggerScene({ maxQueuedEvents: 500, bufferSize: 50 });
    disk.add({ operation: "write", path: isSegment, error: "ENOSPC", times: "from then on" });
    for (const _ of numbers(20)) {
      logMany(logger, 100);
      await logger.flush().catch(() => undefined);
      expect(logger.stats().queued).toBeLessThanOrEqual(500);
    }
    expect(logger.stats()).toMatchObject({ logged: 2_000, queued: 500, dropped: { queue_full: 1_500 } });
    disk.heal();
    expect(await logger.shutdown()).toMatchObject({ written: 500, dropped: 1_500, unwritten: 0 });
    // The 500 accepted ones and the record that tells of the others.
    expect(await sequencesIn(logger.directory)).toEqual([...numbers(500), 1_999]);
  });
});
