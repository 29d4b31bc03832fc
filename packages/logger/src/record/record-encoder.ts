import { type AnyEvent, EncodeError, encodeEvent, encodeMetadata } from "@prodigy-events/schema";
import { batchOf, type EncodedBatch } from "@prodigy-events/writer";
import { limits } from "../limits.js";
import type { QueuedRecord } from "../queue/event-queue.js";
import type { Loss } from "../queue/loss.js";
import type { OpenBatch } from "../queue/open-batch.js";
import type { Redactor } from "../redact/redactor.js";
import { type BoundValues, bindFields } from "./bound-values.js";
import { type LineContent, LineWriter, type RecordHead, type RecordOrigin } from "./line-writer.js";
import type { RecordClock } from "./record-clock.js";
import type { RecordIds } from "./record-ids.js";
import type { Scope, ScopeFactory } from "./scope.js";

/** What the encoder needs. */
export interface RecordEncoderOptions {
  /** Where the lines are written. */
  readonly open: OpenBatch;
  readonly origin: RecordOrigin;
  readonly clock: RecordClock;
  readonly ids: RecordIds;
  readonly scopes: ScopeFactory;
  /** Absent when secrets are left as they are. */
  readonly redactor: Redactor | undefined;
}

/** Why an event could not be recorded as it is. */
export interface Rejection {
  readonly reason: string;
  readonly eventType: string | undefined;
  readonly bytes: number | undefined;
  readonly cause: unknown;
}

/** A record ready for the queue. */
export interface EncodedRecord extends QueuedRecord {
  /** The event with what was bound: that of the line, but for its secrets. */
  readonly event: AnyEvent;
  /** Whether the line lacks secrets that the event has. */
  readonly isRedacted: boolean;
  /** Present when the record is an `event_rejected` in the place of what the caller gave. */
  readonly rejection: Rejection | undefined;
}

/** Turns events into records of one producer: numbered, timed, and encoded on the spot into the open batch. */
export class RecordEncoder {
  readonly #options: RecordEncoderOptions;
  readonly #lines: LineWriter;
  #nextSequence = 0;

  constructor(options: RecordEncoderOptions) {
    this.#options = options;
    this.#lines = new LineWriter(options.origin, options.ids, options.open);
  }

  /** The number of records made. */
  get count(): number {
    return this.#nextSequence;
  }

  /**
   * Encodes an event, or in its place an `event_rejected` that says why not. Its line stands in the open batch at the
   * reserved place, to be added before anything else is encoded.
   */
  encode(
    given: unknown,
    scope: Scope,
    correlationId: string,
    metadata: BoundValues | undefined,
  ): EncodedRecord {
    let event: AnyEvent | undefined;
    let json: string | undefined;
    let failure: unknown;
    try {
      event = bindFields(requireObject(given), scope.fields) as AnyEvent;
      // The caller's getters and toJSON may log: what they log comes before this record.
      json = encodeEvent(event);
    } catch (error) {
      failure = error;
    }
    const head = this.#nextHead();
    try {
      if (event === undefined || json === undefined) throw failure;
      const all = metadata === undefined ? scope.metadata : this.#encodeMetadata(head, scope, metadata);
      const content = { correlationId, event: json, metadata: all };
      let bytes = this.#oversize(head, content);
      if (bytes === undefined) {
        const record = this.#write(head, content, event, undefined);
        if (!record.isRedacted || record.length <= limits.maxLineBytes) return record;
        bytes = record.length;
      }
      const reason = `too large: ${bytes} bytes, more than ${limits.maxEventBytes}`;
      const rejection = { reason, eventType: this.#typeOf(given), bytes, cause: undefined };
      return this.#reject(head, scope, correlationId, rejection);
    } catch (cause) {
      const rejection = {
        reason: this.#reasonOf(cause),
        eventType: this.#typeOf(given),
        bytes: undefined,
        cause,
      };
      return this.#reject(head, scope, correlationId, rejection);
    }
  }

  /** The record that takes the place of the last lost one. */
  encodeLoss(loss: Loss, scope: Scope, correlationId: string): EncodedBatch {
    const { id, timestamp, toSequence: sequence } = loss;
    const event = bindFields(
      {
        event_type: "events_dropped",
        count: loss.count,
        from_sequence: loss.fromSequence,
        to_sequence: loss.toSequence,
        reason: loss.reason,
      },
      scope.fields,
    ) as AnyEvent;
    const content = { correlationId, event: encodeEvent(event), metadata: scope.metadata };
    const { length } = this.#write({ id, timestamp, sequence }, content, event, undefined);
    const bytes = this.#options.open.copy(length);
    return batchOf({ bytes, count: 1, firstSequence: sequence, lastSequence: sequence });
  }

  #nextHead(): RecordHead {
    const sequence = this.#nextSequence;
    this.#nextSequence += 1;
    const { epochMs, timestamp } = this.#options.clock.now();
    return { id: this.#options.ids.next(epochMs), timestamp, sequence };
  }

  /** The JSON of all the metadata of a call. Bad metadata must not cost the event. */
  #encodeMetadata({ sequence }: RecordHead, scope: Scope, metadata: BoundValues): string {
    const { scopes } = this.#options;
    const own = this.#lines.ownMetadata(sequence);
    try {
      return encodeMetadata({ ...own, ...scope.metadata, ...scopes.own(metadata) });
    } catch {
      return encodeMetadata({ ...own, ...scope.metadata, ...scopes.encodable(metadata) });
    }
  }

  #reject(head: RecordHead, scope: Scope, correlationId: string, rejection: Rejection): EncodedRecord {
    const { reason, eventType, bytes } = rejection;
    const event = bindFields(
      { event_type: "event_rejected", reason, rejected_type: eventType, bytes },
      scope.fields,
    ) as AnyEvent;
    const content = { correlationId, event: encodeEvent(event), metadata: scope.metadata };
    return { ...this.#write(head, content, event, rejection), isRedacted: false };
  }

  /** Writes the line, without secrets. */
  #write(
    head: RecordHead,
    content: LineContent,
    event: AnyEvent,
    rejection: Rejection | undefined,
  ): EncodedRecord {
    const { id, timestamp, sequence } = head;
    const { redactor, open } = this.#options;
    const line = this.#lines.write(head, content);
    let { length } = line;
    let isRedacted = false;
    if (redactor?.isSuspicious(open.chunk, line.from, line.to, line.at + length)) {
      const encoded = open.take(length);
      const redacted = redactor.line(encoded);
      isRedacted = redacted !== encoded;
      length = open.put(redacted);
    }
    return { length, sequence, id, timestamp, event, isRedacted, rejection };
  }

  /** The size in bytes when the event or its line is too large, else `undefined`. Only long lines are measured. */
  #oversize(head: RecordHead, content: LineContent): number | undefined {
    if (this.#lines.mostBytes(head, content) <= limits.maxEventBytes) return undefined;
    const lineBytes = this.#lines.sizeOf(head, content);
    if (lineBytes > limits.maxLineBytes) return lineBytes;
    const eventBytes = Buffer.byteLength(content.event);
    return eventBytes > limits.maxEventBytes ? eventBytes : undefined;
  }

  /** The type of what was given, if it has one that can be looked at and is not itself a burden. */
  #typeOf(given: unknown): string | undefined {
    try {
      const type: unknown = (given as Partial<AnyEvent> | null | undefined)?.event_type;
      return typeof type === "string" ? this.#cut(type, limits.maxRejectedTypeLength) : undefined;
    } catch {
      return undefined; // a getter that throws: then there is no type to tell
    }
  }

  #reasonOf(error: unknown): string {
    const message = error instanceof Error ? error.message : String(error);
    const text = error instanceof EncodeError ? `${error.code}: ${message}` : message;
    return this.#cut(text, limits.maxReasonLength);
  }

  /** The beginning of a text; half a secret would not be known as one. */
  #cut(text: string, length: number): string {
    return (this.#options.redactor?.text(text) ?? text).slice(0, length);
  }
}

function requireObject(given: unknown): Readonly<Record<string, unknown>> {
  if (typeof given === "object" && given !== null) return given as Readonly<Record<string, unknown>>;
  throw new EncodeError("UNENCODABLE", "event is no object with an event_type: give one");
}
