import { type ContentPiece, type LineProblem, readContent, type Segment } from "@prodigy-events/storage";
import { limits } from "../limits.js";

/** A line as its bytes stand in a file, whether it is a record or not. */
export interface RawLine {
  /** Of its first byte, in the uncompressed content. */
  readonly offset: number;
  readonly text: string;
  /** Its length with its line feed, in bytes. */
  readonly bytes: number;
}

const lineFeed = 0x0a;

/**
 * Every line of a segment, also what is cut off, and what is no UTF-8 as far as it can be decoded. What is longer than
 * `limits.maxScannedLine` comes in pieces of that length. Damaged compression is told to `onProblem`.
 *
 * Throws `StorageError` when the file cannot be read.
 */
export async function* rawLines(
  segment: Segment,
  onProblem: (problem: LineProblem) => void,
): AsyncGenerator<RawLine, void> {
  let parts: Buffer[] = [];
  let length = 0;
  let start = 0;
  const take = (): RawLine => {
    const text = Buffer.concat(parts).toString("utf8");
    const line = { offset: start, text: text.replace(/\n$/, ""), bytes: length };
    start += length;
    parts = [];
    length = 0;
    return line;
  };
  for await (const { bytes, offset, afterDamage } of readContent(segment, {
    onProblem,
  }) as AsyncIterable<ContentPiece>) {
    if (afterDamage && length > 0) yield take();
    if (length === 0) start = offset;
    for (let from = 0; from < bytes.length; ) {
      const room = from + limits.maxScannedLine - length;
      const end = bytes.indexOf(lineFeed, from) + 1 || bytes.length;
      const to = Math.min(end, room);
      const isEnd = bytes[to - 1] === lineFeed || to === room;
      // The piece is valid until the next one is asked for: what is kept must be a copy.
      parts.push(isEnd ? bytes.subarray(from, to) : Buffer.from(bytes.subarray(from, to)));
      length += to - from;
      if (isEnd) yield take();
      from = to;
    }
  }
  if (length > 0) yield take();
}
