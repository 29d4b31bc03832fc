import type { OpenBatch } from "./open-batch.js";
import type { WriterLane } from "./writer-lane.js";

/** A record as the queue takes it: its line was written into the open batch. */
export interface QueuedRecord {
  /** Bytes of the line. */
  readonly length: number;
  readonly sequence: number;
  readonly id: string;
  readonly timestamp: string;
}

/** When the open batch is full. */
export interface BatchBounds {
  readonly maxEvents: number;
  readonly maxBytes: number;
}

/** What the queue needs. */
export interface EventQueueOptions {
  /** Where the lines of records are written before they are added. */
  readonly open: OpenBatch;
  readonly lanes: readonly WriterLane[];
  readonly batchBounds: BatchBounds;
  readonly flushIntervalMs: number;
  /** Called when a lane begins to refuse records. */
  onRefusal(lane: WriterLane): void;
}

/** The reason of records that a full queue refuses. */
export const queueFull = "queue_full";

/**
 * Collects records into the open batch and hands it to the lanes when it is full, old enough, or wanted. Every
 * lane has its own bounds; the batch always has the same members, so it is sealed when a lane leaves or comes back.
 */
export class EventQueue {
  readonly #options: EventQueueOptions;
  readonly #open: OpenBatch;
  #sealed = 0;
  #lastSequence = -1;
  #wantedThrough = -1;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: EventQueueOptions) {
    this.#options = options;
    this.#open = options.open;
  }

  /** Batches sealed so far. */
  get sealed(): number {
    return this.#sealed;
  }

  /** Queues a record for every lane that has room. False when no lane has: then it is dropped. */
  add(record: QueuedRecord): boolean {
    const { lanes, batchBounds } = this.#options;
    this.#lastSequence = record.sequence;
    const accepted = this.#chooseMembers(record);
    if (accepted) {
      this.#open.add(record.length, record.sequence);
      for (const lane of lanes) if (lane.isJoined) lane.backlog.accept(record.length);
    }
    let refusing: WriterLane[] | undefined;
    for (const lane of lanes) {
      if (!lane.isJoined && this.#refuse(lane, record, accepted)) refusing = [...(refusing ?? []), lane];
    }
    if (this.#open.count >= batchBounds.maxEvents || this.#open.bytes >= batchBounds.maxBytes) this.seal();
    else if (this.#open.count > 0) this.#startTimer();
    // Last, because whoever is told may log.
    refusing?.forEach((lane) => {
      this.#options.onRefusal(lane);
    });
    return accepted;
  }

  /** Everything queued so far shall be written as soon as a writer is free. */
  want(): void {
    this.#wantedThrough = this.#lastSequence;
    if (this.#options.lanes.some((lane) => lane.isJoined && lane.state === "idle")) this.sealIfWanted();
  }

  /** Seals the open batch if anything in it is wanted. */
  sealIfWanted(): void {
    if (this.#open.count > 0 && this.#open.firstSequence <= this.#wantedThrough) this.seal();
  }

  /** Hands the open batch to its lanes, if there is anything in it. */
  seal(): void {
    if (this.#open.count === 0) return;
    const joined = this.#options.lanes.filter((lane) => lane.isJoined);
    const batch = this.#open.seal(joined.length);
    this.#sealed += 1;
    for (const lane of joined) lane.add(batch);
  }

  close(): void {
    clearTimeout(this.#timer);
  }

  /** Settles which lanes take the record; true when any does. */
  #chooseMembers({ length }: QueuedRecord): boolean {
    const { lanes } = this.#options;
    if (lanes.every((lane) => lane.isJoined && lane.backlog.hasRoomFor(length))) return true;
    if (lanes.some((lane) => lane.isJoined !== lane.backlog.hasRoomFor(length))) {
      this.seal();
      for (const lane of lanes) lane.isJoined = lane.backlog.hasRoomFor(length);
    }
    return lanes.some((lane) => lane.isJoined);
  }

  /** Returns whether the lane has just begun to refuse. */
  #refuse(lane: WriterLane, record: QueuedRecord, wasAcceptedElsewhere: boolean): boolean {
    const isFirst = !lane.backlog.isRefusing;
    lane.backlog.refuse(record.sequence, record.id, record.timestamp, queueFull);
    if (wasAcceptedElsewhere) lane.noteLossOfAccepted();
    return isFirst;
  }

  #startTimer(): void {
    if (this.#timer !== undefined) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.want();
    }, this.#options.flushIntervalMs).unref();
  }
}
