import { join } from "node:path";
import { type Clock, errnoOf, type FileSystem, nodeFileSystem, systemClock } from "@prodigy-events/storage";
import type { WriterWarning } from "../event-writer.js";
import { UnsealableError } from "./recovered-manifest.js";
import type { RecoveryStep } from "./recovery-plan.js";
import { performStep, type RecoveryScene } from "./recovery-steps.js";
import { inTurn } from "./recovery-turn.js";
import { undoneSteps } from "./undone-steps.js";

/** What {@link recoverDirectory} works with. */
export interface RecoveryOptions {
  readonly fs?: FileSystem | undefined;
  readonly clock?: Clock | undefined;
  /** Whether rotated segments are compressed: that somebody wants it is not written anywhere. Default: false. */
  readonly compress?: boolean | undefined;
  /** Ends the compression. What it was about stays as it was. */
  readonly signal?: AbortSignal | undefined;
  /** Called before each segment that is compressed, and waited for. */
  beforeCompression?(): Promise<void>;
  onWarning?(warning: WriterWarning): void;
}

/** What was done, by path relative to the directory, and what was not. */
export interface RecoveryReport {
  /** Segments that got the manifest, and the name, that their producer no longer could give them. */
  readonly sealed: string[];
  /** Segments that had their manifest, and got the name that goes with it. */
  readonly renamed: string[];
  readonly compressed: string[];
  /** Plain files removed because the compressed one has the same content. */
  readonly plainRemoved: string[];
  readonly temporariesRemoved: string[];
  /** Left as they are, with the reason. Readers read them correctly all the same. */
  readonly left: { readonly path: string; readonly reason: string }[];
}

/**
 * Finishes in a job's directory what crashes interrupted: rotations, compressions if that is asked for, removals of
 * plain files after compression, temporary files. Touches only what belongs to producers that are provably dead (design
 * §5). One process of a machine does it at a time; another one that wants to meanwhile leaves it to that one, and where
 * the two cannot know of each other, both may do it. Never throws: what cannot be finished is left, and said so.
 */
export async function recoverDirectory(
  directory: string,
  options: RecoveryOptions = {},
): Promise<RecoveryReport> {
  const { fs = nodeFileSystem, clock = systemClock, signal } = options;
  const report: RecoveryReport = {
    sealed: [],
    renamed: [],
    compressed: [],
    plainRemoved: [],
    temporariesRemoved: [],
    left: [],
  };
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
  const scene = { directory, fs, clock, report, signal };
  try {
    const steps = await undoneSteps(directory, options.compress === true, fs);
    if (steps.length === 0) return report;
    const isMine = await inTurn(directory, fs, () => performAll(steps, scene, options, leave));
    if (!isMine) report.left.push({ path: ".", reason: "somebody else is bringing it in order" });
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

async function performAll(
  steps: readonly RecoveryStep[],
  scene: RecoveryScene,
  options: RecoveryOptions,
  leave: (fileName: string, error: unknown) => void,
): Promise<void> {
  for (const step of steps) {
    const isCompression = step.kind === "compress";
    if (isCompression && !(await mayCompress(options))) return;
    try {
      await performStep(step, scene);
    } catch (error) {
      if (isCompression && options.signal?.aborted) return;
      leave(step.fileName, error);
      // A disk that is full or fails is left to the records; what is wrong with one file says nothing of the others.
      if (isCompression && isOfDisk(error)) return;
    }
  }
}

async function mayCompress({ signal, beforeCompression }: RecoveryOptions): Promise<boolean> {
  if (!signal?.aborted) await beforeCompression?.();
  return !signal?.aborted;
}

function isOfDisk(error: unknown): boolean {
  const code = errnoOf(error);
  return code !== undefined && code !== "ENOENT";
}
