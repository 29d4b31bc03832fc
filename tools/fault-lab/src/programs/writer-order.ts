/** What a writing program is told to do; passed as JSON. */
export interface WriterOrder {
  readonly store: string;
  readonly repo: string;
  readonly jobId: string;
  readonly durability?: "flush" | "fsync";
  readonly maxSegmentBytes?: number;
  readonly compress?: boolean;
  readonly bufferSize?: number;
  readonly maxQueuedEvents?: number;
  /** How many events; left out: until somebody ends the process. */
  readonly events?: number;
  /** Events between two calls of `flush()`. */
  readonly batchEvents: number;
  /** Pause after each batch, in milliseconds. */
  readonly pauseMs?: number;
  /** Longest time that the shutdown may take, in milliseconds. */
  readonly shutdownTimeoutMs?: number;
  /** Try a rejected flush again until it succeeds, and log nothing meanwhile. */
  readonly insists?: boolean;
  /** Wait for a line on standard input before the first event. */
  readonly waits?: boolean;
  /** Close the segment's descriptor behind the logger's back after so many batches, as a bug elsewhere would. */
  readonly closesDescriptorAfter?: number;
  /** Stop the clock at this time, so that the names of segments are known beforehand. */
  readonly stoppedAtMs?: number;
}

/** What a writing program says, one JSON line each. */
export type WriterMessage =
  | { readonly say: "producer"; readonly producerId: string; readonly directory: string }
  /** `flush()` resolved, at this time of the clock that all processes share: so many events, from the first on, are safe. */
  | { readonly say: "acknowledged"; readonly events: number; readonly atNs: string }
  | { readonly say: "rejected"; readonly code: string; readonly events: number }
  | { readonly say: "problem"; readonly code: string; readonly message: string }
  | {
      readonly say: "end";
      readonly logged: number;
      readonly written: number;
      readonly unwritten: number;
      readonly dropped: number;
      readonly retries: number;
      readonly maxQueued: number;
      /** Of calls of `log()`, which must not throw. */
      readonly thrown: number;
    };

/** The text that event number `sequence` carries, so that a reader can tell an invented record from a real one. */
export function stepOf(sequence: number): string {
  return `step ${sequence} of ${(sequence * 7919) % 104_729}`;
}
