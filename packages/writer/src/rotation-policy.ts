/** What a segment may grow to. */
export interface RotationLimits {
  readonly maxSegmentBytes: number;
  /** Counted from the creation of the segment; `undefined`: no limit. */
  readonly maxSegmentAgeMs: number | undefined;
}

/** What is known just before a batch is written. */
export interface RotationState {
  readonly segmentBytes: number;
  readonly segmentAgeMs: number;
  readonly batchBytes: number;
}

export type RotationDecision = "stay" | "size" | "age";

/**
 * Decides whether the next batch goes into a fresh segment, and why.
 *
 * A segment never passes its size limit by a batch that could have gone into the next one. An empty segment is
 * never rotated; a batch larger than the limit is for the caller to divide.
 */
export function decideRotation(state: RotationState, limits: RotationLimits): RotationDecision {
  if (state.segmentBytes === 0) return "stay";
  if (state.segmentBytes + state.batchBytes > limits.maxSegmentBytes) return "size";
  if (limits.maxSegmentAgeMs !== undefined && state.segmentAgeMs >= limits.maxSegmentAgeMs) return "age";
  return "stay";
}
