import type { Segment } from "../segments/segment.js";
import type { Damage } from "./content.js";
import type { Line, ReadOptions } from "./line.js";
import { LineSplitter } from "./line-splitter.js";
import { contentOf, openSegment } from "./open-content.js";
import { prefetch } from "./prefetch.js";
import { compressionProblem } from "./raw-line.js";
import { readSettings } from "./read-settings.js";

/**
 * The lines of a segment in order, as arrays of those that ended in one chunk, never empty. The file is opened
 * when the first array is asked for and closed when the iteration ends, however it ends. Plain, gzip and (where
 * Node has it) zstd content is told apart by magic bytes. Lines end in 0x0A and nothing else; a byte order mark at
 * the beginning and lines of white space are skipped; everything else that is no line of valid UTF-8 goes to
 * `onProblem`. Memory: two chunks (of our gzip, two members) and the longest line.
 *
 * @throws StorageError when the file cannot be opened or read, `NOT_A_REGULAR_FILE`, `ZSTD_UNSUPPORTED`; the
 *   signal's reason when it was aborted; RangeError for a senseless option
 *
 * @example
 * for await (const lines of readLines("events.jsonl", { onProblem: (problem) => problems.push(problem) })) {
 *   for (const { text } of lines) count(JSON.parse(text));
 * }
 */
export async function* readLines(
  segment: Segment | string,
  options: ReadOptions,
): AsyncGenerator<Line[], void> {
  const settings = readSettings(options);
  const { fs, signal, onProblem, onContent } = settings;
  signal?.throwIfAborted();
  const file = await openSegment(segment, fs);
  try {
    const { path } = file;
    const splitter = new LineSplitter({ ...settings, path });
    const onDamage = (damage: Damage) => onProblem(compressionProblem(path, damage));
    const content = contentOf(file, { ...settings, onDamage }, fs);
    for await (const piece of prefetch(content)) {
      signal?.throwIfAborted();
      onContent(piece);
      const lines = splitter.push(piece);
      if (lines.length > 0) yield lines;
    }
    splitter.end();
  } finally {
    await fs.close(file.fd);
  }
}
