import type { FileSystem } from "../files/file-system.js";

/** A run of uncompressed content. `bytes` are valid until the next piece is asked for. */
export interface ContentPiece {
  /** Of the first byte, in the uncompressed content. */
  offset: number;
  bytes: Buffer;
  /** True when content before this piece is missing: it begins a line, whatever came before. */
  afterDamage?: boolean;
}

/** A place where compressed data is damaged. Offsets are of uncompressed content. */
export interface Damage {
  offset: number;
  /** Bytes that are missing or doubtful; 0 when nobody can tell. */
  length: number;
  message: string;
}

/** An open file and what of its content is wanted. */
export interface ContentRequest {
  fd: number;
  path: string;
  /** Size on disk when the file was opened. */
  bytes: number;
  fs: FileSystem;
  /** First byte of the content that is wanted. */
  startOffset: number;
  /** First byte that is not wanted any more; `Infinity` for everything. */
  endOffset: number;
  chunkBytes: number;
  onDamage(damage: Damage): void;
}

/** The part of a piece that lies in the wanted range; `undefined` when there is none. */
export function clipPiece(
  piece: ContentPiece,
  startOffset: number,
  endOffset: number,
): ContentPiece | undefined {
  const from = Math.max(0, startOffset - piece.offset);
  const to = Math.min(piece.bytes.length, endOffset - piece.offset);
  if (from >= to) return undefined;
  if (from === 0 && to === piece.bytes.length) return piece;
  return { ...piece, offset: piece.offset + from, bytes: piece.bytes.subarray(from, to) };
}

/** Says that a compressed file gives more than is allowed, and how that compares to its size: a bomb gives 1,000 to 1. */
export function inflationMessage(maxInflatedBytes: number, compressedBytes: number): string {
  const ratio = Math.floor(maxInflatedBytes / Math.max(1, compressedBytes));
  return `it inflates to more than the ${maxInflatedBytes} bytes allowed, over ${ratio} times its size; reading stops here, raise --max-inflate if it is sound`;
}
