import { join } from "node:path";
import {
  type Clock,
  currentProcessIdentity,
  errnoOf,
  type FileSystem,
  manifestDirectoryName,
  nodeFileSystem,
  producerLiveness,
  readProducer,
  systemClock,
} from "@prodigy-events/storage";
import type { WriterWarning } from "../event-writer.js";
import { UnsealableError } from "./recovered-manifest.js";
import { planRecovery, type RecoveryStep } from "./recovery-plan.js";
import { performStep } from "./recovery-steps.js";

/** What {@link recoverDirectory} works with. */
export interface RecoveryOptions {
  readonly fs?: FileSystem | undefined;
  readonly clock?: Clock | undefined;
  onWarning?(warning: WriterWarning): void;
}

/** What was done, by path relative to the directory, and what was not. */
export interface RecoveryReport {
  /** Segments that got the manifest, and the name, that their producer no longer could give them. */
  readonly sealed: string[];
  /** Plain files removed because the compressed one has the same content. */
  readonly plainRemoved: string[];
  readonly temporariesRemoved: string[];
  /** Left as they are, with the reason. Readers read them correctly all the same. */
  readonly left: { readonly path: string; readonly reason: string }[];
}

/**
 * Finishes in a job's directory what crashes interrupted: rotations, removals of plain files after compression,
 * temporary files. Touches only what belongs to producers that are provably dead (design §5); several processes
 * may do it at once. Never throws: what cannot be finished is left, and said so.
 */
export async function recoverDirectory(
  directory: string,
  options: RecoveryOptions = {},
): Promise<RecoveryReport> {
  const { fs = nodeFileSystem, clock = systemClock } = options;
  const report: RecoveryReport = { sealed: [], plainRemoved: [], temporariesRemoved: [], left: [] };
  const leave = (fileName: string, error: unknown): void => {
    // Gone means that another process did the same and was faster.
    if (errnoOf(error) === "ENOENT") return;
    const reason = error instanceof Error ? error.message : String(error);
    report.left.push({ path: fileName, reason });
    if (error instanceof UnsealableError) return;
    const path = join(directory, fileName);
    const message = `${path} could not be brought in order and stays as it is: ${reason}`;
    options.onWarning?.({ code: "RECOVERY_POSTPONED", message, path });
  };
  try {
    const fileNames = await namesIn(directory, fs);
    const manifestNames = await namesIn(join(directory, manifestDirectoryName), fs);
    const steps = planRecovery({ fileNames, manifestNames });
    for (const step of await ofDeadProducers(steps, directory, fs)) {
      await performStep(step, { directory, fs, clock, report }).catch((error) => leave(step.fileName, error));
    }
  } catch (error) {
    leave(".", error);
  }
  for (const fileName of report.sealed) {
    const path = join(directory, fileName);
    const message = `${path} got its manifest from its content, since its producer ended before writing one`;
    options.onWarning?.({ code: "SEGMENT_RECOVERED", message, path });
  }
  return report;
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
