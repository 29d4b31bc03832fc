import { join } from "node:path";
import {
  compressSegment,
  type FileSystem,
  readCleanLog,
  readManifest,
  removeQuietly,
  StorageError,
  syncDirectory,
} from "@prodigy-events/storage";
import type { RecoveryStep } from "./recovery-plan.js";
import type { RecoveryScene } from "./recovery-steps.js";
import { removeUnchanged } from "./remove-plain.js";

/**
 * Compresses a rotated segment that its producer cannot compress any more, and removes the plain file: as that would
 * have, except that others may have worked on the segment meanwhile. A clean may have cut or removed it, and the
 * compressed file would bring the records back; another process may have compressed it, too, and the compressed file is
 * all there is then.
 */
export async function compressLeftover(
  step: RecoveryStep,
  { directory, fs, report, signal }: RecoveryScene,
): Promise<void> {
  const plain = join(directory, step.fileName);
  const compressed = `${plain}.gz`;
  const manifest = await readManifest(directory, step.segment, fs);
  // What it holds could not be stated: that was said when it was tried.
  if (manifest === undefined) return;
  const source = await fs.lstat(plain);
  if (source.size !== manifest.bytes) throw differs(plain, source.size, manifest.bytes);
  await compressSegment(plain, compressed, { fs, manifest, ...(signal === undefined ? {} : { signal }) });
  const outcome = await removeUnchanged(plain, source, fs);
  const isUnwanted =
    outcome === "replaced" || (outcome === "gone" && (await wasCleaned(directory, step.segment, fs)));
  if (isUnwanted) await removeQuietly(compressed, fs);
  await syncDirectory(directory, fs);
  if (!isUnwanted) report.compressed.push(step.fileName);
}

/** Whether the last that clean or restore did to a segment was to remove it; a clean notes that before it does it. */
async function wasCleaned(directory: string, segment: string, fs: FileSystem): Promise<boolean> {
  let isRemoved = false;
  for await (const entry of readCleanLog(directory, { fs })) {
    if (entry.segment === segment) isRemoved = entry.action === "remove";
  }
  return isRemoved;
}

function differs(path: string, bytes: number, stated: number): StorageError {
  const message = `${path} has ${bytes} bytes and its manifest says ${stated}; it stays uncompressed, run 'events verify'`;
  return new StorageError("VERIFICATION_FAILED", message, { path });
}
