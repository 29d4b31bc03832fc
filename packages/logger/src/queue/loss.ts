/** Records with consecutive places in a writer's order that it will not get. */
export interface Loss {
  readonly count: number;
  readonly fromSequence: number;
  readonly toSequence: number;
  /** `queue_full`, or the code with which a writer refused them for good. */
  readonly reason: string;
  /** Of the last of them: the record that tells of the loss takes its place. */
  readonly id: string;
  readonly timestamp: string;
}

/** Joins two losses that follow each other; either may be absent. */
export function joinLosses(earlier: Loss | undefined, later: Loss | undefined): Loss | undefined {
  if (earlier === undefined) return later;
  if (later === undefined) return earlier;
  return {
    count: earlier.count + later.count,
    fromSequence: earlier.fromSequence,
    toSequence: later.toSequence,
    reason: joinReasons(earlier.reason, later.reason),
    id: later.id,
    timestamp: later.timestamp,
  };
}

function joinReasons(earlier: string, later: string): string {
  return earlier.split(", ").includes(later) ? earlier : `${earlier}, ${later}`;
}
