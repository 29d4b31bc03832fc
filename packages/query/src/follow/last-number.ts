import { decodeLine } from "@prodigy-events/schema";
import { readLinesBackward, readManifest, type Segment, StorageError } from "@prodigy-events/storage";
import type { ReadContext } from "../read/read-context.js";
import type { SourceSegment } from "../source/source-segment.js";
import { chainKeyOf } from "./chain-key.js";
import { sequenceOf } from "./start-position.js";

/**
 * The number of the last record that was written to a segment of ours, from its manifest or its last line; `undefined`
 * when neither tells.
 */
export async function lastNumberOf(
  segment: Segment,
  { fs, bounds }: ReadContext,
): Promise<number | undefined> {
  const { directory, logicalName, producerId } = segment;
  // A damaged manifest says nothing, nor does one of lines without numbers.
  const manifest = await readManifest(directory, logicalName, fs).catch(() => undefined);
  if (manifest !== undefined && manifest.lastSequence >= 0) return manifest.lastSequence;
  let isDamaged = false;
  const onProblem = () => {
    isDamaged = true;
  };
  try {
    for await (const [last] of readLinesBackward(segment, {
      fs,
      onProblem,
      chunkBytes: bounds.minChunkBytes,
    })) {
      // Another line behind it that cannot be read had a greater number.
      if (last === undefined || isDamaged) return undefined;
      const decoded = decodeLine(last.text);
      return decoded.ok ? sequenceOf(decoded.record, producerId) : undefined;
    }
  } catch (error) {
    if (!(error instanceof StorageError)) throw error;
  }
  return undefined;
}

/** The number of the last record in the segment before `source` in its chain, if there is one of ours in `found`. */
export async function lastNumberBefore(
  source: SourceSegment,
  found: readonly SourceSegment[],
  context: ReadContext,
): Promise<number | undefined> {
  if (source.segment.producerId === undefined) return undefined;
  const chain = chainKeyOf(source);
  let before: Segment | undefined;
  for (const each of found) {
    const { segment } = each;
    // Names of one producer are in the order of their times.
    if (chainKeyOf(each) !== chain || segment.logicalName >= source.segment.logicalName) continue;
    if (before === undefined || segment.logicalName > before.logicalName) before = segment;
  }
  return before && lastNumberOf(before, context);
}
