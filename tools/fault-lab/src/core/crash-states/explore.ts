import { crc32 } from "node:zlib";
import { Failures } from "../failures.js";
import { type Random, randomOf } from "../random.js";
import type { Violations } from "../read-back.js";
import { type CrashChoice, CrashModel } from "../simulation/crash-model.js";
import { describeOperation } from "../simulation/disk-operation.js";
import type { DiskTree } from "../simulation/disk-tree.js";
import type { Trace } from "./trace.js";

/** How the states after one prefix of a trace are judged. */
export type StateCheck = (
  tree: DiskTree,
  operations: number,
  /** Nothing was lost in the crash, as when only the process ended. */
  isEverything: boolean,
  random: Random,
) => Promise<Violations>;

/** What an exploration found so far. */
export interface Exploration {
  /** States that differ from each other in what is on the disk. */
  readonly seen: Set<string>;
  readonly failures: Failures;
  lost: number;
  dup: number;
}

export function newExploration(): Exploration {
  return { seen: new Set(), failures: new Failures(), lost: 0, dup: 0 };
}

/** How far a trace is explored. */
export interface ExploreOptions {
  readonly found: Exploration;
  /** Of the trace; the choices of what a crash leaves follow from it. */
  readonly seed: number;
  /** States between the extremes, for every prefix. */
  readonly samples: number;
  isOver(): boolean;
}

/** Shrinking steps for one failure: a trace has a few dozen pending changes at the most. */
const maxShrinkSteps = 200;

/** Judges the crash states after every prefix of a trace: the two extremes, and so many in between. */
export async function exploreTrace(
  trace: Trace,
  check: StateCheck,
  { found, seed, samples, isOver }: ExploreOptions,
): Promise<void> {
  const model = new CrashModel(trace.initial);
  for (let count = 0; count <= trace.operations.length && !isOver(); count += 1) {
    const operation = trace.operations[count - 1];
    if (operation !== undefined) model.apply(operation);
    const random = randomOf(seed, count);
    const choices = [model.keepAll(), model.keepNothing()];
    while (choices.length < samples + 2) choices.push(model.choose(random));
    for (const [index, choice] of choices.entries()) {
      const fingerprint = `${seed} ${fingerprintOf(model.treeAfter(choice))} ${index === 0}`;
      if (found.seen.has(fingerprint)) continue;
      found.seen.add(fingerprint);
      const judge = (each: CrashChoice): Promise<Violations> =>
        check(model.treeAfter(each), count, index === 0, randomOf(seed, count, index)).catch(thrown);
      const findings = await judge(choice);
      if (findings.texts.length === 0) continue;
      found.lost += findings.lost;
      found.dup += findings.dup;
      const shrunk = await shrink(model, choice, judge);
      const step = operation === undefined ? "nothing" : describeOperation(operation);
      found.failures.add(
        `${shrunk.texts.join("; ")} [seed ${seed}, operation ${count} (${step}), ${shrunk.words}; ${trace.title}]`,
      );
    }
  }
}

function thrown(error: unknown): Violations {
  return {
    lost: 0,
    dup: 0,
    texts: [`threw ${error instanceof Error ? error.stack?.slice(0, 300) : String(error)}`],
  };
}

/** Takes back as many losses as can be taken back without the failure going away. */
async function shrink(
  model: CrashModel,
  failing: CrashChoice,
  judge: (choice: CrashChoice) => Promise<Violations>,
): Promise<{ texts: readonly string[]; words: string }> {
  let choice = failing;
  let { texts } = await judge(choice);
  for (let step = 0, isShrinking = true; isShrinking && step < maxShrinkSteps; step += 1) {
    isShrinking = false;
    for (const simpler of model.simpler(choice)) {
      const findings = await judge(simpler);
      if (findings.texts.length === 0) continue;
      choice = simpler;
      texts = findings.texts;
      isShrinking = true;
      break;
    }
  }
  return { texts, words: model.describe(choice) };
}

/** Equal for disks with equal content. */
function fingerprintOf(tree: DiskTree): string {
  let sum = 0;
  let bytes = 0;
  for (const file of tree.files()) {
    sum = crc32(file.bytes, crc32(file.path, sum));
    bytes += file.bytes.length;
  }
  return `${sum} ${bytes}`;
}
