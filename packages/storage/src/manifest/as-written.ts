import type { FileSystem } from "../files/file-system.js";
import { nodeFileSystem } from "../files/node-file-system.js";
import type { Segment } from "../segments/segment.js";
import { manifestPath, readManifest } from "./manifest-file.js";

/**
 * Whether a segment is what its writer wrote and closed, as far as that can be told without reading it: not compressed, as
 * large as its manifest says, and last written to before the manifest was, which is the writer's own. Its lines are then the
 * records of its producer, with numbers that follow each other. What a disk has changed by itself is not noticed; `verify`
 * reads the content for that.
 */
export async function isAsWritten(segment: Segment, fs: FileSystem = nodeFileSystem): Promise<boolean> {
  const { kind, state, directory, logicalName, bytes, mtimeMs, producerId } = segment;
  if (kind !== "own" || (state !== "plain" && state !== "rotated")) return false;
  try {
    const manifest = await readManifest(directory, logicalName, fs);
    if (manifest?.bytes !== bytes || manifest.producerId !== producerId) return false;
    if (!manifest.onlyRecords || manifest.lastSequence - manifest.firstSequence + 1 !== manifest.lines)
      return false;
    // Equal times prove nothing: those of a file system move in steps of some milliseconds.
    return mtimeMs < (await fs.stat(manifestPath(directory, logicalName))).mtimeMs;
  } catch {
    return false; // a manifest that is damaged or cannot be read states nothing
  }
}
