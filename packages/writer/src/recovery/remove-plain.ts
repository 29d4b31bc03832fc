import type { Stats } from "node:fs";
import { join } from "node:path";
import {
  errnoOf,
  type FileSystem,
  readManifest,
  StorageError,
  syncDirectory,
  verifyAgainstManifest,
} from "@prodigy-events/storage";
import { summarizeDurably } from "./read-content.js";
import { recoveredManifest } from "./recovered-manifest.js";
import type { RecoveryStep } from "./recovery-plan.js";
import type { RecoveryScene } from "./recovery-steps.js";

/** Only when the compressed file proves to hold what the manifest states, or what the plain one holds. */
export async function removePlain(
  step: RecoveryStep,
  { directory, fs, clock, report }: RecoveryScene,
): Promise<void> {
  const path = join(directory, step.fileName);
  const source = await fs.lstat(path);
  const manifest =
    (await readManifest(directory, step.segment, fs)) ??
    recoveredManifest(step, await summarizeDurably(path, fs), clock.now());
  const { intact } = await verifyAgainstManifest(`${path}.gz`, manifest, fs);
  if (!intact) {
    const message = `${path}.gz does not hold what ${step.fileName} does; run 'events verify'`;
    throw new StorageError("VERIFICATION_FAILED", message, { path });
  }
  await fs.lstat(`${path}.gz`); // a clean that cuts the plain file takes this one away first
  if ((await removeUnchanged(path, source, fs)) !== "removed") return;
  await syncDirectory(directory, fs);
  report.plainRemoved.push(step.fileName);
}

/** Removes a file if it is still the one that was looked at: a clean may have put another in its place, or taken it. */
export async function removeUnchanged(
  path: string,
  { dev, ino, size, mtimeMs }: Stats,
  fs: FileSystem,
): Promise<"removed" | "replaced" | "gone"> {
  try {
    const found = await fs.lstat(path);
    const isSame = found.dev === dev && found.ino === ino && found.size === size && found.mtimeMs === mtimeMs;
    if (!isSame) return "replaced";
    await fs.unlink(path);
    return "removed";
  } catch (error) {
    if (errnoOf(error) === "ENOENT") return "gone";
    throw error;
  }
}
