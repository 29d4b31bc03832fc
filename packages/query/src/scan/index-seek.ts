import { isUtf8 } from "node:buffer";
import { normalizeEventType } from "@prodigy-events/schema";
import { type LineBlock, RangeFile } from "@prodigy-events/storage";
import type { PlannedSegment } from "../plan/query-plan.js";
import { type CodeTables, emptyRows, type SegmentIndex } from "../segment-index/segment-index.js";
import { rowPart } from "../segment-index/stored-column.js";
import { absent, type Column, column, type Rows } from "./kernel.js";
import { type PartTarget, partTarget } from "./part-target.js";
import { maskOf, type RowFilter } from "./row-filter.js";
import type { Scan } from "./scan.js";
import type { CountedGroups, FoundLines } from "./scan-job.js";
import type { PlanTarget } from "./segment-scan.js";
import { wanted as isKept, unsure } from "./verdict.js";

const lineEnd = 0x0a;
/** Where more of the rows than one in so many have the rarest of the wanted texts, all rows are looked at instead. */
const leastSelectivity = 8;

/** A column of which only some texts are wanted. */
interface WantedColumn {
  readonly of: Column;
  /** By code of the index, `absent` first: 1 for a wanted one. */
  readonly codes: Uint8Array;
  /** How many records have one of them. */
  readonly records: number;
}

/** The rows of one group, from when they are filled in until they have been taken, during which nothing is awaited. */
const sharedRows: Rows = emptyRows();
const noLines: LineBlock = { offset: 0, bytes: Buffer.alloc(0) };

/** What was found of a segment. */
export interface Sought {
  readonly found: CountedGroups | FoundLines;
  readonly matched: number;
  /** Records that were left out, by type in our spelling. */
  readonly excluded: ReadonlyMap<string, number>;
  readonly bytesRead: number;
}

/**
 * Finds the few wanted rows of an index by the column in which the wanted texts are rarest: what other columns have is looked
 * up for these rows alone, and all other records are counted by the dictionary of types.
 */
export class IndexSeek {
  readonly #planned: PlannedSegment;
  readonly #index: SegmentIndex;
  readonly #filter: RowFilter;
  readonly #scan: Scan & { readonly target: PlanTarget };
  readonly #target: PartTarget;
  #file: RangeFile | undefined;
  #bytesRead = 0;

  constructor(planned: PlannedSegment, index: SegmentIndex, scan: Scan & { readonly target: PlanTarget }) {
    this.#planned = planned;
    this.#index = index;
    this.#filter = scan.filter;
    this.#scan = scan;
    this.#target = partTarget(scan.target.purpose, scan.kernel);
  }

  /** What is wanted of the segment; `undefined`, with nothing counted, if all its rows have to be looked at. */
  async run(): Promise<Sought | undefined> {
    const { header } = this.#index;
    if (this.#scan.search || this.#filter.asksTimes || header.decided !== header.rows) return undefined;
    if (this.#target.mask === undefined) return undefined;
    const columns = await this.#wantedColumns();
    if (!columns || columns[0]!.records * leastSelectivity > header.rows) return undefined;
    try {
      this.#target.begin();
      const byType = await this.#find(columns);
      return byType && (await this.#sumUp(byType));
    } finally {
      this.#file?.close();
    }
  }

  /** The columns that the question asks for, the rarest first. */
  async #wantedColumns(): Promise<WantedColumn[] | undefined> {
    const columns: WantedColumn[] = [];
    const types = await this.#wantedColumn(column.type, (type) => {
      const verdict = this.#filter.types.verdictOf(type ?? "");
      return verdict === unsure ? undefined : verdict === isKept;
    });
    if (!types) return undefined;
    columns.push(types);
    const { jobId } = this.#planned.source;
    for (const [of, texts] of this.#filter.wantedTexts) {
      const whenAbsent = of === column.job ? jobId : of === column.correlation ? "" : undefined;
      const found = await this.#wantedColumn(of, (text) => {
        const meant = text ?? whenAbsent;
        return meant !== undefined && texts.has(meant);
      });
      if (!found) return undefined;
      columns.push(found);
    }
    return columns.sort((a, b) => a.records - b.records);
  }

  async #wantedColumn(
    of: Column,
    isWanted: (text: string | undefined) => boolean | undefined,
  ): Promise<WantedColumn | undefined> {
    const { absent: without, unlisted } = this.#index.header.columns[of]!;
    const dictionary = unlisted > 0 ? undefined : await this.#index.dictionary(of);
    if (!dictionary) return undefined;
    const codes = new Uint8Array(dictionary.texts.length + 1);
    let records = 0;
    for (let code = absent; code < codes.length; code++) {
      const count = code === absent ? without : dictionary.counts[code - 1]!;
      const verdict = count > 0 && isWanted(code === absent ? undefined : dictionary.texts[code - 1]);
      if (verdict === undefined) return undefined;
      if (!verdict) continue;
      codes[code] = 1;
      records += count;
    }
    return { of, codes, records };
  }

  /** Gives the wanted rows to the target; how many there are by code of their type. `undefined` if something is not sound. */
  async #find([rarest, ...others]: WantedColumn[]): Promise<Map<number, number> | undefined> {
    const groups = await this.#index.groups();
    const tables = this.#scan.target.needsLines ? [] : await this.#codeTables();
    const shown = this.#scan.target.needsLines ? rowPart.place : this.#target.mask!;
    const mask = shown | maskOf([rarest!.of, column.type, ...others.map(({ of }) => of)]);
    if (!groups || !tables) return undefined;
    if (groups.length > 0 && !(await this.#index.load(mask, 0, groups.length))) return undefined;
    const byType = new Map<number, number>();
    const rarestCodes = [...rarest!.codes.keys()].filter((code) => rarest!.codes[code] === 1);
    for (let group = 0; group < groups.length; group++) {
      let rows = this.#index.rowsWith(group, rarest!.of, rarest!.codes, rarestCodes);
      for (const { of, codes } of others) {
        if (rows.length === 0) break;
        const codeOf = this.#index.codesOf(group, of);
        rows = rows.filter((row) => codes[codeOf(row)] === 1);
      }
      if (rows.length === 0) continue;
      if (!this.#index.fill(group, shown, sharedRows, tables)) return undefined;
      if (!this.#take(groups[group]!.firstOffset, rows)) return undefined;
      const typeOf = this.#index.codesOf(group, column.type);
      for (const row of rows) {
        const type = typeOf(row);
        byType.set(type, (byType.get(type) ?? 0) + 1);
      }
    }
    return byType;
  }

  /** Which codes of the kernel stand for those of the index, in the columns that the target takes. */
  async #codeTables(): Promise<CodeTables | undefined> {
    const tables: (Uint32Array | undefined)[] = [];
    for (const of of Object.values(column)) {
      if (((this.#target.mask! >> of) & 1) === 0) continue;
      const dictionary = await this.#index.dictionary(of);
      if (!dictionary) return undefined;
      tables[of] = Uint32Array.from([
        absent,
        ...dictionary.texts.map((text) => this.#scan.kernel.intern(of, text)),
      ]);
    }
    return tables;
  }

  /** Gives rows of a group to the target: as the index has them, or, if it takes their lines, as these are read. */
  #take(offset: number, wanted: readonly number[]): boolean {
    if (this.#scan.target.needsLines) return this.#takeLines(offset, wanted);
    const rows = sharedRows;
    this.#nameJob(rows);
    for (const row of wanted) {
      if (rows.isDecided[row] !== 1) return false;
      this.#target.takeRow(rows, row, { planned: this.#planned, block: noLines });
    }
    return true;
  }

  #takeLines(offset: number, wanted: readonly number[]): boolean {
    const { starts, ends } = sharedRows;
    const { inputBytes, room } = this.#scan.kernel;
    this.#file ??= RangeFile.open(this.#planned.source.segment);
    if (!this.#file) return false;
    let used = 0;
    let from = 0;
    for (const [at, row] of wanted.entries()) {
      const [start, end] = [starts[row]!, ends[row]! + 1];
      if (used + end - start > inputBytes) {
        if (!this.#takeRead(offset, wanted.slice(from, at), used)) return false;
        [used, from] = [0, at];
      }
      // A line that is too long for the kernel is left to whoever reads all.
      if (end - start > inputBytes || !this.#file.readAt(offset + start, offset + end, room, used))
        return false;
      used += end - start;
      this.#bytesRead += end - start;
    }
    return this.#takeRead(offset, wanted.slice(from), used);
  }

  /** Gives the lines of these rows to the target, which stand one after the other in the kernel's room. */
  #takeRead(offset: number, wanted: readonly number[], bytes: number): boolean {
    const { kernel } = this.#scan;
    const lines = kernel.room.subarray(0, bytes);
    if (wanted.length === 0) return true;
    if (lines.at(-1) !== lineEnd || !isUtf8(lines)) return false;
    kernel.load(lines);
    const { rows } = kernel;
    if (!kernel.read(this.#target.mask!) || rows.count !== wanted.length) return false;
    this.#nameJob(rows);
    for (const [at, row] of wanted.entries()) {
      if (rows.isDecided[at] !== 1) return false;
      const block = { offset: offset + sharedRows.starts[row]! - rows.starts[at]!, bytes: lines };
      this.#target.takeRow(rows, at, { planned: this.#planned, block });
    }
    return true;
  }

  /** A record that names no job is one of the directory's. */
  #nameJob({ codes, count }: Rows): void {
    const { jobId } = this.#planned.source;
    if (jobId === undefined || ((this.#target.mask! >> column.job) & 1) === 0) return;
    const jobs = codes[column.job]!;
    const job = this.#scan.kernel.intern(column.job, jobId);
    for (let row = 0; row < count; row++) if (jobs[row] === absent) jobs[row] = job;
  }

  async #sumUp(byType: ReadonlyMap<number, number>): Promise<Sought | undefined> {
    const types = await this.#index.dictionary(column.type);
    if (!types) return undefined;
    const excluded = new Map<string, number>();
    let matched = 0;
    for (const [at, type] of types.texts.entries()) {
      const wanted = byType.get(at + 1) ?? 0;
      const left = types.counts[at]! - wanted;
      const name = normalizeEventType(type);
      matched += wanted;
      if (left > 0) excluded.set(name, (excluded.get(name) ?? 0) + left);
    }
    return { found: this.#target.take(), matched, excluded, bytesRead: this.#bytesRead };
  }
}
