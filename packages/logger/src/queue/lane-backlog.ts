import { decodeLine } from "@prodigy-events/schema";
import { type EncodedBatch, joinBatches } from "@prodigy-events/writer";
import { joinLosses, type Loss } from "./loss.js";
import type { QueuedBatch } from "./open-batch.js";

/** How much a writer may leave waiting. */
export interface BacklogBounds {
  readonly maxQueuedEvents: number;
  readonly maxQueuedBytes: number;
}

/** What is sent to a writer at once, and what of the backlog it settles. */
export interface Shipment {
  readonly batch: EncodedBatch;
  /** Events of the backlog in it: all of the batch but the records that tell of losses. */
  readonly events: number;
  /** Bytes of those events. */
  readonly bytes: number;
  /** Losses that the batch tells of, joined. */
  readonly loss: Loss | undefined;
  /** The batches of the backlog in it; to be released when the writer is done with them. */
  readonly parts: readonly QueuedBatch[];
}

interface Entry {
  readonly batch: QueuedBatch;
  /** What was lost just before the batch. */
  readonly lossBefore: Loss | undefined;
}

/** Makes the line that tells of a loss, as a batch of one. */
export type LossEncoder = (loss: Loss) => EncodedBatch;

/**
 * What waits for one writer, in order: batches, which all writers share, and between them what this writer has
 * lost. Counts every event exactly once: accepted = settled + queued, settled = written + lost.
 */
export class LaneBacklog {
  readonly #bounds: BacklogBounds;
  readonly #encodeLoss: LossEncoder;
  #entries: Entry[] = [];
  #lossAtEnd: Loss | undefined;
  #queuedEvents = 0;
  #queuedBytes = 0;
  #writtenEvents = 0;
  #lostEvents = 0;
  #dropped = new Map<string, number>();

  constructor(bounds: BacklogBounds, encodeLoss: LossEncoder) {
    this.#bounds = bounds;
    this.#encodeLoss = encodeLoss;
  }

  /** Accepted and not settled, those in the open batch included. */
  get queuedEvents(): number {
    return this.#queuedEvents;
  }

  get queuedBytes(): number {
    return this.#queuedBytes;
  }

  get writtenEvents(): number {
    return this.#writtenEvents;
  }

  /** Accepted events that are written or lost. */
  get settledEvents(): number {
    return this.#writtenEvents + this.#lostEvents;
  }

  get acceptedEvents(): number {
    return this.settledEvents + this.#queuedEvents;
  }

  /** By reason: events refused, and events accepted and lost. */
  get dropped(): ReadonlyMap<string, number> {
    return this.#dropped;
  }

  /** Whether a record of so many bytes may still be accepted. */
  hasRoomFor(bytes: number): boolean {
    return (
      this.#queuedEvents < this.#bounds.maxQueuedEvents &&
      this.#queuedBytes + bytes <= this.#bounds.maxQueuedBytes
    );
  }

  /** Whether the backlog is below that share of its bounds. */
  isBelow(share: number): boolean {
    return (
      this.#queuedEvents < this.#bounds.maxQueuedEvents * share &&
      this.#queuedBytes < this.#bounds.maxQueuedBytes * share
    );
  }

  /** Counts a record that went into the open batch. */
  accept(bytes: number): void {
    this.#queuedEvents += 1;
    this.#queuedBytes += bytes;
  }

  /** Notes that the next record in order was refused. */
  refuse(sequence: number, id: string, timestamp: string, reason: string): void {
    const loss = { count: 1, fromSequence: sequence, toSequence: sequence, reason, id, timestamp };
    this.#lossAtEnd = joinLosses(this.#lossAtEnd, loss);
    this.#countDropped(reason, 1);
  }

  /** Whether records were refused since the last one that was accepted. */
  get isRefusing(): boolean {
    return this.#lossAtEnd !== undefined;
  }

  /** Takes over a sealed batch whose records were all accepted. */
  add(batch: QueuedBatch): void {
    this.#entries.push({ batch, lossBefore: this.#lossAtEnd });
    this.#lossAtEnd = undefined;
  }

  /**
   * Takes from the front as many batches as fit into `maxBytes`, at least one; `undefined` when nothing waits. A
   * writer that fell behind, or only ever got small batches, so catches up with few writes and few syncs.
   */
  take(maxBytes: number): Shipment | undefined {
    let entries = 0;
    let bytes = 0;
    for (const { batch } of this.#entries) {
      bytes += batch.bytes.length;
      if (entries > 0 && bytes > maxBytes) break;
      entries += 1;
    }
    if (entries > 0) return this.#shipment(this.#entries.splice(0, entries), undefined);
    const loss = this.#lossAtEnd;
    this.#lossAtEnd = undefined;
    return loss === undefined ? undefined : this.#shipment([], loss);
  }

  /** Everything not settled, behind a shipment that was taken before. Nothing is taken; see {@link confirmEverything}. */
  everything(taken: Shipment | undefined): Shipment | undefined {
    const isEmpty = this.#entries.length === 0 && this.#lossAtEnd === undefined;
    if (isEmpty) return taken;
    const rest = this.#shipment(this.#entries, this.#lossAtEnd);
    if (taken === undefined) return rest;
    return {
      batch: joinBatches([taken.batch, rest.batch]),
      events: taken.events + rest.events,
      bytes: taken.bytes + rest.bytes,
      loss: joinLosses(taken.loss, rest.loss),
      parts: [...taken.parts, ...rest.parts],
    };
  }

  /** Everything is written: what {@link everything} returned. */
  confirmEverything(shipment: Shipment): void {
    this.#entries = [];
    this.#lossAtEnd = undefined;
    this.confirm(shipment);
  }

  /** The shipment's events are written. */
  confirm({ events, bytes }: Shipment): void {
    this.#settle(events, bytes);
    this.#writtenEvents += events;
  }

  /** The shipment will never be written; the next one tells of it. */
  lose(shipment: Shipment, reason: string): void {
    const { batch, events, bytes } = shipment;
    this.#settle(events, bytes);
    this.#lostEvents += events;
    this.#countDropped(reason, events);
    const own = events === 0 ? undefined : lossOf(batch, events, reason);
    const loss = joinLosses(shipment.loss, own);
    const next = this.#entries[0];
    if (next === undefined) this.#lossAtEnd = joinLosses(loss, this.#lossAtEnd);
    else this.#entries[0] = { batch: next.batch, lossBefore: joinLosses(loss, next.lossBefore) };
  }

  #shipment(entries: readonly Entry[], lossAtEnd: Loss | undefined): Shipment {
    const batches: EncodedBatch[] = [];
    let loss: Loss | undefined;
    let events = 0;
    let bytes = 0;
    for (const { batch, lossBefore } of entries) {
      if (lossBefore !== undefined) batches.push(this.#encodeLoss(lossBefore));
      loss = joinLosses(loss, lossBefore);
      batches.push(batch);
      events += batch.count;
      bytes += batch.bytes.length;
    }
    if (lossAtEnd !== undefined) batches.push(this.#encodeLoss(lossAtEnd));
    const parts = entries.map(({ batch }) => batch);
    return { batch: joinBatches(batches), events, bytes, loss: joinLosses(loss, lossAtEnd), parts };
  }

  #settle(events: number, bytes: number): void {
    this.#queuedEvents -= events;
    this.#queuedBytes -= bytes;
  }

  #countDropped(reason: string, events: number): void {
    this.#dropped.set(reason, (this.#dropped.get(reason) ?? 0) + events);
  }
}

function lossOf(batch: EncodedBatch, count: number, reason: string): Loss {
  const { firstSequence, lastSequence } = batch;
  let last = "";
  for (const line of batch.records()) last = line;
  const decoded = decodeLine(last);
  const { id, timestamp } = decoded.ok ? decoded.record : { id: "", timestamp: "" };
  return { count, fromSequence: firstSequence, toSequence: lastSequence, reason, id, timestamp };
}
