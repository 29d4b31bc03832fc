import { limits } from "../limits.js";
import { type EventRecord, reservedMetadataFields } from "../record.js";
import { isObject } from "../validation/checks.js";
import { EncodeError } from "./encode-error.js";
import { explainFailure } from "./explain-failure.js";
import { isDeeperThan } from "./nesting.js";

const leadingEventFields: readonly string[] = ["event_type"];

/**
 * The canonical line of a record, with its final `\n`: the keys `id`, `timestamp`, `correlation_id`, `event`,
 * `metadata` in this order, `event_type` first in the event, the five fields of `RecordMetadata` first in the
 * metadata, no spaces. The content is what `JSON.stringify` gives; other keys of the record are not written.
 *
 * Throws EncodeError for what JSON cannot hold: a cycle, a BigInt, nesting deeper than readers take, a `toJSON`
 * that throws, an event that is no object with an `event_type`.
 */
export function encodeRecord(record: EventRecord): string {
  const id = encodeText(record.id, "id");
  const timestamp = encodeText(record.timestamp, "timestamp");
  const correlationId = encodeText(record.correlation_id, "correlation_id");
  const event = encodeEvent(record.event);
  const metadata = encodeMetadata(record.metadata);
  return `{"id":${id},"timestamp":${timestamp},"correlation_id":${correlationId},"event":${event},"metadata":${metadata}}\n`;
}

/** The event as it stands in the canonical line, for whoever puts lines together; see {@link encodeRecord}. */
export function encodeEvent(event: unknown): string {
  const json = stringify(event, "event");
  return shallow(beginsWithType(event) ? json : reorderEvent(json), { event });
}

/** The metadata as it stands in the canonical line, for whoever puts lines together; see {@link encodeRecord}. */
export function encodeMetadata(metadata: unknown): string {
  if (!beginsWith(metadata, reservedMetadataFields)) {
    return shallow(reorderMetadata(stringify(metadata, "metadata")), { metadata });
  }
  return encodePlainMetadata(metadata) ?? shallow(stringify(metadata, "metadata"), { metadata });
}

/** The JSON of a part of a record, unless it nests too deep. The record itself is one level of what a line may have. */
function shallow(json: string, part: object): string {
  if (!isDeeperThan(json, limits.maxDepth - 1)) return json;
  throw explainFailure(part, "record", new RangeError("too deep"));
}

function reorderEvent(json: string): string {
  const fields: unknown = JSON.parse(json);
  if (isObject(fields) && typeof fields.event_type === "string") return reorder(fields, leadingEventFields);
  throw new EncodeError("UNENCODABLE", "event is no object with an event_type: give one");
}

function reorderMetadata(json: string): string {
  const fields: unknown = JSON.parse(json);
  if (isObject(fields)) return reorder(fields, reservedMetadataFields);
  throw new EncodeError("UNENCODABLE", "metadata is no object: give one, which may be empty");
}

/** A char that JSON.stringify might escape: a quote, a backslash, a control character, half of a surrogate pair. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what JSON escapes.
const mayNeedEscape = /["\\\u0000-\u001f\ud800-\udfff]/;

/** What JSON.stringify makes of text, in half the time for text that is plain. */
function quote(text: string): string {
  return mayNeedEscape.test(text) ? JSON.stringify(text) : `"${text}"`;
}

function encodeText(value: unknown, field: string): string {
  if (typeof value === "string") return quote(value);
  throw new EncodeError("UNENCODABLE", `${field} is of type ${typeof value}: give a string`);
}

/** Whether JSON.stringify writes an `event_type` first, and it is a text. */
function beginsWithType(event: unknown): boolean {
  if (!isObject(event) || event.toJSON !== undefined) return false;
  // The first key is asked for in the fastest way that there is; own keys come before inherited ones.
  for (const name in event) {
    return name === "event_type" && Object.hasOwn(event, name) && typeof event.event_type === "string";
  }
  return false;
}

/**
 * Whether JSON.stringify writes the named fields of a value first. This looks at the value and not at its JSON: the
 * engine holds that in pieces, and a look would put them together.
 */
function beginsWith(value: unknown, names: readonly string[]): value is Record<string, unknown> {
  if (!isObject(value) || value.toJSON !== undefined) return false;
  const keys = Object.keys(value);
  for (let index = 0; index < names.length; index++) {
    if (keys[index] !== names[index]) return false;
  }
  return true;
}

/**
 * What JSON.stringify gives, in half the time, for metadata of which the five fields are ours and the others plain
 * values: that of nearly every record. Undefined for any other.
 */
function encodePlainMetadata(metadata: Record<string, unknown>): string | undefined {
  const { host, pid, thread, producer_id: producerId, sequence } = metadata;
  const isOurs =
    typeof host === "string" &&
    Number.isFinite(pid) &&
    typeof thread === "string" &&
    typeof producerId === "string" &&
    Number.isFinite(sequence);
  if (!isOurs) return undefined;

  let json = `{"host":${quote(host)},"pid":${pid},"thread":${quote(thread)},"producer_id":${quote(producerId)},"sequence":${sequence}`;
  const names = Object.keys(metadata);
  for (let index = reservedMetadataFields.length; index < names.length; index++) {
    const name = names[index] as string;
    const value = metadata[name];
    if (typeof value === "string") json += `,${quote(name)}:${quote(value)}`;
    else if (typeof value === "boolean" || Number.isFinite(value)) json += `,${quote(name)}:${value}`;
    else return undefined;
  }
  return `${json}}`;
}

function stringify(value: unknown, field: string): string {
  let json: string | undefined;
  try {
    json = JSON.stringify(value);
  } catch (error) {
    throw explainFailure(value, field, error);
  }
  if (json === undefined) throw new EncodeError("UNENCODABLE", `${field} has no JSON form: give an object`);
  return json;
}

/** As text, since no JavaScript object can hold a key such as "7" anywhere but first. */
function reorder(fields: Record<string, unknown>, leading: readonly string[]): string {
  const names = Object.keys(fields);
  const ordered = [
    ...leading.filter((name) => names.includes(name)),
    ...names.filter((name) => !leading.includes(name)),
  ];
  return `{${ordered.map((name) => `${quote(name)}:${JSON.stringify(fields[name])}`).join(",")}}`;
}
