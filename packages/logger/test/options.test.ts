import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { temporaryDirectory, temporaryGitRepository } from "@prodigy-events/test-kit";
import { memoryWriter } from "@prodigy-events/writer";
import { describe, expect, it } from "vitest";
import { createEventLogger, type EventLoggerOptions, LoggerOptionsError } from "../src/index.js";
import { loggerScene } from "./logger-scene.js";

describe("the options of createEventLogger", () => {
  it.each([
    ["bufferSize", 0],
    ["bufferSize", 1.5],
    ["bufferSize", "10"],
    ["flushIntervalMs", 0],
    ["flushIntervalMs", Number.NaN],
    ["flushIntervalMs", 2 ** 31],
    ["maxQueuedEvents", -1],
    ["maxQueuedBytes", Number.POSITIVE_INFINITY],
    ["jobId", ""],
    ["jobId", "x".repeat(300)],
    ["repo", 7],
    ["correlationId", ""],
    ["fields", []],
    ["metadata", "text"],
    ["validation", "strict"],
    ["writers", []],
  ])("refuse %s = %j, naming both", async (option, value) => {
    const options = { repo: "repo", env: {}, [option]: value } as EventLoggerOptions;
    const error = await createEventLogger(options).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(LoggerOptionsError);
    expect(error).toMatchObject({ code: "BAD_OPTION", option, message: expect.stringContaining(option) });
  });

  it.each([
    ["durability", { durability: "sometimes" }],
    ["maxSegmentBytes", { maxSegmentBytes: 0 }],
    ["maxSegmentAgeMs", { maxSegmentAgeMs: -1 }],
  ])("refuse a %s that the default writer cannot use", async (name, given) => {
    const options = { repo: "repo", env: {}, ...given } as EventLoggerOptions;
    await expect(createEventLogger(options)).rejects.toThrow(new RegExp(name));
  });

  it.each(["durability", "maxSegmentBytes", "maxSegmentAgeMs", "compress"])(
    "refuse %s beside writers of one's own, which it would not reach",
    async (option) => {
      const options = { repo: "r", env: {}, writers: [memoryWriter()], [option]: 1 } as EventLoggerOptions;
      await expect(createEventLogger(options)).rejects.toMatchObject({ option });
    },
  );

  it("refuse a store from the environment that is not an absolute path", async () => {
    const options = { repo: "repo", env: { PRODIGY_HOME: "relative" } };
    await expect(createEventLogger(options)).rejects.toMatchObject({
      option: "store",
      message: expect.stringMatching(/PRODIGY_HOME/),
    });
  });
});

describe("where a logger writes", () => {
  it("is the store, the repository and the job by option, else by the environment", async () => {
    const { path } = await temporaryDirectory();
    const env = { PRODIGY_HOME: path, PRODIGY_REPO: "env-repo", PRODIGY_JOB_ID: "env-job" };
    const writers = [memoryWriter()];
    const inherited = await createEventLogger({ env, writers });
    expect(inherited.directory).toBe(join(path, "events", "env-repo", "env-job"));
    const given = await createEventLogger({ env, writers, store: "/s", repo: "a/b", jobId: "j" });
    expect(given.directory).toBe("/s/events/a%2Fb/j");
    await Promise.all([inherited.shutdown(), given.shutdown()]);
  });

  it("is the same for every worktree of a repository, whose path is noted", async () => {
    const repository = await temporaryGitRepository("shop");
    const worktree = await repository.addWorktree("agent-1");
    const store = await temporaryDirectory();
    for (const cwd of [repository.path, worktree]) {
      const { logger } = await loggerScene({ store: store.path, repo: undefined, cwd });
      expect(logger.directory).toBe(store.join("events", "shop", "job-1"));
    }
    const claim = JSON.parse(await readFile(store.join("events", "shop", ".repo.json"), "utf8")) as {
      path: string;
    };
    expect(claim.path).toBe(repository.path);
  });

  it("warns of another repository of the same name", async () => {
    const store = await temporaryDirectory();
    const [one, other] = [await temporaryGitRepository("shop"), await temporaryGitRepository("shop")];
    const first = await loggerScene({ store: store.path, repo: undefined, cwd: one.path });
    expect(first.codes()).toEqual([]);
    const second = await loggerScene({ store: store.path, repo: undefined, cwd: other.path });
    expect(second.problems).toMatchObject([
      { code: "REPOSITORY_CONFLICT", severity: "warning", writer: "segment" },
    ]);
  });

  it("has the name of the working directory when the repository cannot be looked at", async () => {
    const { path } = await temporaryDirectory();
    const cwd = join(path, "here");
    await mkdir(cwd);
    await writeFile(join(cwd, ".git"), "gitdir: /elsewhere/.git\n");
    const scene = await loggerScene({ repo: undefined, cwd, writers: [memoryWriter()] }, [
      { operation: "open", path: /\.git$/, error: "EACCES", times: "from then on" },
    ]);
    expect(scene.logger.directory).toMatch(/\/events\/here\/job-1$/);
    expect(scene.codes()).toEqual(["REPOSITORY_UNKNOWN"]);
  });

  it("touches no disk when no writer does", async () => {
    const { disk, logger } = await loggerScene({ writers: [memoryWriter()] });
    logger.log({ event_type: "checkpoint_loaded", version: 1 });
    await logger.flush();
    expect(disk.calls).toEqual([]);
  });
});
