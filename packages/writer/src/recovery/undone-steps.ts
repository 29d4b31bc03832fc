import { join } from "node:path";
import {
  currentProcessIdentity,
  errnoOf,
  type FileSystem,
  manifestDirectoryName,
  producerLiveness,
  readProducer,
} from "@prodigy-events/storage";
import { planRecovery, type RecoveryStep } from "./recovery-plan.js";

/** What is undone in a directory and belongs to producers that are provably dead. */
export async function undoneSteps(
  directory: string,
  compress: boolean,
  fs: FileSystem,
): Promise<RecoveryStep[]> {
  const fileNames = await namesIn(directory, fs);
  const manifestNames = await namesIn(join(directory, manifestDirectoryName), fs);
  return ofDeadProducers(planRecovery({ fileNames, manifestNames }, compress), directory, fs);
}

async function ofDeadProducers(
  steps: readonly RecoveryStep[],
  directory: string,
  fs: FileSystem,
): Promise<RecoveryStep[]> {
  const dead = new Map<string, boolean>();
  for (const { producerId } of steps) {
    if (!dead.has(producerId)) dead.set(producerId, await isProvablyDead(directory, producerId, fs));
  }
  return steps.filter(({ producerId }) => dead.get(producerId));
}

async function isProvablyDead(directory: string, producerId: string, fs: FileSystem): Promise<boolean> {
  // A producer file that is damaged or cannot be read proves nothing.
  const identity = await readProducer(directory, producerId, fs).catch(() => undefined);
  return identity !== undefined && producerLiveness(identity, currentProcessIdentity()) === "dead";
}

async function namesIn(directory: string, fs: FileSystem): Promise<string[]> {
  return fs.readdir(directory).catch((error: unknown) => {
    if (errnoOf(error) === "ENOENT") return [];
    throw error;
  });
}
