import type { Row, RowContext, RowResult } from "../../row.js";
import { Failures } from "../failures.js";
import { randomOf } from "../random.js";
import { fuzzTargets, isOurs } from "./targets.js";

/** How many times more runs than in quick mode. */
const fullFactor = 20;

/** No input may take longer, in milliseconds. */
const maxInputMs = 1_000;
const maxAttempts = 5;

async function run({ mode, seed, log }: RowContext): Promise<RowResult> {
  const failures = new Failures();
  const figures: Record<string, number> = {};
  let n = 0;
  let slowestMs = 0;
  for (const [stream, target] of (await fuzzTargets()).entries()) {
    const runs = target.quickRuns * (mode === "full" ? fullFactor : 1);
    const begin = performance.now();
    for (let number = 0; number < runs; number += 1) {
      const ms = await timeOf(
        () => target.run(randomOf(seed, stream, number)),
        (error) => {
          failures.add(`${String(error)} [${target.name}, seed ${seed}, run ${number}]`);
        },
      );
      if (ms > maxInputMs && !target.mayTakeLong) {
        failures.add(`${Math.round(ms)} ms for one input [${target.name}, seed ${seed}, run ${number}]`);
      }
      slowestMs = Math.max(slowestMs, ms);
    }
    n += runs;
    figures[`${target.name}, per second`] = Math.round((runs * 1_000) / (performance.now() - begin));
    log(`row 17: ${runs} × ${target.name}`);
  }
  return {
    row: "17",
    n,
    lost: 0,
    dup: 0,
    failures: failures.lines,
    seed,
    // Of the whole process: where other rows have run before, at least as much as this one needed.
    figures: { ...figures, slowestMs: Math.round(slowestMs), maxRssMb: maxRssMb() },
  };
}

/** How long a reading takes, in milliseconds; one that was slow is repeated, as the machine may have been busy. */
async function timeOf(read: () => unknown, onFailure: (error: unknown) => void): Promise<number> {
  let leastMs = Infinity;
  for (let attempt = 0; attempt < maxAttempts && leastMs > maxInputMs; attempt += 1) {
    const start = performance.now();
    try {
      await read();
    } catch (error) {
      if (!isOurs(error)) onFailure(error);
    }
    leastMs = Math.min(leastMs, performance.now() - start);
  }
  return leastMs;
}

function maxRssMb(): number {
  return Math.round((process.resourceUsage().maxRSS * 1_024) / 1e6);
}

/** Row 17: mutations of what parsers read. */
export const fuzzRow: Row = {
  id: "17",
  title:
    "mutated lines, times, amounts, names, questions, globs, patterns, manifests, segments and printed texts",
  modes: ["quick", "full"],
  run,
};
