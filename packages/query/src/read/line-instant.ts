import { decodeLine } from "@prodigy-events/schema";
import type { InstantReader } from "../time/instant-reader.js";

const idPrefix = '{"id":"';
const timestampPrefix = '","timestamp":"';

/** As much of a line as holds the instant, where the line begins as our writers and Prodigy begin theirs. */
export const canonicalHeadBytes = 112;

/**
 * Sets `instant` to that of a line's record; false if the line is no record. Lines that begin as our writers and
 * Prodigy begin them are not parsed: the instant of one that turns out malformed later is of no consequence.
 */
export function readLineInstant(text: string, instant: InstantReader): boolean {
  if (readCanonicalInstant(text, instant)) return true;
  const decoded = decodeLine(text);
  return decoded.ok && instant.read(decoded.record.timestamp);
}

/**
 * The same for a line that begins with `{"id":"…","timestamp":"…"`, or for its beginning alone; false for every other,
 * which then has to be parsed.
 */
export function readCanonicalInstant(head: string, instant: InstantReader): boolean {
  if (!head.startsWith(idPrefix)) return false;
  const idEnd = head.indexOf('"', idPrefix.length);
  // A backslash before the quote means that the id goes on.
  if (head.charCodeAt(idEnd - 1) === 0x5c || !head.startsWith(timestampPrefix, idEnd)) return false;
  const start = idEnd + timestampPrefix.length;
  const end = head.indexOf('"', start);
  return end > 0 && instant.read(head, start, end);
}
