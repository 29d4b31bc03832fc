import { join } from "node:path";
import { type Clock, type FileSystem, renameDurably, writeManifest } from "@prodigy-events/storage";
import { compressLeftover } from "./compress-leftover.js";
import { endsWithinLine, summarizeDurably } from "./read-content.js";
import type { RecoveryReport } from "./recover-directory.js";
import { recoveredManifest, UnsealableError } from "./recovered-manifest.js";
import type { RecoveryStep } from "./recovery-plan.js";
import { removePlain } from "./remove-plain.js";

/** Where a step is performed, and where it is noted. */
export interface RecoveryScene {
  readonly directory: string;
  readonly fs: FileSystem;
  readonly clock: Clock;
  readonly report: RecoveryReport;
  /** Ends a compression. */
  readonly signal?: AbortSignal | undefined;
}

/** Performs one step. Rejects when it cannot be done; everything is readable as before then. */
export async function performStep(step: RecoveryStep, scene: RecoveryScene): Promise<void> {
  switch (step.kind) {
    case "seal":
      return seal(step, scene);
    case "rotate":
      return rotate(step, scene);
    case "rename":
      return rename(step, scene);
    case "compress":
      return compressLeftover(step, scene);
    case "remove plain":
      return removePlain(step, scene);
    case "remove temporary":
      await scene.fs.unlink(join(scene.directory, step.fileName));
      scene.report.temporariesRemoved.push(step.fileName);
  }
}

async function seal(step: RecoveryStep, { directory, fs, clock, report }: RecoveryScene): Promise<void> {
  const path = join(directory, step.fileName);
  if (await endsWithinLine(path, fs)) throw new UnsealableError("it ends within a line");
  const summary = await summarizeDurably(path, fs);
  await writeManifest(directory, recoveredManifest(step, summary, clock.now()), fs);
  report.sealed.push(step.fileName);
}

async function rotate(step: RecoveryStep, scene: RecoveryScene): Promise<void> {
  await seal(step, scene);
  await giveRotatedName(step, scene);
}

/** Its manifest was written after its content had been made durable: only the name is missing. */
async function rename(step: RecoveryStep, scene: RecoveryScene): Promise<void> {
  await giveRotatedName(step, scene);
  scene.report.renamed.push(step.fileName);
}

async function giveRotatedName(step: RecoveryStep, { directory, fs }: RecoveryScene): Promise<void> {
  await renameDurably(join(directory, step.fileName), join(directory, `${step.segment}.rotated`), fs);
}
