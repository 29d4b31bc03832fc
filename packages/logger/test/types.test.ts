import { builtinEvents, defineCatalog, defineEvent, unchecked } from "@prodigy-events/schema";
import { memoryWriter } from "@prodigy-events/writer";
import { describe, expect, it } from "vitest";
import { type ChildLogger, createEventLogger, type EventLogger } from "../src/index.js";

const options = { repo: "repo", jobId: "job-1", env: {}, validation: "off" } as const;

describe("the types of log()", () => {
  it("ask for the fields of the type, except those that are bound", async () => {
    const writer = memoryWriter();
    const logger: EventLogger = await createEventLogger({ ...options, writers: [writer] });
    logger.log({ event_type: "checkpoint_loaded", version: 1 });
    logger.log({ event_type: "checkpoint_loaded", version: 1, job_id: "another" });
    // @ts-expect-error: agent_id is bound by nobody
    logger.log({ event_type: "agent_progress", step: "x", progress_pct: 1 });
    // @ts-expect-error: a wrong type
    logger.log({ event_type: "checkpoint_loaded", version: "1" });
    // @ts-expect-error: a field of no type
    logger.log({ event_type: "checkpoint_loaded", version: 1, verison: 1 });
    // @ts-expect-error: no such type
    logger.log({ event_type: "checkpoint_lost", version: 1 });
    // @ts-expect-error: only the logger writes these
    logger.log({ event_type: "events_dropped", count: 1, from_sequence: 0, to_sequence: 0, reason: "" });
    const agent = logger.child({ agent_id: "a" });
    agent.log({ event_type: "agent_progress", step: "x", progress_pct: 1 });
    const item = agent.child({ item_id: "i" });
    item.log({ event_type: "agent_started", worktree: "w", attempt: 1 });
    // @ts-expect-error: a child cannot end its root
    agent.shutdown;
    await logger.shutdown();
    expect(writer.lines.length).toBe(9);
  });

  it("let a function ask for no more than it needs", async () => {
    const step = (logger: ChildLogger): string | null =>
      logger.log({ event_type: "checkpoint_loaded", version: 1 });
    const logger = await createEventLogger({
      ...options,
      writers: [memoryWriter()],
      fields: { agent_id: "a" },
    });
    logger.log({ event_type: "agent_progress", step: "x", progress_pct: 1 });
    expect(step(logger)).toBeTypeOf("string");
    expect(step(logger.child({ item_id: "i" }))).toBeTypeOf("string");
    await logger.shutdown();
  });

  it("come from the catalog", async () => {
    const catalog = defineCatalog(builtinEvents, [
      defineEvent("build_finished", unchecked<{ job_id: string; target: string }>(), { category: "build" }),
    ]);
    const logger = await createEventLogger({ ...options, writers: [memoryWriter()], catalog });
    expect(logger.log({ event_type: "build_finished", target: "x" })).toBeTypeOf("string");
    expect(logger.log({ event_type: "checkpoint_loaded", version: 1 })).toBeTypeOf("string");
    // @ts-expect-error: target is a string
    logger.log({ event_type: "build_finished", target: 1 });
    await logger.shutdown();
  });

  it("leave programs that pass events on free to log any", async () => {
    type AnyEventMap = Record<string, Record<string, unknown>>;
    const logger = await createEventLogger<AnyEventMap>({ ...options, writers: [memoryWriter()] });
    const event: { event_type: string; [field: string]: unknown } = { event_type: "anything", x: 1 };
    expect(logger.log(event)).toBeTypeOf("string");
    await logger.shutdown();
  });
});
