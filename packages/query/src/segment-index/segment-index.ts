import { crc32 } from "node:zlib";
import { type FileSystem, type Member, readFully } from "@prodigy-events/storage";
import type { Column, Rows } from "../scan/kernel.js";
import { decodeGroups, type GroupEntry } from "./group-directory.js";
import { groupRowCount } from "./group-rows.js";
import { decodeDictionary, type StoredDictionary } from "./index-dictionary.js";
import { type IndexHeader, memberEntryBytes, type Section } from "./index-header.js";
import type { IndexPiece } from "./index-piece.js";
import { codeAt, codesBase, rowsWithCodes, storedUnlisted, unpackCodes } from "./packed-codes.js";
import { unpackSequences, unpackTimes } from "./packed-group.js";
import { type PackedValues, packedArray, unpackValues } from "./packed-values.js";
import { everything, rowPart, stored, storedColumnsOf, textColumns } from "./stored-column.js";

/** By column: what stands for each code of the index, from `absent` on; left out for columns that are not asked for. */
export type CodeTables = readonly (Uint32Array | undefined)[];

/** Columns of some groups, as they are read from the file. */
interface LoadedColumn {
  readonly firstGroup: number;
  readonly endGroup: number;
  readonly bytes: Buffer;
}

/** An open index file, and how much of its beginning has been read. */
export interface IndexFile {
  readonly fd: number;
  readonly path: string;
  readonly fs: FileSystem;
  /** The first bytes. */
  readonly head: Buffer;
  /** Where what follows the header begins. */
  readonly bodyOffset: number;
}

/**
 * The index of a segment, open: what `openSegmentIndex` has found to fit. Its parts are checked when they are loaded; one
 * that is damaged is `undefined` or false, never an error, and the segment is read from there on instead.
 *
 * Load groups, then `fill` gives their rows; a descriptor is open until `close`.
 */
export class SegmentIndex {
  readonly header: IndexHeader;
  /** Whether the segment has grown since: what follows `header.endOffset` has to be read from it. */
  readonly isGrown: boolean;
  readonly path: string;
  /** Size of its file. */
  readonly bytes: number;
  readonly #file: IndexFile;
  #isClosed = false;
  #groups: readonly GroupEntry[] | undefined;
  readonly #loaded: (LoadedColumn | undefined)[] = [];

  constructor(header: IndexHeader, isGrown: boolean, file: IndexFile) {
    this.header = header;
    this.isGrown = isGrown;
    this.path = file.path;
    this.bytes = indexBytes(header, file.bodyOffset);
    this.#file = file;
  }

  /** The texts of a column, and how many decided rows have each. */
  async dictionary(of: Column): Promise<StoredDictionary | undefined> {
    const { columns } = this.header;
    let offset = this.#file.bodyOffset;
    for (let before = 0; before < of; before++) offset += columns[before]!.bytes;
    const bytes = await this.#section(offset, columns[of]!);
    return bytes && decodeDictionary(bytes, columns[of]!.texts);
  }

  /** The gzip members of a segment that we compressed; none for all others. */
  async members(): Promise<Member[] | undefined> {
    const { columns, groups, members } = this.header;
    const offset = this.#file.bodyOffset + sum(columns.map(({ bytes }) => bytes)) + groups.bytes;
    const bytes = await this.#section(offset, members);
    if (!bytes) return undefined;
    return Array.from({ length: members.count }, (_, at) => ({
      logicalOffset: bytes.readDoubleLE(at * memberEntryBytes),
      offset: bytes.readDoubleLE(at * memberEntryBytes + 8),
      compressedBytes: bytes.readDoubleLE(at * memberEntryBytes + 16),
      logicalBytes: bytes.readDoubleLE(at * memberEntryBytes + 24),
    }));
  }

  /** What there is to know of each group before its columns are loaded. */
  async groups(): Promise<readonly GroupEntry[] | undefined> {
    if (this.#groups) return this.#groups;
    const { columns, groups } = this.header;
    const offset = this.#file.bodyOffset + sum(columns.map(({ bytes }) => bytes));
    const bytes = await this.#section(offset, groups);
    this.#groups = bytes && decodeGroups(bytes, this.header);
    return this.#groups;
  }

  /**
   * Loads groups for `fill`, in place of those that were loaded before.
   *
   * @param mask the kernel's columns and parts of rows (`rowPart`)
   * @returns false if they are damaged, or cannot be read
   */
  async load(mask: number, firstGroup: number, endGroup: number): Promise<boolean> {
    const groups = await this.groups();
    if (!groups) return false;
    const loaded = await Promise.all(
      storedColumnsOf(mask).map((of) => this.#loadColumn(of, groups, firstGroup, endGroup)),
    );
    return loaded.every((isSound) => isSound);
  }

  async #loadColumn(
    of: number,
    groups: readonly GroupEntry[],
    firstGroup: number,
    endGroup: number,
  ): Promise<boolean> {
    const first = groups[firstGroup]!.columns[of]!;
    const last = groups[endGroup - 1]!.columns[of]!;
    const length = last.start + last.bytes - first.start;
    const bytes =
      length === 0 ? Buffer.alloc(0) : await this.#read(this.#dataOffset(of) + first.start, length);
    if (!bytes) return false;
    for (let group = firstGroup; group < endGroup; group++) {
      const { start, bytes: groupBytes, crc32: sum } = groups[group]!.columns[of]!;
      const from = start - first.start;
      if (crc32(bytes.subarray(from, from + groupBytes)) !== sum) return false;
    }
    this.#loaded[of] = { firstGroup, endGroup, bytes };
    return true;
  }

  /**
   * Puts the rows of a loaded group into `rows`, with the columns of `mask` and no others. Places are relative to the
   * `firstOffset` of the group. A row whose text in a column of the mask has no code is given as undecided.
   *
   * @param tables which codes stand for those of the index; a column without a table is given with those of the index
   * @returns false if the rows do not lie where the header says, so that nothing in them is to be believed
   */
  fill(group: number, mask: number, rows: Rows, tables: CodeTables): boolean {
    const entry = this.#groups![group]!;
    rows.count = entry.rows;
    unpackValues(this.#values(group, stored.states), entry.rows, rows.isDecided);
    if (mask & rowPart.place && !this.#fillPlaces(group, rows)) return false;
    if (mask & rowPart.instant) {
      unpackTimes({ group: entry, values: this.#values(group, stored.ms) }, rows.ms);
      unpackValues(this.#values(group, stored.nanos), entry.rows, rows.nanos);
    }
    if (mask & rowPart.sequence)
      unpackSequences({ group: entry, values: this.#values(group, stored.sequences) }, rows.sequences);
    for (const of of textColumns) if ((mask >> of) & 1) this.#fillCodes(group, of, rows, tables[of]);
    return true;
  }

  /**
   * The rows of a loaded group whose code in a column is wanted.
   *
   * @param wanted by code of the index, `absent` first: 1 for those that are
   * @param wantedCodes the same as a list
   */
  rowsWith(group: number, of: Column, wanted: Uint8Array, wantedCodes: readonly number[]): number[] {
    return rowsWithCodes(this.#values(group, of), this.#groups![group]!.rows, wanted, wantedCodes);
  }

  /** Tells the code of a row of a loaded group in a column, as the index has it. */
  codesOf(group: number, of: Column): (row: number) => number {
    const packed = this.#values(group, of);
    return (row) => codeAt(packed, row);
  }

  /** Everything that it says of lines, as a piece to which others can be joined; `undefined` if it is damaged. */
  async piece(): Promise<IndexPiece | undefined> {
    const { endOffset, firstId, decided, columns } = this.header;
    const dictionaries: IndexPiece["dictionaries"][number][] = [];
    for (const of of textColumns) {
      const dictionary = await this.dictionary(of);
      if (!dictionary) return undefined;
      const { absent: absentRows, unlisted: unlistedRows } = columns[of]!;
      const counts = Uint32Array.from([absentRows, ...dictionary.counts]);
      dictionaries.push({ texts: dictionary.texts, counts, unlisted: unlistedRows });
    }
    const entries = await this.groups();
    if (!entries || !(entries.length === 0 || (await this.load(everything, 0, entries.length))))
      return undefined;
    const groups = entries.map((entry, group) => ({
      ...entry,
      columns: entry.columns.map((_, of) => this.#values(group, of)),
    }));
    return { startOffset: 0, endOffset, groups, dictionaries, firstId: decided === 0 ? undefined : firstId };
  }

  /** Where the line after a group begins, at the latest. */
  endOf(group: number): number {
    return this.#groups![group + 1]?.firstOffset ?? this.header.endOffset;
  }

  /** Gives the descriptor back. */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    await this.#file.fs.close(this.#file.fd);
  }

  #fillPlaces(group: number, { starts, ends }: Rows): boolean {
    const { rows, firstOffset } = this.#groups![group]!;
    unpackValues(this.#values(group, stored.gaps), rows, starts);
    unpackValues(this.#values(group, stored.lengths), rows, ends);
    let at = 0;
    for (let row = 0; row < rows; row++) {
      at += starts[row]!;
      starts[row] = at;
      at += ends[row]!;
      ends[row] = at - 1;
    }
    return at <= 0xffff_ffff && firstOffset + at <= this.endOf(group);
  }

  #fillCodes(group: number, of: Column, rows: Rows, table: Uint32Array | undefined): void {
    const packed = this.#values(group, of);
    const { count, isDecided } = rows;
    const codes = rows.codes[of]!;
    unpackCodes(packed, count, codes, table);
    if (this.header.columns[of]!.unlisted === 0) return;
    // A table can have texts without codes too, but those are told from all that anybody asks for.
    const { leastValue } = codesBase(packed.base);
    const offsets = packed.width === 0 ? undefined : packedArray(packed.width, packed.bytes);
    for (let row = 0; row < count; row++)
      if ((offsets?.[row] ?? 0) + leastValue === storedUnlisted) isDecided[row] = 0;
  }

  #values(group: number, of: number): PackedValues {
    const { base, width, start, bytes } = this.#groups![group]!.columns[of]!;
    const loaded = this.#loaded[of];
    if (!loaded || group < loaded.firstGroup || group >= loaded.endGroup)
      throw new RangeError(`column ${of} of group ${group} is not loaded`);
    const from = start - this.#groups![loaded.firstGroup]!.columns[of]!.start;
    return { base, width, bytes: loaded.bytes.subarray(from, from + bytes) };
  }

  #dataOffset(of: number): number {
    const { columns, groups, members, data } = this.header;
    const before = sum(columns.map(({ bytes }) => bytes)) + groups.bytes + members.bytes;
    return this.#file.bodyOffset + before + sum(data.slice(0, of));
  }

  async #section(offset: number, { bytes: length, crc32: expected }: Section): Promise<Buffer | undefined> {
    const bytes = await this.#read(offset, length);
    return bytes && crc32(bytes) === expected ? bytes : undefined;
  }

  /** `undefined` where the file ends before, or cannot be read. */
  async #read(offset: number, length: number): Promise<Buffer | undefined> {
    const { fd, path, fs, head } = this.#file;
    if (offset + length <= head.length) return head.subarray(offset, offset + length);
    const bytes = Buffer.allocUnsafeSlow(length);
    const count = await readFully(fd, bytes, length, offset, path, fs).catch(() => 0); // the segment is read instead
    return count === length ? bytes : undefined;
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}

/** How many bytes an index with this header has. */
export function indexBytes({ columns, groups, members, data }: IndexHeader, bodyOffset: number): number {
  return bodyOffset + sum(columns.map(({ bytes }) => bytes)) + groups.bytes + members.bytes + sum(data);
}

/** Rows with memory of their own, for `fill`. */
export function emptyRows(): Rows {
  return {
    count: 0,
    isDecided: new Uint8Array(groupRowCount),
    isFound: new Uint8Array(groupRowCount),
    starts: new Uint32Array(groupRowCount),
    ends: new Uint32Array(groupRowCount),
    ms: new Float64Array(groupRowCount),
    nanos: new Uint32Array(groupRowCount),
    sequences: new Float64Array(groupRowCount),
    codes: textColumns.map(() => new Uint32Array(groupRowCount)),
  };
}
