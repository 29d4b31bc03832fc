/**
 * Reads records as our writers write them, by what was learned of the ones before: the same bytes stand between the parts
 * of a line, from line to line the same correlation id, and in a producer's lines the same metadata but for the number.
 * Whatever differs is left to the general grammar.
 */

import { forgetShapes, learnShape, readShaped, readShapedColumns } from "./event-shapes";
import { forgetEscapes, hasEscapes, readString } from "./json";
import { literalSlack, matches } from "./literal";
import { codeOf, correlationColumn, producerColumn, readSequence, rowCodes, rowMask } from "./row";
import { readTimestamp } from "./timestamp";

/** Bytes of the id of a record of ours, a UUID. */
const idBytes: usize = 36;
/** `{"id":"` */
const opening: u64 = 0x223a226469227b;
/** `,"event":{"event_type":"`, which follows the correlation id. */
const toType: usize = memory.data<u8>([
  0x2c, 0x22, 0x65, 0x76, 0x65, 0x6e, 0x74, 0x22, 0x3a, 0x7b, 0x22, 0x65, 0x76, 0x65, 0x6e, 0x74, 0x5f, 0x74,
  0x79, 0x70, 0x65, 0x22, 0x3a, 0x22, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
]);
const toTypeBytes: u32 = 24;
/** `","timestamp":"` */
const toTime: usize = memory.data<u8>([
  0x22, 0x2c, 0x22, 0x74, 0x69, 0x6d, 0x65, 0x73, 0x74, 0x61, 0x6d, 0x70, 0x22, 0x3a, 0x22, 0, 0, 0, 0, 0, 0,
  0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
]);
const toTimeBytes: u32 = 15;
/** `,"correlation_id":"` */
const toCorrelation: usize = memory.data<u8>([
  0x2c, 0x22, 0x63, 0x6f, 0x72, 0x72, 0x65, 0x6c, 0x61, 0x74, 0x69, 0x6f, 0x6e, 0x5f, 0x69, 0x64, 0x22, 0x3a,
  0x22, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
]);
const toCorrelationBytes: u32 = 19;
/** `,"metadata":{` */
const toMetadata: usize = memory.data<u8>([
  0x2c, 0x22, 0x6d, 0x65, 0x74, 0x61, 0x64, 0x61, 0x74, 0x61, 0x22, 0x3a, 0x7b, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
  0, 0, 0, 0, 0, 0,
]);
const toMetadataBytes: u32 = 13;

/** The last correlation id and what follows it up to the text of the type, and its code. */
const maxCorrelationBytes: u32 = 256;
const correlation: usize = heap.alloc(maxCorrelationBytes + literalSlack);
let correlationBytes: u32 = 0;
let correlationCode: u32 = 0;

/**
 * Ends of records, those of as many producers as may write to one file at a time: the bytes up to the sequence number, those
 * behind it, and the code of the producer.
 */
const endCount: u32 = 16;
const maxEndBytes: u32 = 1024;
const endHeadBytes: u32 = 16; // bytes before the number, bytes behind it, code, whether it has a number
const endBytes: u32 = endHeadBytes + maxEndBytes + literalSlack;
const ends: usize = heap.alloc(endCount * endBytes);
/** The end that was met last, and the one that goes for the next that is learned. */
let lastEnd: u32 = 0;
let nextEnd: u32 = 0;

/** What is learned is learned with codes of the columns that were asked for. */
const noMask: u32 = 0xffffffff;
let learnedMask: u32 = noMask;

/** Has everything learned anew, since codes are given anew. */
export function forgetRecords(): void {
  learnedMask = noMask;
}

export function beginShapes(): void {
  if (rowMask == learnedMask) return;
  learnedMask = rowMask;
  forgetShapes();
  correlationBytes = 0;
  for (let end: u32 = 0; end < endCount; end++) store<u32>(ends + end * endBytes, 0);
}

/** Reads a record, up to and without the line feed; 0 if nothing like it was learned, or it is none. */
export function readKnownRecord(p: usize): usize {
  p = readToType(p);
  if (p != 0) p = readShaped(p);
  return p == 0 ? 0 : readEnd(p);
}

/**
 * Reads a record as far as columns are asked for; where it stopped, which may be long before its end, or 0 if nothing like it
 * was learned. What follows is not looked at.
 */
export function readBeginning(p: usize): usize {
  p = readToType(p);
  return p == 0 ? 0 : readShapedColumns(p);
}

/** What stands before the text of the type. */
function readToType(p: usize): usize {
  if ((load<u64>(p) & 0xffffffffffffff) != opening) return 0;
  const id = p + 7;
  if (!isPlainText(v128.load(id), v128.load(id, 16), v128.load(id + idBytes - 16))) return 0;
  p = id + idBytes;
  if (!matches(p, toTime, toTimeBytes)) return 0;
  p = readTimestamp(p + toTimeBytes - 1);
  if (p == 0 || !matches(p, toCorrelation, toCorrelationBytes)) return 0;
  return readCorrelation(p + toCorrelationBytes);
}

/** Whether a text has no quote, no backslash and no control character. */
function isPlainText(a: v128, b: v128, c: v128): bool {
  const quote = i8x16.splat(0x22);
  const backslash = i8x16.splat(0x5c);
  const space = i8x16.splat(0x20);
  const quotes = v128.or(v128.or(i8x16.eq(a, quote), i8x16.eq(b, quote)), i8x16.eq(c, quote));
  const backslashes = v128.or(
    v128.or(i8x16.eq(a, backslash), i8x16.eq(b, backslash)),
    i8x16.eq(c, backslash),
  );
  const controls = v128.or(v128.or(i8x16.lt_u(a, space), i8x16.lt_u(b, space)), i8x16.lt_u(c, space));
  return !v128.any_true(v128.or(v128.or(quotes, backslashes), controls));
}

/** A correlation id, after its opening quote, and what follows it up to the text of the type. */
function readCorrelation(p: usize): usize {
  if (correlationBytes != 0 && matches(p, correlation, correlationBytes)) {
    unchecked((rowCodes[correlationColumn] = correlationCode));
    return p + correlationBytes;
  }
  forgetEscapes();
  const end = readString(p);
  if (end == 0 || hasEscapes() || !matches(end, toType, toTypeBytes)) return 0;
  const length = (end - p - 1) as u32;
  const code = codeOf(correlationColumn, p, length);
  unchecked((rowCodes[correlationColumn] = code));
  const bytes = length + 1 + toTypeBytes;
  if (bytes <= maxCorrelationBytes) {
    memory.copy(correlation, p, bytes);
    correlationBytes = bytes;
    correlationCode = code;
  }
  return p + bytes;
}

/** The rest of a record behind its event. */
function readEnd(p: usize): usize {
  let end = lastEnd;
  for (let tries: u32 = 0; tries < endCount; tries++) {
    const place = ends + end * endBytes;
    const before = load<u32>(place);
    if (before != 0 && matches(p, place + endHeadBytes, before)) {
      lastEnd = end;
      unchecked((rowCodes[producerColumn] = load<u32>(place, 8)));
      p += before;
      if (load<u32>(place, 12) != 0) {
        p = readSequence(p);
        if (p == 0) return 0;
      }
      const after = load<u32>(place, 4);
      return matches(p, place + endHeadBytes + before, after) ? p + after : 0;
    }
    end = end + 1 == endCount ? 0 : end + 1;
  }
  return 0;
}

/**
 * Learns of a record that the general grammar has read and decided, if it begins as ours do.
 *
 * @param eventEnd behind its event
 * @param numberAt where its sequence number stands; 0 if it has none
 */
export function learnRecord(
  p: usize,
  lineEnd: usize,
  eventEnd: usize,
  numberAt: usize,
  numberEnd: usize,
): void {
  if ((load<u64>(p) & 0xffffffffffffff) != opening) return;
  p += 7 + idBytes;
  if (p >= lineEnd || !matches(p, toTime, toTimeBytes)) return;
  p = readString(p + toTimeBytes);
  if (p == 0 || !matches(p, toCorrelation, toCorrelationBytes)) return;
  p = readString(p + toCorrelationBytes);
  if (p == 0 || !matches(p, toType, toTypeBytes)) return;
  learnShape(p + toTypeBytes);
  learnEnd(lineEnd, eventEnd, numberAt, numberEnd);
}

function learnEnd(lineEnd: usize, eventEnd: usize, numberAt: usize, numberEnd: usize): void {
  if (!matches(eventEnd, toMetadata, toMetadataBytes) || lineEnd - eventEnd > maxEndBytes) return;
  const hasNumber = numberAt != 0;
  const before = ((hasNumber ? numberAt : lineEnd) - eventEnd) as u32;
  const after = hasNumber ? ((lineEnd - numberEnd) as u32) : 0;
  const place = ends + nextEnd * endBytes;
  lastEnd = nextEnd;
  nextEnd = nextEnd + 1 == endCount ? 0 : nextEnd + 1;
  memory.copy(place + endHeadBytes, eventEnd, before);
  memory.copy(place + endHeadBytes + before, lineEnd - after, after);
  store<u32>(place, before);
  store<u32>(place, after, 4);
  store<u32>(place, unchecked(rowCodes[producerColumn]), 8);
  store<u32>(place, hasNumber ? 1 : 0, 12);
}
