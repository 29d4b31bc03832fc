import type { FileSystem, Segment } from "@prodigy-events/storage";
import { spool } from "./spool.js";

/**
 * Standard input as a segment: set down in a temporary file, because putting records in time order takes two passes.
 * It counts as closed: whoever wrote it has ended.
 */
export async function spoolStandardInput(stdin: AsyncIterable<Uint8Array>, fs: FileSystem): Promise<Segment> {
  const { path, bytes } = await spool(stdin, fs);
  const { dev, ino, mtimeMs } = await fs.stat(path);
  const name = { logicalName: "-", state: "rotated", kind: "foreign" } as const;
  return { ...name, path, directory: "-", bytes, mtimeMs, dev, ino, isLink: false };
}
