import type { FileSystem } from "../files/file-system.js";
import { nodeFileSystem } from "../files/node-file-system.js";
import { membersOf } from "../gzip/list-members.js";
import type { Segment } from "../segments/segment.js";
import { backwardContent } from "./backward-content.js";
import { BackwardSplitter } from "./backward-splitter.js";
import type { Line, ReadOptions } from "./line.js";
import { openSegment } from "./open-content.js";
import { prefetch } from "./prefetch.js";
import { compressionProblem } from "./raw-line.js";
import { readSettings } from "./read-settings.js";

/**
 * The lines of a segment from the last to the first, newest first within each array too: the same lines and
 * problems as `readLines` gives, for plain files and our own gzip. Only what is asked for is read. The size at the
 * time of opening counts: what is appended meanwhile is not seen.
 *
 * @throws StorageError as `readLines`, and `NOT_SEEKABLE` for other compressed content
 */
export async function* readLinesBackward(
  segment: Segment | string,
  options: ReadOptions,
): AsyncGenerator<Line[], void> {
  const settings = readSettings(options);
  const { fs, signal, onProblem } = settings;
  signal?.throwIfAborted();
  const file = await openSegment(segment, fs);
  try {
    const { path, fd } = file;
    const splitter = new BackwardSplitter({ ...settings, path });
    const content = backwardContent(file, {
      ...settings,
      fd,
      path,
      bytes: file.stats.size,
      onDamage: (damage) => onProblem(compressionProblem(path, damage)),
    });
    for await (const piece of prefetch(content)) {
      signal?.throwIfAborted();
      const lines = splitter.push(piece);
      if (lines.length > 0) yield lines;
    }
    const first = splitter.end();
    if (first.length > 0) yield first;
  } finally {
    await fs.close(file.fd);
  }
}

/** True when {@link readLinesBackward} can read the segment: its content is plain, or gzip of ours. */
export async function supportsBackward(
  segment: Segment | string,
  fs: FileSystem = nodeFileSystem,
): Promise<boolean> {
  const file = await openSegment(segment, fs);
  try {
    if (file.format !== "members") return file.format === "plain";
    return (await membersOf(file.fd, file.stats.size, file.path, fs)) !== undefined;
  } finally {
    await fs.close(file.fd);
  }
}
