import { encodeMetadata } from "@prodigy-events/schema";
import { limits } from "../limits.js";
import type { OpenBatch } from "../queue/open-batch.js";
import { type BoundValues, noValues } from "./bound-values.js";
import type { RecordIds } from "./record-ids.js";

/** Who writes the records. */
export interface RecordOrigin {
  readonly host: string;
  readonly pid: number;
  readonly thread: string;
  readonly producerId: string;
}

/** What only the logger knows of a record. */
export interface RecordHead {
  readonly id: string;
  readonly timestamp: string;
  readonly sequence: number;
}

/** The content of a record, encoded as far as it is not the same in many. */
export interface LineContent {
  readonly correlationId: string;
  /** The event's JSON. */
  readonly event: string;
  /** The JSON of all the metadata; or what the scope adds to the logger's own. */
  readonly metadata: string | BoundValues;
}

/** Where a line was written in the open batch's chunk, and where in it secrets can be. */
export interface WrittenLine {
  readonly at: number;
  readonly length: number;
  /** From the correlation id on … */
  readonly from: number;
  /** … to the metadata, when that is only the logger's, else to the end. */
  readonly to: number;
}

const idAt = '{"id":"'.length;
const noId = "0".repeat(36);
const beforeMetadata = ',"metadata":';
const lineEnd = "}\n";
const maxSequenceDigits = 16;

/**
 * Writes the canonical lines of one producer into the open batch, as bytes; what is the same in many of them is encoded
 * once. A line is the one that `encodeRecord` of the schema makes of the same record.
 */
export class LineWriter {
  readonly #origin: RecordOrigin;
  readonly #ids: RecordIds;
  readonly #open: OpenBatch;
  /** The beginning of a line, up to the event, with the last timestamp and correlation id. */
  #start: LineStart = startOf("", "");
  /** From behind the event up to the sequence number. */
  readonly #metadataStart: Uint8Array;
  /** From behind the sequence number to the end of the line, for what scopes add to the metadata. */
  readonly #ends = new WeakMap<BoundValues, Uint8Array>();
  #lastEnd: { readonly metadata: BoundValues; readonly bytes: Uint8Array };

  constructor(origin: RecordOrigin, ids: RecordIds, open: OpenBatch) {
    this.#origin = origin;
    this.#ids = ids;
    this.#open = open;
    const own = encodeMetadata(this.ownMetadata(0));
    this.#metadataStart = Buffer.from(beforeMetadata + own.slice(0, -"0}".length));
    this.#lastEnd = { metadata: noValues, bytes: this.#endFor(noValues) };
  }

  /** The metadata that only the logger writes. */
  ownMetadata(sequence: number): Record<string, unknown> {
    const { host, pid, thread, producerId } = this.#origin;
    return { host, pid, thread, producer_id: producerId, sequence };
  }

  /**
   * Writes a line at the reserved place of the open batch.
   *
   * @throws EncodeError when the scope's metadata nests too deep
   */
  write({ id, timestamp, sequence }: RecordHead, content: LineContent): WrittenLine {
    const { correlationId, event, metadata } = content;
    const start = this.#encodedStart(timestamp, correlationId);
    const end = typeof metadata === "string" ? metadata : this.#encodedEnd(metadata);
    const fixed = start.bytes.length + this.#metadataStart.length + maxSequenceDigits;
    const at = this.#open.reserve(fixed + roomFor(event) + roomFor(end));
    const { bytes, buffer } = this.#open.chunk;
    bytes.set(start.bytes, at);
    if (id === this.#ids.last) bytes.set(this.#ids.ascii, at + idAt);
    else buffer.write(id, at + idAt, "latin1");
    const from = at + start.correlationAt;
    const eventAt = at + start.bytes.length;
    const metadataAt = eventAt + buffer.write(event, eventAt, "utf8");
    if (typeof end === "string") {
      const lineAfter = metadataAt + buffer.write(beforeMetadata + end + lineEnd, metadataAt, "utf8");
      return { at, length: lineAfter - at, from, to: lineAfter };
    }
    bytes.set(this.#metadataStart, metadataAt);
    const endAt = writeDigits(bytes, metadataAt + this.#metadataStart.length, sequence);
    bytes.set(end, endAt);
    const length = endAt + end.length - at;
    return { at, length, from, to: metadata === noValues ? metadataAt + beforeMetadata.length : at + length };
  }

  /** Bytes that the line will not have more of: at once, where {@link sizeOf} has to count. */
  mostBytes({ timestamp }: RecordHead, { correlationId, event, metadata }: LineContent): number {
    const end = typeof metadata === "string" ? metadata : this.#encodedEnd(metadata);
    const start = this.#encodedStart(timestamp, correlationId).bytes.length;
    return start + this.#metadataStart.length + maxSequenceDigits + 3 * (event.length + end.length);
  }

  /** The bytes of the line that {@link write} would write. */
  sizeOf({ timestamp, sequence }: RecordHead, { correlationId, event, metadata }: LineContent): number {
    const start = this.#encodedStart(timestamp, correlationId).bytes.length;
    const end =
      typeof metadata === "string"
        ? beforeMetadata.length + Buffer.byteLength(metadata) + lineEnd.length
        : this.#metadataStart.length + String(sequence).length + this.#encodedEnd(metadata).length;
    return start + Buffer.byteLength(event) + end;
  }

  #encodedStart(timestamp: string, correlationId: string): LineStart {
    const start = this.#start;
    if (timestamp !== start.timestamp || correlationId !== start.correlationId) {
      this.#start = startOf(timestamp, correlationId);
    }
    return this.#start;
  }

  #encodedEnd(metadata: BoundValues): Uint8Array {
    if (metadata !== this.#lastEnd.metadata) {
      let bytes = this.#ends.get(metadata);
      if (bytes === undefined) {
        bytes = this.#endFor(metadata);
        this.#ends.set(metadata, bytes);
      }
      this.#lastEnd = { metadata, bytes };
    }
    return this.#lastEnd.bytes;
  }

  #endFor(metadata: BoundValues): Uint8Array {
    const json = encodeMetadata({ ...this.ownMetadata(0), ...metadata });
    const own = encodeMetadata(this.ownMetadata(0));
    return Buffer.from(json.slice(own.length - "}".length) + lineEnd);
  }
}

/** What a line begins with, but for its id. */
interface LineStart {
  readonly timestamp: string;
  readonly correlationId: string;
  readonly bytes: Uint8Array;
  /** Where in it the correlation id begins. */
  readonly correlationAt: number;
}

function startOf(timestamp: string, correlationId: string): LineStart {
  const before = `{"id":"${noId}","timestamp":"${timestamp}","correlation_id":`;
  const bytes = Buffer.from(`${before}${JSON.stringify(correlationId)},"event":`);
  return { timestamp, correlationId, bytes, correlationAt: before.length };
}

/** Room for a text: three bytes per UTF-16 unit are enough, and worth counting exactly only when they are many. */
function roomFor(text: string | Uint8Array): number {
  if (typeof text !== "string") return text.length;
  return text.length > limits.exactLengthFrom ? Buffer.byteLength(text) : 3 * text.length;
}

const digitZero = 0x30;

/** Writes a whole number from 0 on in decimal digits, and returns where it ends. */
function writeDigits(bytes: Uint8Array, at: number, value: number): number {
  let end = at + 1;
  for (let rest = value; rest >= 10; rest = Math.floor(rest / 10)) end += 1;
  let rest = value;
  for (let place = end - 1; place >= at; place -= 1) {
    const higher = Math.floor(rest / 10);
    bytes[place] = digitZero + (rest - 10 * higher);
    rest = higher;
  }
  return end;
}
