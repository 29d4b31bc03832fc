import { mkdir } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { runDamager } from "../../process/run-damager.js";
import type { DamageOrder } from "../../programs/damage-order.js";
import type { Row, RowContext, RowResult } from "../../row.js";
import { inParallel } from "../in-parallel.js";
import { type Random, randomOf } from "../random.js";
import { damageCount } from "./damage.js";
import {
  type DamagedFile,
  type DamageTally,
  type Detection,
  damagedFiles,
  subjectOf,
  sumOf,
  tallyDamages,
} from "./damage-part.js";

/** How many damages to each file are tried in quick mode: all together some seconds. */
const defaultSamples: Readonly<Record<DamagedFile, number>> = {
  ...{ segment: 300, gz: 300, manifest: 300 },
  // Five questions for each, and three readings of the index.
  index: 100,
};

/** Processes for each file in full mode, so that none waits long for the last one. */
const parts = 8;

/** How row 9 is run; all has defaults. */
export interface DamageOptions extends Detection {
  /** Damages to each file in quick mode. */
  readonly samples?: number;
}

/** Row 9. */
export function damageRow(options: DamageOptions = {}): Row {
  return {
    id: "9",
    title: "every flipped bit and every length of a 20 KiB segment, its gz, its manifest and its index",
    modes: ["quick", "full"],
    run: (context) => (context.mode === "full" ? runAll(context) : runSample(context, options)),
  };
}

/** So many damages to each file, drawn by the seed: the same on every machine. */
async function runSample({ seed, directory, log }: RowContext, options: DamageOptions): Promise<RowResult[]> {
  const results: RowResult[] = [];
  for (const [stream, file] of damagedFiles.entries()) {
    const subject = await subjectOf(file, directory, options);
    const count = damageCount(subject.bytes.length);
    const drawn = drawnFrom(count, options.samples ?? defaultSamples[file], randomOf(seed, stream));
    results.push(resultOf(file, await tallyDamages(file, subject, drawn, seed), seed));
    log(`${drawn.length} of ${count} damages to the ${file}`);
  }
  return results;
}

/** Different numbers below `count`. */
function drawnFrom(count: number, sample: number, random: Random): number[] {
  const drawn = new Set<number>();
  while (drawn.size < Math.min(sample, count)) drawn.add(random.below(count));
  return [...drawn];
}

/** All of them, by as many processes at a time as there are processors. */
async function runAll({ seed, directory, log }: RowContext): Promise<RowResult[]> {
  const tallies = new Map<DamagedFile, DamageTally[]>(damagedFiles.map((file) => [file, []]));
  const orders = damagedFiles.flatMap((file) =>
    Array.from({ length: parts }, (_, first): DamageOrder => {
      return { file, first, step: parts, seed, directory: `${directory}/${file}-${first}` };
    }),
  );
  const ending = new AbortController();
  const end = (): void => ending.abort();
  process.once("exit", end);
  await inParallel(
    orders,
    async (order) => {
      tallies.get(order.file)!.push(await tallyOf(order, ending.signal));
      log(`part ${order.first + 1} of ${parts} of the damages to the ${order.file}`);
    },
    availableParallelism(),
  );
  process.off("exit", end);
  return [...tallies].map(([file, found]) => {
    const result = resultOf(file, sumOf(found), seed);
    const all = damageCount(result.figures?.bytes ?? 0);
    if (result.n === all) return result;
    return { ...result, failures: [...result.failures, `${result.n} damages were done instead of ${all}`] };
  });
}

/** A part whose process ends in any way but with an answer is a failure of its own. */
async function tallyOf(order: DamageOrder, signal: AbortSignal): Promise<DamageTally> {
  await mkdir(order.directory, { recursive: true });
  try {
    return await runDamager(order, signal);
  } catch (error) {
    return { lost: 0, dup: 0, failures: [`${JSON.stringify(order)}: ${String(error)}`], figures: {} };
  }
}

function resultOf(file: DamagedFile, { lost, dup, failures, figures }: DamageTally, seed: number): RowResult {
  const n = (figures.flips ?? 0) + (figures.truncations ?? 0);
  return { row: `9 ${file}`, n, lost, dup, failures, seed, figures };
}
