import { decodeLine } from "@prodigy-events/schema";
import type { LineBlock } from "@prodigy-events/storage";
import type { Column, Rows } from "../scan/kernel.js";
import { GroupRows, groupRowCount } from "./group-rows.js";
import { maxFirstIdLength } from "./index-header.js";
import { type PackedGroup, packGroup } from "./packed-group.js";
import { PieceDictionary } from "./piece-dictionary.js";
import { textColumns } from "./stored-column.js";

/**
 * What an index says of a stretch of a segment. Plain data that can be sent to another thread; `joinIndexPieces` makes an
 * index of the pieces of a segment.
 */
export interface IndexPiece {
  /** The stretch, in the uncompressed content: where its first line begins, and where its last one ends. */
  readonly startOffset: number;
  readonly endOffset: number;
  readonly groups: readonly PackedGroup[];
  /** By column with texts. */
  readonly dictionaries: readonly {
    /** Of the codes from 1 on, in the order in which they first appear in the rows. */
    readonly texts: readonly string[];
    /** How many decided rows have each code, `absent` first; and how many have a text without a code. */
    readonly counts: Uint32Array;
    readonly unlisted: number;
  }[];
  /** Of the first decided row; `undefined` if there is none, `null` if it is too long to be kept. */
  readonly firstId: string | null | undefined;
}

/** The text of a code of the kernel that read the rows. */
export type TextOfCode = (column: Column, code: number) => string;

const lineEnd = 0x0a;

/**
 * Makes the piece of an index that stands for a stretch of a segment. It is shown every line of it, in order: as rows that
 * a kernel has read with all columns, or as lines that were not given to a kernel, which are stored as undecided.
 *
 * Pieces that begin at the first line of a MiB (`groupSpanBytes`) are joined without being packed anew.
 */
export class IndexPieceBuilder {
  readonly #startOffset: number;
  readonly #group = new GroupRows();
  readonly #groups: PackedGroup[] = [];
  readonly #dictionaries: readonly PieceDictionary[];
  #firstId: string | null | undefined;

  /** @param startOffset where the stretch begins, in the uncompressed content */
  constructor(startOffset: number, textOf: TextOfCode) {
    this.#startOffset = startOffset;
    this.#dictionaries = textColumns.map((of) => new PieceDictionary((code) => textOf(of, code)));
  }

  /** Takes the lines that a kernel has read last, of the block that it was given. */
  addRows(rows: Rows, { offset, bytes }: LineBlock): void {
    const { starts, ends, isDecided, count } = rows;
    const startAt = (row: number) => offset + starts[row]!;
    for (let from = 0; from < count; ) {
      const to = from + this.#group.room(from, count, startAt);
      this.#take(rows, from, to, offset);
      from = to;
      if (from < count || this.#group.count === groupRowCount) this.#finishGroup();
    }
    if (this.#firstId !== undefined) return;
    const first = isDecided.subarray(0, count).indexOf(1);
    if (first >= 0) this.#firstId = idOf(bytes.subarray(starts[first]!, ends[first]!));
  }

  /** Takes lines that no kernel has read, all undecided. */
  addLines({ offset, bytes }: LineBlock): void {
    for (let start = 0; start < bytes.length; ) {
      const end = bytes.indexOf(lineEnd, start);
      // As the kernel sees it, an empty line is none.
      if (end > start) this.#addLine(offset + start, end + 1 - start);
      start = end + 1;
    }
  }

  /** @param endOffset where the stretch ends, which may be behind the last line where empty ones follow it */
  finish(endOffset: number): IndexPiece {
    this.#finishGroup();
    return {
      startOffset: this.#startOffset,
      endOffset,
      groups: this.#groups,
      dictionaries: this.#dictionaries.map(({ texts, counts, unlistedCount }) => ({
        ...{ texts, counts },
        unlisted: unlistedCount,
      })),
      firstId: this.#firstId,
    };
  }

  #addLine(start: number, length: number): void {
    const group = this.#group;
    if (group.room(0, 1, () => start) === 0) this.#finishGroup();
    group.starts[group.count] = start;
    group.lengths[group.count] = length;
    group.isDecided[group.count] = 0;
    group.count++;
    if (group.count === groupRowCount) this.#finishGroup();
  }

  #take(rows: Rows, from: number, to: number, offset: number): void {
    const group = this.#group;
    const at = group.count;
    const { starts, ends } = rows;
    for (let row = from, place = at; row < to; row++, place++) {
      const start = starts[row]!;
      group.starts[place] = offset + start;
      group.lengths[place] = ends[row]! + 1 - start;
    }
    group.ms.set(rows.ms.subarray(from, to), at);
    group.nanos.set(rows.nanos.subarray(from, to), at);
    group.sequences.set(rows.sequences.subarray(from, to), at);
    group.isDecided.set(rows.isDecided.subarray(from, to), at);
    for (const of of textColumns)
      this.#dictionaries[of]!.take(rows.codes[of]!, rows, from, to, group.codes[of]!, at);
    group.count += to - from;
  }

  #finishGroup(): void {
    if (this.#group.count > 0) this.#groups.push(packGroup(this.#group));
    this.#group.count = 0;
  }
}

function idOf(line: Buffer): string | null {
  const decoded = decodeLine(line.toString("utf8"));
  return decoded.ok && decoded.record.id.length <= maxFirstIdLength ? decoded.record.id : null;
}
