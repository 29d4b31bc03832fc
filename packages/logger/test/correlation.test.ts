import { memoryWriter } from "@prodigy-events/writer";
import { validate } from "uuid";
import { describe, expect, it } from "vitest";
import type { ChildLogger } from "../src/index.js";
import { loggerScene, turns } from "./logger-scene.js";

async function scene(options: Parameters<typeof loggerScene>[0] = {}) {
  const writer = memoryWriter();
  const { logger } = await loggerScene({ writers: [writer], ...options });
  const log = (through: ChildLogger, correlationId?: string): void => {
    through.log({ event_type: "checkpoint_loaded", version: 1 }, { correlationId });
  };
  const ids = async (): Promise<string[]> => {
    await logger.flush();
    return writer.records().map(({ correlation_id }) => correlation_id);
  };
  return { logger, log, ids };
}

describe("the correlation id", () => {
  it("is the call's, else that of withCorrelation, else the child's, else the logger's", async () => {
    const { logger, log, ids } = await scene();
    const child = logger.child({}, { correlationId: "child" });
    log(logger);
    log(child);
    log(child.child({ agent_id: "a" }));
    logger.withCorrelation("around", () => {
      log(logger);
      log(child);
      log(child, "call");
    });
    log(logger, "call");
    expect(await ids()).toEqual(["run-1", "child", "child", "around", "around", "call", "call"]);
  });

  it("follows asynchronous work, however deep, and does not leak between runs side by side", async () => {
    const { logger, log, ids } = await scene();
    const child = logger.child({ agent_id: "a" });
    const work = async (name: string): Promise<void> => {
      await turns(1);
      await Promise.all([turns(2).then(() => log(child)), turns(1)]);
      expect(logger.correlationId).toBe(name);
    };
    await Promise.all(["one", "two", "three"].map((name) => child.withCorrelation(name, () => work(name))));
    log(logger);
    expect([...(await ids())].sort()).toEqual(["one", "run-1", "three", "two"]);
  });

  it("nests, returns what the callback returns, and throws what it throws", async () => {
    const { logger, log, ids } = await scene();
    const result = logger.withCorrelation("outer", () => {
      logger.withCorrelation("inner", () => log(logger));
      log(logger);
      return 42;
    });
    expect(result).toBe(42);
    expect(() =>
      logger.withCorrelation("x", () => {
        throw new Error("theirs");
      }),
    ).toThrow("theirs");
    expect(await ids()).toEqual(["inner", "outer"]);
  });

  it("is inherited from the environment, and new where there is none", async () => {
    const inherited = await scene({ correlationId: undefined, env: { PRODIGY_CORRELATION_ID: "parent" } });
    expect(inherited.logger.correlationId).toBe("parent");
    const fresh = await scene({ correlationId: undefined, env: { PRODIGY_CORRELATION_ID: "" } });
    expect(validate(fresh.logger.correlationId)).toBe(true);
  });

  it("that is no text is not used", async () => {
    const { logger, ids } = await scene();
    const event = { event_type: "checkpoint_loaded", version: 1 } as const;
    logger.log(event, { correlationId: 7 as unknown as string });
    logger.withCorrelation(7 as unknown as string, () => logger.log(event));
    expect(await ids()).toEqual(["run-1", "run-1"]);
  });
});

describe("childEnv()", () => {
  it("lets a child process log into the same run", async () => {
    const { logger } = await scene();
    const env = logger.withCorrelation("around", () => logger.childEnv());
    expect(env).toMatchObject({
      PRODIGY_CORRELATION_ID: "around",
      PRODIGY_REPO: "repo",
      PRODIGY_JOB_ID: "job-1",
    });
    const { logger: child } = await loggerScene({
      env,
      store: undefined,
      repo: undefined,
      jobId: undefined,
      correlationId: undefined,
    });
    expect(child.directory).toBe(logger.directory);
    expect(child.correlationId).toBe("around");
    expect(child.childEnv()).toEqual(env);
    expect(child.producerId).not.toBe(logger.producerId);
  });

  it("names no job where there is none", async () => {
    const { logger } = await scene({ jobId: undefined });
    expect(logger.childEnv()).not.toHaveProperty("PRODIGY_JOB_ID");
  });
});
