import type { SourceSegment } from "../source/source-segment.js";
import type { FileCursor, ProducerCursor } from "./follow-cursor.js";
import type { LiveChain } from "./live-chain.js";
import type { ProducerProgress } from "./producer-progress.js";

/** How far a producer's records were taken. One without progress is as it was: nothing of it was read. */
export function producerCursor(
  producer: ProducerCursor,
  progress: ProducerProgress | undefined,
  chain: LiveChain | undefined,
): ProducerCursor {
  if (!progress) return producer;
  const { directory, producerId, newestSegment } = producer;
  const open = (chain?.open ?? []).map(({ tail, offset }) => ({
    segment: tail.source.segment.logicalName,
    offset,
  }));
  const { nextSequence, missing } = progress.taken(chain?.lastTakenNumber);
  return { directory, producerId, nextSequence, missing, newestSegment, open };
}

/** How far a shared or foreign file was taken; without a chain, as a whole. */
export function fileCursor({ segment }: SourceSegment, chain: LiveChain | undefined): FileCursor {
  const { directory, logicalName, dev, ino } = segment;
  const open = chain?.open.at(-1);
  return {
    ...{ directory, name: logicalName, dev, ino },
    offset: open?.offset ?? segment.bytes,
    isOpen: open !== undefined,
    fingerprint: open?.tail.fingerprint.toString("base64") ?? "",
    recentIds: chain?.takenIds ?? [],
  };
}
