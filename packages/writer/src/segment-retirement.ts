import { type Clock, errnoOf, type FileSystem } from "@prodigy-events/storage";
import { type AfterFailure, BackgroundQueue } from "./background-queue.js";
import type { WriterWarning } from "./event-writer.js";
import { type FinishedSegment, RetiringSegment } from "./retiring-segment.js";

/** What the retirement of segments needs to know. */
export interface RetirementOptions {
  readonly directory: string;
  readonly fs: FileSystem;
  readonly clock: Clock;
  /** Whether rotated segments are compressed. */
  readonly compress: boolean;
  onWarning(warning: WriterWarning): void;
}

/**
 * Seals finished segments and compresses the rotated ones, in the background: two queues, so that sealing, which
 * takes milliseconds, never stands behind a compression, which takes seconds. The records are safe all the time;
 * a failure only leaves a segment in an earlier state, to be tried again.
 */
export class SegmentRetirement {
  readonly #options: RetirementOptions;
  readonly #sealing: BackgroundQueue<RetiringSegment>;
  readonly #compression: BackgroundQueue<RetiringSegment>;
  #sealed = 0;
  #compressed = 0;

  constructor(options: RetirementOptions) {
    this.#options = options;
    this.#sealing = new BackgroundQueue(
      (segment) => this.#seal(segment),
      (segment, error) => {
        if (segment.state === "unsealed") {
          this.#warn(
            "SEGMENT_UNSEALED",
            segment,
            "could not be made durable and stays without a manifest",
            error,
          );
          return "give up";
        }
        return this.#warnAndDecide("SEAL", segment, "sealed", error);
      },
    );
    this.#compression = new BackgroundQueue(
      (segment) => this.#compress(segment),
      (segment, error) => {
        return this.#warnAndDecide("COMPRESSION", segment, "compressed", error);
      },
    );
  }

  get sealed(): number {
    return this.#sealed;
  }

  get compressed(): number {
    return this.#compressed;
  }

  /** Segments on their way. */
  get pending(): number {
    return this.#sealing.size + this.#compression.size;
  }

  /** Takes over a segment that gets no more records. */
  retire(segment: FinishedSegment, isRotated: boolean): void {
    const { directory, fs } = this.#options;
    this.#sealing.add(new RetiringSegment(segment, directory, fs, isRotated));
  }

  /** A full or failing disk is left to the records. */
  holdCompression(): void {
    this.#compression.hold();
  }

  releaseCompression(): void {
    this.#compression.release();
  }

  /** Resolves when everything that can be sealed and compressed is. */
  async settle(): Promise<void> {
    await this.#sealing.settle();
    await this.#compression.settle();
  }

  async #seal(segment: RetiringSegment): Promise<void> {
    await segment.seal(this.#options.clock.now());
    this.#sealed += 1;
    if (segment.isRotated && this.#options.compress) this.#compression.add(segment);
  }

  async #compress(segment: RetiringSegment): Promise<void> {
    await segment.compress();
    this.#compressed += 1;
  }

  #warnAndDecide(what: string, segment: RetiringSegment, done: string, error: unknown): AfterFailure {
    const decision = afterFailure(error);
    const isPostponed = decision === "postpone";
    const code = `${what}_${isPostponed ? "POSTPONED" : "FAILED"}`;
    this.#warn(code, segment, `is not ${done}${isPostponed ? " yet" : ""}; its records are safe`, error);
    return decision;
  }

  #warn(code: string, segment: RetiringSegment, what: string, error: unknown): void {
    const reason = error instanceof Error ? error.message : String(error);
    this.#options.onWarning({ code, message: `${segment.path} ${what}: ${reason}`, path: segment.path });
  }
}

/** A disk can recover; a file that is gone, or is not what its manifest states, stays so. */
function afterFailure(error: unknown): AfterFailure {
  const code = errnoOf(error);
  return code === undefined || code === "ENOENT" ? "give up" : "postpone";
}
