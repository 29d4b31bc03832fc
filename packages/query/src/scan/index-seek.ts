import { normalizeEventType } from "@prodigy-events/schema";
import { RangeFile } from "@prodigy-events/storage";
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
/** The same for their lines. */
let sharedRoom = Buffer.alloc(0);

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
    const tables = await this.#codeTables();
    const shown = this.#target.mask! | (this.#scan.target.needsLines ? everyPart : 0);
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

  /** Gives rows of a group to the target, with their lines if it takes them. */
  #take(offset: number, wanted: readonly number[]): boolean {
    const rows = sharedRows;
    const { jobId } = this.#planned.source;
    const jobs = rows.codes[column.job]!;
    const job = jobId === undefined ? absent : this.#scan.kernel.intern(column.job, jobId);
    if (this.#scan.target.needsLines && !this.#readLines(offset, wanted)) return false;
    const block = { offset, bytes: sharedRoom };
    for (const row of wanted) {
      if (rows.isDecided[row] !== 1) return false;
      if (jobs[row] === absent) jobs[row] = job;
      this.#target.takeRow(rows, row, { planned: this.#planned, block, encoding: "utf8" });
    }
    return true;
  }

  #readLines(offset: number, wanted: readonly number[]): boolean {
    const { starts, ends, count } = sharedRows;
    this.#file ??= RangeFile.open(this.#planned.source.segment);
    if (!this.#file) return false;
    const bytes = ends[count - 1]! + 1;
    if (sharedRoom.length < bytes)
      sharedRoom = Buffer.allocUnsafeSlow(Math.max(bytes, 2 * sharedRoom.length));
    for (const row of wanted) {
      const [start, end] = [starts[row]!, ends[row]! + 1];
      if (!this.#file.readAt(offset + start, offset + end, sharedRoom, start)) return false;
      if (sharedRoom[end - 1] !== lineEnd) return false;
      this.#bytesRead += end - start;
    }
    return true;
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

const everyPart = rowPart.place | rowPart.instant | rowPart.sequence;
