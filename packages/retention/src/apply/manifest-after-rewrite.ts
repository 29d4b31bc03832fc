import { formatTimestamp } from "@prodigy-events/schema";
import { type FileSystem, parseSegmentName, readManifest } from "@prodigy-events/storage";
import { contentSums } from "../content/content-sums.js";
import { addRemovedRanges, type RewrittenManifest, removedBefore } from "../content/rewritten-manifest.js";
import type { ContentCount } from "../inventory/count-content.js";
import { limits } from "../limits.js";
import type { PlannedSegment } from "../plan/retention-plan.js";
import type { Rest } from "./rewrite-segment.js";
import { SourceChanged } from "./take-source.js";

/**
 * The manifest of what stays of a segment; `undefined` for segments of which nobody ever makes one (shared and
 * foreign ones).
 *
 * @param sourcePath the segment as it still is
 */
export async function manifestAfterRewrite(
  segment: PlannedSegment,
  sourcePath: string,
  { sums, count, removedRanges }: Rest,
  fs: FileSystem,
): Promise<RewrittenManifest | undefined> {
  const name = parseSegmentName(segment.logicalName);
  if (name?.producerId === undefined) return undefined;
  const former: RewrittenManifest | undefined = await readManifest(
    segment.directory,
    segment.logicalName,
    fs,
  );
  const source = await contentSums(sourcePath, fs);
  const removedEarlier = former === undefined ? [] : removedBefore(former, source);
  if (removedEarlier === undefined) throw new SourceChanged(sourcePath);
  const removed = addRemovedRanges(removedEarlier, removedRanges);
  return {
    version: 1,
    segment: segment.logicalName,
    producerId: name.producerId,
    ...sums,
    ...sequencesOf(segment, count),
    createdAt: former?.createdAt ?? new Date(name.createdAtMs!).toISOString(),
    closedAt: former?.closedAt ?? new Date(segment.files[0]!.mtimeMs).toISOString(),
    ...(removed.length > limits.maxManifestRanges ? {} : { removed }),
    supersedes: { bytes: source.bytes, sha256: source.sha256, removed: removedEarlier },
  };
}

/** As written by the producer, whose timestamps are canonical; of nothing left, the next sequence and that less one. */
function sequencesOf({ removedRanges }: PlannedSegment, { first, last }: ContentCount) {
  if (first === undefined || last === undefined) {
    const next = Math.max(-1, ...removedRanges.map((range) => range.last)) + 1;
    return { firstSequence: next, lastSequence: next - 1 };
  }
  return {
    firstSequence: first.sequence,
    lastSequence: last.sequence,
    firstTimestamp: formatTimestamp(first.instant),
    lastTimestamp: formatTimestamp(last.instant),
  };
}
