import { readdir } from "node:fs/promises";
import { compareTimestamps } from "@prodigy-events/schema";
import { describe, expect, it } from "vitest";
import { loggerScene, numbers, recordsIn, sequenceOf } from "./logger-scene.js";
import { runProgram } from "./run-program.js";

describe("several processes that log into one job, with rotation and compression", () => {
  it("are read back exactly once, each in its order, as one run", async () => {
    const count = 3_000;
    const { logger } = await loggerScene({ maxSegmentBytes: 65_536 });
    logger.log({ event_type: "map_phase_started", total_items: 3 });
    const env = { ...process.env, ...logger.childEnv() };
    const programs = numbers(3).map((index) =>
      runProgram("log-many.mjs", [`agent-${index}`, String(count)], env),
    );
    const ends = await Promise.all(programs.map(({ ended }) => ended));
    expect(ends, programs.map(({ stderr }) => stderr()).join()).toEqual(
      programs.map(() => ({ code: 0, signal: null })),
    );
    logger.log({ event_type: "map_phase_completed", successful: 3, failed: 0 });
    await logger.shutdown();

    const records = await recordsIn(logger.directory);
    expect(records.length).toBe(3 * count + 2);
    expect(new Set(records.map(({ id }) => id)).size).toBe(records.length);
    expect(new Set(records.map(({ correlation_id }) => correlation_id))).toEqual(new Set(["run-1"]));
    expect(new Set(records.map(({ event }) => event.job_id))).toEqual(new Set(["job-1"]));
    for (const [index, program] of programs.entries()) {
      const report = JSON.parse(program.stdout()) as { producerId: string };
      expect(report).toMatchObject({ written: count, dropped: 0, unwritten: 0 });
      const own = records.filter(({ metadata }) => metadata.producer_id === report.producerId);
      expect(own.map(sequenceOf)).toEqual(numbers(count));
      expect(own.every(({ event }) => event.agent_id === `agent-${index}`)).toBe(true);
      for (const [at, record] of own.entries()) {
        const next = own[at + 1];
        if (next !== undefined)
          expect(compareTimestamps(record.timestamp, next.timestamp)).toBeLessThanOrEqual(0);
      }
    }
    const names = (await readdir(logger.directory)).filter((name) => !name.startsWith("."));
    // Everything rotated is compressed, and only the last segment of each producer keeps its name.
    expect(names.filter((name) => name.endsWith(".jsonl")).length).toBe(4);
    expect(names.filter((name) => name.endsWith(".rotated.gz")).length).toBeGreaterThanOrEqual(9);
    expect(names.length).toBe(names.filter((name) => /\.jsonl(\.rotated\.gz)?$/.test(name)).length);
  });
});
