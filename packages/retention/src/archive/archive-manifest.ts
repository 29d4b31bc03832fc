import { basename, join } from "node:path";
import {
  ensurePrivateDirectory,
  type FileSystem,
  limits,
  manifestDirectoryName,
  manifestPath,
  parseSegmentName,
  readSmallFile,
  writeFileDurably,
} from "@prodigy-events/storage";

/**
 * Copies the manifest of a segment beside a copy of the segment, byte for byte, when there is one and the copy has
 * the same logical name. From the store to the archive, and back.
 */
export async function copyManifest(
  from: { directory: string; logicalName: string },
  copyPath: string,
  toDirectory: string,
  fs: FileSystem,
): Promise<void> {
  const { directory, logicalName } = from;
  if (parseSegmentName(basename(copyPath))?.logicalName !== logicalName) return;
  const text = await readSmallFile(manifestPath(directory, logicalName), limits.maxStateFileBytes, fs);
  if (text === undefined) return;
  await ensurePrivateDirectory(join(toDirectory, manifestDirectoryName), fs);
  await writeFileDurably(manifestPath(toDirectory, logicalName), Buffer.from(text), fs);
}
