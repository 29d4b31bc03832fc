import { decodeLine } from "@prodigy-events/schema";
import { type Manifest, parseSegmentName } from "@prodigy-events/storage";
import type { ContentSummary } from "./content-summary.js";
import type { RecoveryStep } from "./recovery-plan.js";

/** The content is not what a producer leaves when it rotates: readers cope with it, but nothing is stated about it. */
export class UnsealableError extends Error {
  override readonly name = "UnsealableError";
}

/**
 * The manifest that a segment's content allows to be written.
 *
 * @throws UnsealableError when it does not begin and end with whole records of the step's producer
 */
export function recoveredManifest(step: RecoveryStep, summary: ContentSummary, nowMs: number): Manifest {
  if (summary.tailBytes > 0) throw new UnsealableError("it ends within a line");
  const first = boundaryOf(summary.firstLine, step);
  const last = boundaryOf(summary.lastLine, step);
  const { bytes, lines, sha256, blockBytes, blockCrc32 } = summary.sums();
  return {
    version: 1,
    segment: step.segment,
    producerId: step.producerId,
    bytes,
    lines,
    firstSequence: first.sequence,
    lastSequence: last.sequence,
    firstTimestamp: first.timestamp,
    lastTimestamp: last.timestamp,
    sha256,
    blockBytes,
    blockCrc32,
    createdAt: new Date(parseSegmentName(step.segment)?.createdAtMs ?? nowMs).toISOString(),
    closedAt: new Date(nowMs).toISOString(),
  };
}

function boundaryOf(line: string | undefined, step: RecoveryStep): { sequence: number; timestamp: string } {
  const decoded = line === undefined ? undefined : decodeLine(line);
  const { timestamp, metadata } = decoded?.ok ? decoded.record : {};
  if (
    timestamp === undefined ||
    metadata?.producer_id !== step.producerId ||
    metadata.sequence === undefined
  ) {
    throw new UnsealableError(`it does not begin and end with a record of producer ${step.producerId}`);
  }
  return { sequence: metadata.sequence, timestamp };
}
