import { type AnyEvent, EncodeError, encodeRecord } from "@prodigy-events/schema";
import { batchOf, type EncodedBatch } from "@prodigy-events/writer";
import { limits } from "../limits.js";
import type { QueuedRecord } from "../queue/event-queue.js";
import type { Loss } from "../queue/loss.js";
import type { Redactor } from "../redact/redactor.js";
import { type BoundValues, bindFields, noValues } from "./bound-values.js";
import type { RecordClock } from "./record-clock.js";
import type { RecordIds } from "./record-ids.js";
import type { Scope, ScopeFactory } from "./scope.js";

/** Who writes the records. */
export interface RecordOrigin {
  readonly host: string;
  readonly pid: number;
  readonly thread: string;
  readonly producerId: string;
}

/** What the encoder needs. */
export interface RecordEncoderOptions {
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

/** What a line begins with, but for the id and the timestamp. */
const envelopeStart = '{"id":"","timestamp":"","correlation_id":';

/** Turns events into records of one producer: numbered, timed, and encoded on the spot. */
export class RecordEncoder {
  readonly #options: RecordEncoderOptions;
  /** Characters at the end of a line with metadata of our own only, at least. */
  readonly #ownMetadataLength: number;
  #nextSequence = 0;

  constructor(options: RecordEncoderOptions) {
    this.#options = options;
    const { host, pid, thread, producerId } = options.origin;
    this.#ownMetadataLength = JSON.stringify({
      host,
      pid,
      thread,
      producer_id: producerId,
      sequence: 0,
    }).length;
  }

  /** The number of records made. */
  get count(): number {
    return this.#nextSequence;
  }

  /** Encodes an event, or in its place an `event_rejected` that says why not. */
  encode(
    given: unknown,
    scope: Scope,
    correlationId: string,
    metadata: BoundValues | undefined,
  ): EncodedRecord {
    const { clock, ids } = this.#options;
    const sequence = this.#nextSequence;
    this.#nextSequence += 1;
    const { epochMs, timestamp } = clock.now();
    const id = ids.next(epochMs);
    const head: RecordHead = { id, timestamp, correlationId, sequence };
    try {
      const event = bindFields(requireObject(given), scope.fields) as AnyEvent;
      const encoded = this.#encodeWithMetadata(head, event, scope, metadata);
      const line = this.#redact(encoded, head, metadata ?? scope.metadata);
      const isRedacted = line !== encoded;
      const bytes = oversize(encoded, event) ?? (isRedacted ? oversizeLine(line) : undefined);
      if (bytes === undefined)
        return { line, sequence, id, timestamp, event, isRedacted, rejection: undefined };
      const reason = `too large: ${bytes} bytes, more than ${limits.maxEventBytes}`;
      return this.#reject(head, scope, { reason, eventType: this.#typeOf(given), bytes, cause: undefined });
    } catch (error) {
      return this.#reject(head, scope, {
        reason: this.#reasonOf(error),
        eventType: this.#typeOf(given),
        bytes: undefined,
        cause: error,
      });
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
    const head = { id, timestamp, correlationId, sequence };
    const line = this.#redact(this.#line(head, event, scope.metadata), head, scope.metadata);
    return batchOf({ bytes: Buffer.from(line), count: 1, firstSequence: sequence, lastSequence: sequence });
  }

  #encodeWithMetadata(
    head: RecordHead,
    event: AnyEvent,
    scope: Scope,
    metadata: BoundValues | undefined,
  ): string {
    if (metadata === undefined) return this.#line(head, event, scope.metadata);
    const { scopes } = this.#options;
    try {
      return this.#line(head, event, { ...scope.metadata, ...scopes.own(metadata) });
    } catch {
      // Bad metadata must not cost the event; when it was the event, encoding fails again.
      return this.#line(head, event, { ...scope.metadata, ...scopes.encodable(metadata) });
    }
  }

  #reject(head: RecordHead, scope: Scope, rejection: Rejection): EncodedRecord {
    const event = bindFields(
      {
        event_type: "event_rejected",
        reason: rejection.reason,
        rejected_type: rejection.eventType,
        bytes: rejection.bytes,
      },
      scope.fields,
    ) as AnyEvent;
    const line = this.#redact(this.#line(head, event, scope.metadata), head, scope.metadata);
    const { sequence, id, timestamp } = head;
    return { line, sequence, id, timestamp, event, isRedacted: false, rejection };
  }

  /** The line without secrets. Its beginning, and metadata that is only ours, have none. */
  #redact(line: string, { id, timestamp }: RecordHead, others: BoundValues): string {
    const { redactor } = this.#options;
    if (redactor === undefined) return line;
    const ownEnd = others === noValues ? this.#ownMetadataLength : 0;
    const from = envelopeStart.length + id.length + timestamp.length;
    return redactor.line(line, from, line.length - ownEnd);
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

  #line(head: RecordHead, event: AnyEvent, metadata: BoundValues): string {
    const { host, pid, thread, producerId } = this.#options.origin;
    const own = { host, pid, thread, producer_id: producerId, sequence: head.sequence };
    return encodeRecord({
      id: head.id,
      timestamp: head.timestamp,
      correlation_id: head.correlationId,
      event,
      // The usual case, and several times as fast as spreading nothing.
      metadata: metadata === noValues ? own : { ...own, ...metadata },
    });
  }
}

interface RecordHead {
  readonly id: string;
  readonly timestamp: string;
  readonly correlationId: string;
  readonly sequence: number;
}

function requireObject(given: unknown): Readonly<Record<string, unknown>> {
  if (typeof given === "object" && given !== null) return given as Readonly<Record<string, unknown>>;
  throw new EncodeError("UNENCODABLE", "event is no object with an event_type: give one");
}

/** The size in bytes of a line that readers would not take, else `undefined`. */
function oversizeLine(line: string): number | undefined {
  if (line.length * 3 <= limits.maxLineBytes) return undefined;
  const bytes = Buffer.byteLength(line);
  return bytes > limits.maxLineBytes ? bytes : undefined;
}

/** The size in bytes when the event or its line is too large, else `undefined`. Only long lines are measured. */
function oversize(line: string, event: AnyEvent): number | undefined {
  if (line.length * 3 <= limits.maxEventBytes) return undefined;
  const lineBytes = Buffer.byteLength(line);
  if (lineBytes <= limits.maxEventBytes) return undefined;
  if (lineBytes > limits.maxLineBytes) return lineBytes;
  const eventBytes = Buffer.byteLength(JSON.stringify(event));
  return eventBytes > limits.maxEventBytes ? eventBytes : undefined;
}
