import type { Segment } from "../segments/segment.js";
import type { ContentPiece, Damage } from "./content.js";
import type { ReadOptions } from "./line.js";
import { contentOf, openSegment } from "./open-content.js";
import { prefetch } from "./prefetch.js";
import { compressionProblem } from "./raw-line.js";
import { readSettings } from "./read-settings.js";

/** How to read a segment's content: as {@link ReadOptions}, as far as they do not concern lines. */
export type ContentReadOptions = Omit<ReadOptions, "maxLineBytes" | "closed" | "onContent" | "onBlank">;

/**
 * The uncompressed bytes of a segment, good and bad lines alike, for whoever copies or sums them: consecutive pieces,
 * each valid until the next is asked for. `onProblem` is told of damaged compression only. Opening, closing, memory and
 * errors are those of `readLines`.
 */
export async function* readContent(
  segment: Segment | string,
  options: ContentReadOptions,
): AsyncGenerator<ContentPiece, void> {
  const settings = readSettings(options);
  const { fs, signal, onProblem } = settings;
  signal?.throwIfAborted();
  const file = await openSegment(segment, fs);
  try {
    const onDamage = (damage: Damage) => onProblem(compressionProblem(file.path, damage));
    for await (const piece of prefetch(contentOf(file, { ...settings, onDamage }, fs))) {
      signal?.throwIfAborted();
      yield piece;
    }
  } finally {
    await fs.close(file.fd);
  }
}
