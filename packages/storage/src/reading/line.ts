import type { FileSystem } from "../files/file-system.js";
import type { ContentPiece } from "./content.js";

/** A line of a segment's content. */
export interface Line {
  /** Without the `\n`; a `\r` before it stays. */
  text: string;
  /** Of the line's first byte, in the uncompressed content. */
  offset: number;
  /** In bytes, without the `\n`. */
  length: number;
}

/** Consecutive lines as they stand in a segment's content. */
export interface LineBlock {
  /** Of the first byte, in the uncompressed content. */
  offset: number;
  /** Whole lines with their line ends, at least one; valid until the next block is asked for. */
  bytes: Buffer;
}

/**
 * Why bytes were not returned as a line.
 * - `utf8`: not valid UTF-8 · `nul`: has a NUL byte · `too_long`: longer than `maxLineBytes`
 * - `tail`: the bytes after the last `\n`, or before damage: still being written, or torn; the caller knows which
 * - `compression`: compressed data that is damaged or cut off
 */
export type ProblemReason = "utf8" | "nul" | "too_long" | "tail" | "compression";

/** A place in a segment that could not be read as a line, and why. */
export interface LineProblem {
  path: string;
  /** Of the first byte concerned, in the uncompressed content. */
  offset: number;
  /** Bytes concerned; for `compression` 0 when nobody can tell. */
  length: number;
  reason: ProblemReason;
  message: string;
  /** The first bytes concerned, at most 60, decoded as well as possible; not made safe for a terminal. */
  preview: string;
}

/** How to read a segment's lines. */
export interface ReadOptions {
  fs?: FileSystem;
  /** Where to begin, in the uncompressed content: 0 or the offset of a line. Default 0. */
  startOffset?: number;
  /** Reads as if the content ended here. Default: where it ends. */
  endOffset?: number;
  /** Bytes per read. Affects speed and memory, never the lines. Default 256 KiB. */
  chunkBytes?: number;
  /** Longer lines are problems. Default 16 MiB. */
  maxLineBytes?: number;
  /** Reading stops when a compressed file gives more than this. Default 4 GiB. */
  maxInflatedBytes?: number;
  /** Ends the reading with its reason as the error. */
  signal?: AbortSignal;
  /** The caller knows that nobody appends to the segment: a tail is then called torn. */
  closed?: boolean;
  /** Is told of everything that was not returned as a line, in no particular order. Must not throw. */
  onProblem(problem: LineProblem): void;
  /**
   * Reading forward: is shown the uncompressed content piece by piece, each before the lines and problems found in it
   * and valid during the call, so that one pass can sum up what it reads. Must not throw.
   */
  onContent?(piece: ContentPiece): void;
  /** Is told of lines that were skipped because they are nothing but white space. Must not throw. */
  onBlank?(offset: number, length: number): void;
}
