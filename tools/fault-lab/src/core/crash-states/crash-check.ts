import { recoverDirectory } from "@prodigy-events/writer";
import type { Random } from "../random.js";
import { readBack, type Violations, violationsOf } from "../read-back.js";
import { CrashModel } from "../simulation/crash-model.js";
import type { DiskTree } from "../simulation/disk-tree.js";
import { simulatedFileSystem } from "../simulation/simulated-file-system.js";
import { judgeRecovery } from "../store-scene.js";
import { checkFollow } from "./follow-check.js";
import { type DeadProducers, letDie, type Trace } from "./trace.js";

/**
 * How many of the states are also followed, verified against their manifests, compressed in recovery, and crashed again
 * while recovering.
 */
const shares = { followed: 0.02, verified: 0.25, compressed: 0.05, crashedAgain: 0.25 } as const;

/** R1 to R6, and R8, in a crash state of writers, and in one of its recovery. */
export async function checkWriterState(
  tree: DiskTree,
  trace: Trace,
  acknowledged: readonly string[],
  { random, dead }: { random: Random; dead: DeadProducers },
): Promise<Violations> {
  letDie(tree, dead);
  const before = tree.copy();
  const { fs, operations } = simulatedFileSystem(tree);
  const { root, directory, known } = trace;
  const scene = { root, directory, known, fs, files: () => tree.files() };
  const [withManifests, compress] = [random.chance(shares.verified), random.chance(shares.compressed)];
  const judged = await judgeRecovery(scene, acknowledged, { withManifests, compress });
  const texts = [...judged.texts];
  if (random.chance(shares.followed)) texts.push(...(await checkFollow(root, judged.fresh.lines, fs)));

  if (judged.wasRecovered && random.chance(shares.crashedAgain)) {
    const model = new CrashModel(before);
    for (const operation of operations.slice(0, random.below(operations.length + 1))) model.apply(operation);
    const crashed = simulatedFileSystem(model.treeAfter(model.choose(random)));
    await recoverDirectory(directory, { fs: crashed.fs, compress });
    const again = violationsOf(await readBack({ root, fs: crashed.fs }), {
      required: judged.fresh.lines,
      isKnown: (line) => known.isKnown(line),
      identityOf: (line) => known.identityOf(line),
    });
    texts.push(...again.texts.map((text) => `${text}, after a crash of the recovery`));
  }
  return { lost: judged.lost, dup: judged.dup, texts };
}
