import {
  compareTimestamps,
  decodeLine,
  durationFromMs,
  durationToMs,
  encodeRecord,
  formatTimestamp,
  normalizeEventType,
  parseDuration,
  parseTimestamp,
} from "@prodigy-events/schema";
import {
  decodeName,
  encodeName,
  formatSegmentName,
  openSealedJson,
  parseSegmentName,
  sealJson,
} from "@prodigy-events/storage";
import fc from "fast-check";
import { type Property, property, same } from "./property.js";

/** Texts with everything that has ever gone wrong: lone surrogates, controls, separators, prototypes. */
export const arbitraryText: fc.Arbitrary<string> = fc.oneof(
  fc.string({ unit: "binary", maxLength: 20 }),
  fc.string({
    unit: fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code)),
    maxLength: 8,
  }),
  fc.constantFrom(
    "__proto__",
    "constructor",
    "toJSON",
    "\ud800",
    "\udc00\ud800",
    "\0",
    "\n",
    '"',
    "\\",
    "\u2028",
  ),
);

/** Everything that an event may hold, and JSON cannot hold all of: NaN, -0, undefined. */
export const arbitraryValue: fc.Arbitrary<unknown> = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    arbitraryText,
    fc.double(),
    fc.constantFrom(-0, Number.NaN, Infinity, 2 ** 53 + 1, 2 ** 64, 5e-324),
    fc.boolean(),
    fc.constant(null),
    fc.constant(undefined),
    fc.array(tie("value"), { maxLength: 4 }),
    fc.dictionary(arbitraryText, tie("value"), { maxKeys: 4, noNullPrototype: true }),
  ),
})).value;

const runs = { quick: 1_000, full: 100_000 } as const;
const epochNanos = fc.bigInt({ min: -62_135_596_800_000_000_000n, max: 253_402_300_799_999_999_999n });
const timestamp = epochNanos.map(formatTimestamp);

/** Properties of texts and lines: what is written is read back as it was. */
export const textProperties: readonly Property[] = [
  property(
    "a record is read back as JSON holds it",
    runs,
    fc.tuple(arbitraryText, arbitraryValue),
    ([id, value]) => {
      const event = { event_type: "x", value };
      const line = encodeRecord({
        id,
        timestamp: "2026-01-01T12:00:00.000Z",
        correlation_id: "",
        event,
        metadata: {},
      });
      if (line.indexOf("\n") !== line.length - 1) throw new Error("not one line");
      const decoded = decodeLine(Buffer.from(line).toString("utf8").slice(0, -1));
      if (!decoded.ok) throw new Error(decoded.message);
      same(decoded.record.id, id, "id");
      same(decoded.record.event, JSON.parse(JSON.stringify(event)), "event");
    },
  ),
  property(
    "a timestamp is read back",
    runs,
    epochNanos,
    (nanos) => parseTimestamp(formatTimestamp(nanos)) === nanos,
  ),
  property("timestamps compare as instants", runs, fc.tuple(timestamp, timestamp), ([a, b]) => {
    const [one, other] = [parseTimestamp(a)!, parseTimestamp(b)!];
    same(Math.sign(compareTimestamps(a, b)), one < other ? -1 : Number(one > other), "order");
  }),
  property("a duration is read back", runs, fc.integer({ min: -1e12, max: 1e12 }), (ms) => {
    same(durationToMs(parseDuration(JSON.parse(JSON.stringify(durationFromMs(ms))))!), ms, "ms");
  }),
  property("a name is read back from its directory's name", runs, arbitraryText, (name) => {
    if (isEncodable(name)) same(decodeName(encodeName(name)), name, "name");
  }),
  property("an encoded name is one safe path element", runs, arbitraryText, (name) => {
    if (!isEncodable(name)) return true;
    return /^[A-Za-z0-9%][A-Za-z0-9._%-]*$/.test(encodeName(name)) && !encodeName(name).includes("..");
  }),
  property("a segment name is read back", runs, fc.integer({ min: 0, max: 4e12 }), (ms) => {
    same(parseSegmentName(`${formatSegmentName(ms, "abcd")}.rotated.gz`)?.createdAtMs, ms, "time");
  }),
  property("a sealed object is read back", runs, fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
    if (Object.keys(value).length > 0)
      same(openSealedJson(sealJson(value)), JSON.parse(JSON.stringify(value)), "object");
  }),
  property("normalising a type twice changes nothing", runs, arbitraryText, (type) => {
    same(normalizeEventType(normalizeEventType(type)), normalizeEventType(type), "type");
  }),
];

/** Others are refused, as a test of their own says. */
function isEncodable(name: string): boolean {
  return name !== "" && Buffer.from(name).toString("utf8") === name && Buffer.byteLength(name) < 80;
}
