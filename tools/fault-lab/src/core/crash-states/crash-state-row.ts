import type { Row, RowContext, RowResult } from "../../row.js";
import { randomOf } from "../random.js";
import { checkCleanState } from "./clean-check.js";
import { recordCleanTrace } from "./clean-trace.js";
import { checkWriterState } from "./crash-check.js";
import { type Exploration, exploreTrace, newExploration } from "./explore.js";
import { deadProducers, type Trace } from "./trace.js";
import { producerIds, recordWriterTrace } from "./writer-trace.js";

/** States to judge, and how many between the extremes of every prefix. */
const amounts = {
  quick: { states: 8_000, samples: 12 },
  full: { states: 100_000, samples: 16 },
} as const;

/** Every so many traces are of a clean; judging one of its states takes ten times as long. */
const cleanEvery = 10;
const cleanSamples = 1;

/** Traces of which a failure is shown; more would say the same. */
const maxFailures = 10;

async function run({ mode, seed, log }: RowContext): Promise<RowResult> {
  const { states, samples } = amounts[mode];
  const found = newExploration();
  const figures = { traces: 0, operations: 0, cleanStates: 0 };
  const isOver = (): boolean => found.seen.size >= states || found.failures.count >= maxFailures;
  for (let number = 0; !isOver(); number += 1) {
    const isClean = number % cleanEvery === 1;
    const before = found.seen.size;
    const traceSeed = seed * 100_000 + number;
    const { operations } = isClean
      ? await exploreClean(found, traceSeed, isOver)
      : await exploreWriter(found, traceSeed, samples, isOver);
    figures.traces += 1;
    figures.operations += operations.length;
    if (isClean) figures.cleanStates += found.seen.size - before;
    if (number % 20 === 0) log(`row 7: ${found.seen.size} crash states`);
  }
  const { lost, dup, failures, seen } = found;
  return { row: "7", n: seen.size, lost, dup, failures: failures.lines, seed, figures };
}

async function exploreWriter(
  found: Exploration,
  seed: number,
  samples: number,
  isOver: () => boolean,
): Promise<Trace> {
  const trace = await recordWriterTrace(randomOf(seed));
  const dead = await deadProducers(trace.directory, producerIds);
  await exploreTrace(
    trace,
    (tree, operations, isEverything, random) =>
      checkWriterState(tree, trace, acknowledgedBy(trace, operations, isEverything), { random, dead }),
    { found, seed, samples, isOver },
  );
  return trace;
}

async function exploreClean(found: Exploration, seed: number, isOver: () => boolean): Promise<Trace> {
  const trace = await recordCleanTrace(randomOf(seed));
  const options = { found, seed, samples: cleanSamples, isOver };
  await exploreTrace(trace, (tree) => checkCleanState(tree, trace), options);
  return trace;
}

/** What must survive a crash after so many operations. */
export function acknowledgedBy(
  { acknowledgements, isDurable }: Trace,
  operations: number,
  isEverything: boolean,
): string[] {
  if (!isDurable && !isEverything) return [];
  return acknowledgements
    .filter(({ afterOperations }) => afterOperations <= operations)
    .flatMap(({ lines }) => lines);
}

/** Row 7: every crash state of a simulated disk. */
export const crashStateRow: Row = {
  id: "7",
  title: "crash states of a simulated disk",
  modes: ["quick", "full"],
  run,
};
