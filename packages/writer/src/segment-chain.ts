import type { Clock, FileSystem } from "@prodigy-events/storage";
import type { ActiveSegment, SegmentFailure } from "./active-segment.js";
import { type EncodedBatch, endOfLines, sliceBatch } from "./encoded-batch.js";
import type { WriterWarning } from "./event-writer.js";
import { writeExitSegment } from "./exit-segment.js";
import { actionAfter } from "./failure-policy.js";
import type { FinishedSegment } from "./retiring-segment.js";
import { decideRotation } from "./rotation-policy.js";
import { createSegment } from "./segment-file.js";
import type { SegmentRetirement } from "./segment-retirement.js";
import type { SegmentWriterSettings } from "./segment-writer-options.js";
import { toWriteError } from "./write-error.js";

/** What a chain of segments needs from its writer. */
export interface SegmentChainOptions {
  readonly directory: string;
  readonly producerId: string;
  readonly fs: FileSystem;
  readonly clock: Clock;
  readonly settings: SegmentWriterSettings;
  readonly retirement: SegmentRetirement;
  /** Makes the directory ready again after somebody removed it. */
  prepare(): Promise<void>;
  onWarning(warning: WriterWarning): void;
}

/** How much of the batch under way is kept for good, in closed segments or the active one. */
interface BatchProgress {
  readonly firstSequence: number;
  readonly lastSequence: number;
  readonly byteLength: number;
  keptBytes: number;
}

/** A segment whose first fsync failed: all it has is bytes of one batch, and nobody was told that they are kept. */
interface SpareCopy {
  readonly path: string;
  readonly progress: BatchProgress;
  readonly start: number;
  readonly byteLength: number;
}

/** The segments of one producer, one after another: at most one of them is active. */
export class SegmentChain {
  readonly #options: SegmentChainOptions;
  #active: ActiveSegment | undefined;
  #progress: BatchProgress | undefined;
  #previousMs = 0;
  #isRotationPostponed = false;
  /** Whether the last part went into a fresh segment and could not be kept there either. */
  #isFailing = false;
  #spare: SpareCopy | undefined;
  #created = 0;
  #abandoned = 0;

  constructor(options: SegmentChainOptions) {
    this.#options = options;
  }

  /** Segments created. */
  get created(): number {
    return this.#created;
  }

  /** Segments left without a manifest because something went wrong with them. */
  get abandoned(): number {
    return this.#abandoned;
  }

  /**
   * Keeps the batch in the active segment, or, where it is larger than a segment may be, in several. When it comes
   * again after a failure, it goes on where it stopped. Throws a `WriteError`.
   */
  async append(batch: EncodedBatch): Promise<void> {
    const progress = this.#progressOf(batch);
    while (progress.keptBytes < batch.bytes.length) {
      progress.keptBytes += await this.#appendPart(batch, progress.keptBytes);
    }
  }

  /** Keeps the batch in a segment of its own, synchronously, leaving the active one alone. Throws a `WriteError`. */
  appendAtExit(batch: EncodedBatch): void {
    const finished = writeExitSegment(this.#options, batch, this.#previousMs);
    this.#noteCreation(finished.identity.createdAtMs);
    this.#options.retirement.retire(finished, false);
  }

  /** Ends the chain: the active segment keeps its name and gets its manifest. */
  async end(): Promise<void> {
    const segment = this.#active;
    this.#active = undefined;
    if (segment === undefined) return;
    if (segment.isUnfinished) await this.#abandon(segment, "its last batch was not finished");
    else this.#options.retirement.retire(finished(segment), false);
  }

  /**
   * Keeps what fits of the batch from `start` on, and returns its length. When the segment turns out to be broken, it
   * is left and the part goes whole into a fresh one; a second failure is the caller's. While it goes on like that, each
   * call tries one fresh segment.
   */
  async #appendPart(batch: EncodedBatch, start: number): Promise<number> {
    const segment = await this.#segmentFor(batch, start);
    try {
      return await this.#appendTo(segment, this.#partFor(segment, batch, start));
    } catch (error) {
      const failure = error as SegmentFailure;
      await this.#giveUpUnlessPassing(segment, failure);
      if (this.#isFailing) throw failure.reason;
    }
    const fresh = await this.#openNext();
    try {
      return await this.#appendTo(fresh, this.#partFor(fresh, batch, start));
    } catch (error) {
      const failure = error as SegmentFailure;
      await this.#giveUpUnlessPassing(fresh, failure);
      this.#isFailing = true;
      throw failure.reason;
    }
  }

  async #appendTo(segment: ActiveSegment, part: EncodedBatch): Promise<number> {
    await segment.append(part);
    try {
      if (this.#isDurable) await segment.sync();
    } finally {
      // The segment has the whole part: a copy that was left before, and that nobody was told of, is of no use.
      await this.#removeSpare(part);
    }
    this.#isFailing = false;
    return part.bytes.length;
  }

  /** All that is left, except in an empty segment that this would make too large. The same again after a failure. */
  #partFor(segment: ActiveSegment, batch: EncodedBatch, start: number): EncodedBatch {
    const { bytes } = batch;
    const { maxSegmentBytes } = this.#options.settings;
    const end = segment.confirmedBytes === 0 ? endOfLines(bytes, start, maxSegmentBytes) : bytes.length;
    return sliceBatch(batch, start, end);
  }

  #progressOf({ firstSequence, lastSequence, bytes }: EncodedBatch): BatchProgress {
    const known = this.#progress;
    const isSame =
      known?.firstSequence === firstSequence &&
      known.lastSequence === lastSequence &&
      known.byteLength === bytes.length;
    if (isSame) return known;
    this.#progress = { firstSequence, lastSequence, byteLength: bytes.length, keptBytes: 0 };
    return this.#progress;
  }

  /** Throws the failure's reason when the segment is still good; leaves it, for good, when it is not. */
  async #giveUpUnlessPassing(segment: ActiveSegment, failure: SegmentFailure): Promise<void> {
    if (actionAfter(failure.operation, failure.reason.code) === "resume") throw failure.reason;
    this.#active = undefined;
    await this.#abandon(segment, failure.reason.message);
    const progress = this.#progress;
    if (failure.operation !== "fsync" || segment.syncedBytes > 0 || progress === undefined) return;
    const { path, confirmedBytes: byteLength } = segment;
    this.#spare = { path, progress, start: progress.keptBytes, byteLength };
  }

  /** Removes the copy that was left before, if all it has is in `part`, which is in the file of the next segment now. */
  async #removeSpare(part: EncodedBatch): Promise<void> {
    const spare = this.#spare;
    this.#spare = undefined;
    if (spare === undefined || spare.progress !== this.#progress) return;
    if (spare.start !== spare.progress.keptBytes || spare.byteLength > part.bytes.length) return;
    // One that stays holds records that are there twice, which readers merge.
    await this.#options.fs.unlink(spare.path).catch(() => undefined);
  }

  /** The segment that the batch goes on in, rotating first where the limits ask for it. */
  async #segmentFor(batch: EncodedBatch, start: number): Promise<ActiveSegment> {
    const active = this.#active;
    if (active === undefined) return this.#openNext();
    if (!active.accepts(this.#partFor(active, batch, start))) {
      this.#active = undefined;
      await this.#abandon(active, "the batch it holds a part of was kept elsewhere");
      return this.#openNext();
    }
    if (active.isUnfinished || !this.#shouldRotate(active, batch.bytes.length - start)) return active;
    return this.#rotate(active);
  }

  #shouldRotate(active: ActiveSegment, batchBytes: number): boolean {
    const { clock, settings } = this.#options;
    const segmentBytes = active.confirmedBytes;
    const segmentAgeMs = clock.now() - active.identity.createdAtMs;
    return decideRotation({ segmentBytes, segmentAgeMs, batchBytes }, settings) !== "stay";
  }

  /** The next segment is opened before the old one is let go: while that fails, the old one grows on. */
  async #rotate(old: ActiveSegment): Promise<ActiveSegment> {
    let next: ActiveSegment;
    try {
      next = await this.#openNext();
    } catch (error) {
      if (!this.#isRotationPostponed) {
        const reason = error instanceof Error ? error.message : String(error);
        const message = `${old.path} grows past its limit, since the next segment cannot be opened: ${reason}`;
        this.#options.onWarning({ code: "ROTATION_POSTPONED", message, path: old.path });
      }
      this.#isRotationPostponed = true;
      return old;
    }
    this.#isRotationPostponed = false;
    this.#options.retirement.retire(finished(old), true);
    return next;
  }

  async #openNext(): Promise<ActiveSegment> {
    const segment = await createSegment(this.#options, this.#previousMs, this.#isDurable).catch(
      async (error: unknown) => {
        const failure = toWriteError(error, "create a segment in", this.#options.directory);
        if (failure.code !== "ENOENT") throw failure;
        await this.#options.prepare();
        return createSegment(this.#options, this.#previousMs, this.#isDurable);
      },
    );
    this.#noteCreation(segment.identity.createdAtMs);
    this.#active = segment;
    return segment;
  }

  #noteCreation(createdAtMs: number): void {
    this.#previousMs = createdAtMs;
    this.#created += 1;
  }

  /** Leaves a segment as it is, without a manifest: nothing can be stated about it. */
  async #abandon(segment: ActiveSegment, reason: string): Promise<void> {
    this.#abandoned += 1;
    // The descriptor is gone whatever close reports, and nothing in the file is waited for any more.
    await segment.close().catch(() => undefined);
    const message = `${segment.path} was left without a manifest, and records go on in another segment: ${reason}`;
    this.#options.onWarning({ code: "SEGMENT_ABANDONED", message, path: segment.path });
  }

  get #isDurable(): boolean {
    return this.#options.settings.durability === "fsync";
  }
}

function finished(segment: ActiveSegment): FinishedSegment {
  return {
    identity: segment.identity,
    path: segment.path,
    statement: segment.statement,
    finish: async () => {
      try {
        await segment.sync();
      } finally {
        // What close reports changes nothing: the content is durable, or the sync has said that it is not.
        await segment.close().catch(() => undefined);
      }
    },
  };
}
