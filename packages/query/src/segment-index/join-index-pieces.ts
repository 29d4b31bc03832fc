import type { Member } from "@prodigy-events/storage";
import { absent, type Column } from "../scan/kernel.js";
import { type EncodedIndex, encodeIndex } from "./encode-index.js";
import { GroupRows, groupRowCount, spanEndOf } from "./group-rows.js";
import { IndexDictionary } from "./index-dictionary.js";
import type { IndexedSegment } from "./index-header.js";
import type { IndexPiece } from "./index-piece.js";
import { translateCodes } from "./packed-codes.js";
import { type PackedGroup, packGroup, unpackGroup } from "./packed-group.js";
import { textColumns } from "./stored-column.js";

/** What an index says of its segment beside its lines. */
export interface IndexedContent {
  readonly segment: IndexedSegment;
  /** Bytes of uncompressed content that there are. */
  readonly contentBytes: number;
  /** Where the last whole line ends. */
  readonly endOffset: number;
  /** Of a plain segment: see `fingerprintOf`. */
  readonly fingerprint: string | null;
  /** Of a segment compressed by us. */
  readonly members: readonly Member[];
}

/**
 * The index of a segment, from the pieces that stand for its stretches in their order, from its beginning to `endOffset`.
 * Wherever it was cut, the index is the same.
 *
 * @throws RangeError if the pieces do not follow each other
 */
export function joinIndexPieces(pieces: readonly IndexPiece[], content: IndexedContent): EncodedIndex {
  const joiner = new Joiner();
  let endOffset = 0;
  for (const piece of pieces) {
    if (piece.startOffset !== endOffset)
      throw new RangeError(`a piece begins at ${piece.startOffset} where ${endOffset} is next`);
    joiner.add(piece);
    endOffset = piece.endOffset;
  }
  if (endOffset !== content.endOffset)
    throw new RangeError(`the pieces end at ${endOffset}, the indexed content at ${content.endOffset}`);
  return encodeIndex({ ...content, ...joiner.finish() });
}

/** Puts the groups of pieces together. Those that a cut went through are packed anew, the others are taken as they are. */
class Joiner {
  readonly #groups: PackedGroup[] = [];
  readonly #dictionaries = textColumns.map(() => new IndexDictionary());
  /** The rows of a group that may go on in the next piece. */
  readonly #open = new GroupRows();
  readonly #source = new GroupRows();
  #firstId: string | null | undefined;

  add({ groups, dictionaries, firstId, endOffset }: IndexPiece): void {
    const tables = dictionaries.map(({ texts, counts, unlisted }, of) => {
      const dictionary = this.#dictionaries[of]!;
      const table = Uint32Array.from([absent, ...texts.map((text) => dictionary.enter(text))]);
      dictionary.count(table, counts, unlisted);
      return table;
    });
    const changed = textColumns.filter((of) => tables[of]!.some((code, own) => code !== own));
    if (this.#firstId === undefined) this.#firstId = firstId;
    for (const [at, group] of groups.entries()) {
      const spanEnd = spanEndOf(group.firstOffset);
      if (this.#open.count > 0 && spanEndOf(this.#open.starts[0]!) !== spanEnd) this.#finishGroup();
      const isWhole = group.rows === groupRowCount || (groups[at + 1]?.firstOffset ?? endOffset) >= spanEnd;
      if (this.#open.count === 0 && isWhole) this.#groups.push(translated(group, tables, changed));
      else this.#append(group, tables);
    }
  }

  finish() {
    this.#finishGroup();
    return { dictionaries: this.#dictionaries, groups: this.#groups, firstId: this.#firstId ?? null };
  }

  #append(packed: PackedGroup, tables: readonly Uint32Array[]): void {
    unpackGroup(packed, this.#source, tables);
    for (let from = 0; from < packed.rows; ) {
      const to = Math.min(packed.rows, from + groupRowCount - this.#open.count);
      this.#take(from, to);
      from = to;
      if (this.#open.count === groupRowCount) this.#finishGroup();
    }
  }

  #take(from: number, to: number): void {
    const source = this.#source;
    const open = this.#open;
    const at = open.count;
    for (const part of ["starts", "lengths", "ms", "nanos", "sequences", "isDecided"] as const)
      open[part].set(source[part].subarray(from, to), at);
    for (const [of, codes] of open.codes.entries()) codes.set(source.codes[of]!.subarray(from, to), at);
    open.count += to - from;
  }

  #finishGroup(): void {
    if (this.#open.count > 0) this.#groups.push(packGroup(this.#open));
    this.#open.count = 0;
  }
}

/** A group with the codes of the whole in place of those of its piece, in the columns in which they differ. */
function translated(
  group: PackedGroup,
  tables: readonly Uint32Array[],
  changed: readonly Column[],
): PackedGroup {
  const columns = [...group.columns];
  for (const of of changed) columns[of] = translateCodes(columns[of]!, group.rows, tables[of]!);
  return { ...group, columns };
}
