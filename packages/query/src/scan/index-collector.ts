import { StorageError } from "@prodigy-events/storage";
import type { PlannedSegment } from "../plan/query-plan.js";
import type { ReadContext } from "../read/read-context.js";
import { encodeSegmentIndex } from "../segment-index/build-segment-index.js";
import type { IndexPiece } from "../segment-index/index-piece.js";
import { openSegmentIndex } from "../segment-index/open-segment-index.js";
import { writeSegmentIndex } from "../segment-index/write-segment-index.js";
import type { PartAnswer } from "./scan-part.js";

/** Collects what the parts of a segment contribute to its index, and writes that when all of it has been read. */
export class IndexCollector {
  readonly #planned: PlannedSegment;
  readonly #start: number;
  readonly #pieces: IndexPiece[] = [];
  #end: number;
  #contentBytes: number;

  /** @param start where an index that there is already ends; 0 without one */
  constructor(planned: PlannedSegment, start: number) {
    this.#planned = planned;
    this.#start = start;
    this.#end = start;
    this.#contentBytes = start;
  }

  /** Takes the next part, which begins at `start`. */
  add(start: number, { piece, end, tailBytes }: PartAnswer): void {
    if (!piece || start !== this.#end) return;
    this.#pieces.push(piece);
    this.#end = end;
    this.#contentBytes = end + tailBytes;
  }

  /**
   * Writes the index if all of the segment has been read, as it was listed. That an index cannot be written is no matter
   * of the question that was asked: whoever wants to know has `Store.index`.
   */
  async finish({ fs, bounds }: ReadContext): Promise<void> {
    const { segment } = this.#planned.source;
    const isPlain = segment.state !== "compressed";
    if (this.#end === this.#start || (isPlain && this.#contentBytes !== segment.bytes)) return;
    const pieces = [...this.#pieces];
    try {
      if (this.#start > 0) {
        const { index } = await openSegmentIndex(segment, { fs, maxInflatedBytes: bounds.maxInflatedBytes });
        const former = index?.header.endOffset === this.#start ? await index.piece() : undefined;
        await index?.close();
        if (!former) return;
        pieces.unshift(former);
      }
      const read = { pieces, contentBytes: this.#contentBytes, endOffset: this.#end };
      const encoded = await encodeSegmentIndex(segment, read, fs);
      if (typeof encoded !== "string") await writeSegmentIndex(segment, encoded, fs);
    } catch (error) {
      if (!(error instanceof StorageError)) throw error;
    }
  }
}
