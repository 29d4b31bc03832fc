import { ChecksumAccumulator, type Checksums, type ContentPiece } from "@prodigy-events/storage";

const lineFeed = 0x0a;
const zeros = Buffer.alloc(65_536);

/** Sums up content as it passes by, and tells at which line of it something is. */
export class ContentWatch {
  readonly #sums: ChecksumAccumulator;
  #piece: ContentPiece | undefined;
  #linesBefore = 0;
  /** How far the present piece was searched for line ends, and how many there were. */
  #searched = { offset: 0, lines: 0 };
  #shownBytes = 0;
  #lastByte: number | undefined;

  constructor(blockBytes?: number) {
    this.#sums = new ChecksumAccumulator(blockBytes);
  }

  /** Where the content ends, so far. */
  get endOffset(): number {
    return this.#sums.bytes;
  }

  /** Bytes that were really there: less than `endOffset` where damage left holes. */
  get shownBytes(): number {
    return this.#shownBytes;
  }

  get endsInNul(): boolean {
    return this.#lastByte === 0;
  }

  /** Takes the next piece. What is missing before it counts as zeros, so that the sums of later blocks are right. */
  show(piece: ContentPiece): void {
    this.#linesBefore = this.#sums.lines;
    while (this.#sums.bytes < piece.offset) {
      this.#sums.update(zeros.subarray(0, Math.min(zeros.length, piece.offset - this.#sums.bytes)));
    }
    this.#sums.update(piece.bytes);
    this.#shownBytes += piece.bytes.length;
    this.#lastByte = piece.bytes.at(-1) ?? this.#lastByte;
    this.#piece = piece;
    this.#searched = { offset: 0, lines: 0 };
  }

  /** The number of the line that begins at `offset`, in the present piece or as the unfinished one before it. From 1. */
  lineAt(offset: number): number {
    const { bytes, offset: start } = this.#piece ?? { bytes: zeros.subarray(0, 0), offset: 0 };
    const end = Math.max(0, offset - start);
    if (end < this.#searched.offset) this.#searched = { offset: 0, lines: 0 };
    const searched = this.#searched;
    let at = bytes.indexOf(lineFeed, searched.offset);
    for (; at !== -1 && at < end; at = bytes.indexOf(lineFeed, at + 1)) searched.lines++;
    searched.offset = end;
    return this.#linesBefore + searched.lines + 1;
  }

  checksums(): Checksums {
    return this.#sums.finish();
  }
}
