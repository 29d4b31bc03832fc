import type { FileSystem } from "../files/file-system.js";
import { nodeFileSystem } from "../files/node-file-system.js";
import { limits } from "../limits.js";
import type { ContentPiece } from "./content.js";
import type { LineProblem, ReadOptions } from "./line.js";

/** {@link ReadOptions} with everything present. */
export interface ReadSettings {
  fs: FileSystem;
  startOffset: number;
  endOffset: number;
  chunkBytes: number;
  maxLineBytes: number;
  maxInflatedBytes: number;
  signal: AbortSignal | undefined;
  closed: boolean;
  onProblem(problem: LineProblem): void;
  onContent(piece: ContentPiece): void;
  onBlank: ((offset: number, length: number) => void) | undefined;
}

/**
 * Fills in the defaults.
 *
 * @throws RangeError for an offset or size that is no such thing: a mistake in the calling code
 */
export function readSettings(options: ReadOptions): ReadSettings {
  const { startOffset = 0, endOffset = Number.POSITIVE_INFINITY, chunkBytes = limits.chunkBytes } = options;
  const { maxLineBytes = limits.maxLineBytes, maxInflatedBytes = limits.maxInflatedBytes } = options;
  requireCount("startOffset", startOffset, 0);
  if (endOffset !== Number.POSITIVE_INFINITY) requireCount("endOffset", endOffset, 0);
  requireCount("chunkBytes", chunkBytes, 1);
  requireCount("maxLineBytes", maxLineBytes, 1);
  requireCount("maxInflatedBytes", maxInflatedBytes, 0);
  return {
    fs: options.fs ?? nodeFileSystem,
    startOffset,
    endOffset,
    chunkBytes,
    maxLineBytes,
    maxInflatedBytes,
    signal: options.signal,
    closed: options.closed ?? false,
    onProblem: (problem) => options.onProblem(problem),
    onContent: (piece) => options.onContent?.(piece),
    onBlank: options.onBlank?.bind(options),
  };
}

function requireCount(name: string, value: number, least: number): void {
  if (Number.isSafeInteger(value) && value >= least) return;
  throw new RangeError(`${name} is ${value}; it must be a whole number, at least ${least}`);
}
