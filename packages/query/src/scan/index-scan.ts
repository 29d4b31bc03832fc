import { RangeFile } from "@prodigy-events/storage";
import { limits } from "../limits.js";
import type { PlannedSegment } from "../plan/query-plan.js";
import type { ReadContext } from "../read/read-context.js";
import type { GroupEntry } from "../segment-index/group-directory.js";
import { type CodeTables, emptyRows, type SegmentIndex } from "../segment-index/segment-index.js";
import { rowPart, textColumns } from "../segment-index/stored-column.js";
import { IndexSeek, type Sought } from "./index-seek.js";
import { type IndexTotals, totalsOf } from "./index-totals.js";
import { absent, column, type Rows } from "./kernel.js";
import { maskOf } from "./row-filter.js";
import type { RowReader } from "./row-reader.js";
import type { Scan } from "./scan.js";
import { segmentBlocks } from "./segment-blocks.js";
import type { PlanTarget } from "./segment-scan.js";

const lineEnd = 0x0a;
/** Lines of a group that are no further apart than this are read in one go: a read costs as much as so many bytes. */
const readThroughBytes = 16 * 1024;

/** What is known of all records of a segment before it is its turn: the totals, or the wanted ones. */
interface Prepared {
  readonly totals?: IndexTotals;
  readonly sought?: Sought;
  readonly matched: number;
  readonly excluded: ReadonlyMap<string, number>;
}

/** Groups whose columns are loaded together. */
interface Batch {
  readonly from: number;
  readonly to: number;
  readonly tables: CodeTables;
  /** Whether it is loaded too where their lines are. */
  hasLines: boolean;
}

/**
 * Answers for the lines of a segment that its index covers. Where the index tells, lines are not read; where it does not
 * (odd lines, numbers that do not follow each other, damage), they are read in their turn, group by group.
 */
export class IndexScan {
  readonly #planned: PlannedSegment;
  readonly #index: SegmentIndex;
  readonly #scan: Scan & { readonly target: PlanTarget };
  readonly #producerId: string | undefined;
  #prepared: Promise<Prepared | undefined> | undefined;
  /** Set while groups are read. */
  #reader!: RowReader;
  readonly #context: ReadContext;
  readonly #isChain: boolean;
  /** The columns that are loaded of every group. */
  readonly #mask: number;
  /** Made when groups are read. */
  #rows!: Rows;
  #file: RangeFile | undefined;
  #room = Buffer.alloc(0);
  #bytesRead = 0;
  /** Lines that have to be read, from here on; -1 when none do. */
  #unreadFrom = -1;

  /** @param producerId whose chain the segment belongs to */
  constructor(
    planned: PlannedSegment,
    index: SegmentIndex,
    producerId: string | undefined,
    scan: Scan & { readonly target: PlanTarget },
    context: ReadContext,
  ) {
    this.#planned = planned;
    this.#index = index;
    this.#producerId = producerId;
    this.#scan = scan;
    this.#context = context;
    this.#isChain = producerId !== undefined;
    this.#mask =
      scan.filter.mask |
      (scan.target.mask ?? 0) |
      (this.#isChain ? maskOf([column.producer]) : 0) |
      (scan.filter.asksTimes ? rowPart.instant : 0);
  }

  /** Where what the index covers ends. */
  get endOffset(): number {
    return this.#index.header.endOffset;
  }

  /** Begins with what needs no knowledge of the segments before: the next ones are looked up while one is awaited. */
  prepare(): Promise<Prepared | undefined> {
    this.#prepared ??= this.#prepare();
    return this.#prepared;
  }

  /** Reads all that the index covers. Pauses now and then, for whoever wants to stop it. */
  async *read(reader: RowReader): AsyncGenerator<void, void> {
    const { path } = this.#planned.source;
    const { endOffset } = this.#index.header;
    try {
      const prepared = await this.prepare();
      this.#context.report.opened(path);
      if (!prepared || !this.#takes(prepared, reader)) yield* this.#readGroups(reader);
    } finally {
      await this.close();
    }
    const strategy = this.#bytesRead > 0 ? "index+seek" : "index";
    this.#context.report.read(path, strategy, this.#bytesRead, Math.max(0, endOffset - this.#bytesRead));
  }

  async close(): Promise<void> {
    await this.#prepared?.catch(() => {}); // whoever reads gets the error
    this.#file?.close();
    await this.#index.close();
  }

  /** What the index says of all records: by its dictionaries alone, or by few rows that could be found by themselves. */
  async #prepare(): Promise<Prepared | undefined> {
    const { filter, target, search } = this.#scan;
    const { rows, isNumbered } = this.#index.header;
    const isRun = !this.#isChain || rows === 0 || (isNumbered && (await this.#isOwn()));
    if (!isRun) return undefined;
    const totals = await totalsOf(this.#index, this.#planned.source.jobId, filter, target);
    if (totals && !(search && totals.matched > 0)) return { totals, ...totals };
    const sought = await new IndexSeek(this.#planned, this.#index, this.#scan).run();
    return sought && { sought, ...sought };
  }

  /** Counts all records of the segment, if they go on where those before ended; else nothing. */
  #takes({ totals, sought, matched, excluded }: Prepared, reader: RowReader): boolean {
    const { target } = this.#scan;
    const hasRoom = totals ? target.hasRoomForTotals(totals.wanted.length) : target.hasRoomFor(sought!.found);
    if (!hasRoom || !this.#skipsAll(reader)) return false;
    const { header } = this.#index;
    const { report } = this.#context;
    report.linesRead += header.rows;
    report.records += header.rows;
    report.bytesRead += header.lineBytes;
    report.matched += matched;
    for (const [type, records] of excluded) report.exclude(type, records);
    if (totals) target.takeTotals(totals.wanted);
    if (sought) {
      this.#bytesRead += sought.bytesRead;
      target.takeFound(this.#planned.file, sought.found);
    }
    return true;
  }

  /** Takes the numbers and times of all records of a chain, if they are its next; else nothing. */
  #skipsAll(reader: RowReader): boolean {
    const { header } = this.#index;
    if (!this.#isChain || header.rows === 0) return true;
    const { firstSequence: first, lastSequence: last, firstId, firstInstant, lastInstant } = header;
    const firstRecord = firstId === null ? undefined : { id: firstId };
    const times = {
      first: { ms: firstInstant![0], nanos: firstInstant![1] },
      last: { ms: lastInstant![0], nanos: lastInstant![1] },
    };
    if (!reader.skipRun({ first, last, firstRecord }, times)) return false;
    this.#context.report.outOfOrder += header.outOfOrder;
    return true;
  }

  /** Whether every record is the chain's producer's. */
  async #isOwn(): Promise<boolean> {
    const { rows, columns } = this.#index.header;
    const { texts, absent: without, unlisted: unknown } = columns[column.producer]!;
    if (texts !== 1 || without > 0 || unknown > 0) return false;
    const dictionary = await this.#index.dictionary(column.producer);
    return dictionary?.texts[0] === this.#producerId && dictionary?.counts[0] === rows;
  }

  async *#readGroups(reader: RowReader): AsyncGenerator<void, void> {
    this.#reader = reader;
    this.#rows = emptyRows();
    const { endOffset } = this.#index.header;
    const tables = await this.#codeTables();
    const groups = tables ? await this.#index.groups() : undefined;
    for (let from = 0; tables && groups && from < groups.length; ) {
      const to = Math.min(groups.length, from + limits.indexGroupsAtOnce);
      const batch: Batch = { from, to, tables, hasLines: false };
      const isLoaded = await this.#index.load(this.#mask, from, to);
      for (let group = from; group < to; group++) {
        const isTaken = isLoaded && (await this.#takesGroup(group, groups[group]!, batch));
        if (!isTaken && this.#unreadFrom < 0) this.#unreadFrom = groups[group]!.firstOffset;
      }
      from = to;
      this.#context.signal?.throwIfAborted();
      yield;
    }
    if (!groups) this.#unreadFrom = 0;
    await this.#readUnread(endOffset);
  }

  /** Which codes of the kernel stand for those of the index, for the texts that are asked for. */
  async #codeTables(): Promise<CodeTables | undefined> {
    const tables: (Uint32Array | undefined)[] = [];
    for (const of of textColumns) {
      tables.push(undefined);
      if (((this.#mask >> of) & 1) === 0) continue;
      const dictionary = await this.#index.dictionary(of);
      if (!dictionary) return undefined;
      const codes = dictionary.texts.map((text) => this.#scan.kernel.intern(of, text));
      tables[of] = Uint32Array.from([absent, ...codes]);
    }
    return tables;
  }

  /** Whether a group is settled by its rows, which then have been taken. */
  async #takesGroup(group: number, entry: GroupEntry, batch: Batch): Promise<boolean> {
    const { summary, firstOffset } = entry;
    const rows = this.#rows;
    if (summary.decided !== entry.rows || (this.#isChain && !summary.isNumbered)) return false;
    if (!this.#index.fill(group, this.#mask, rows, batch.tables)) return false;
    for (let row = 0; row < rows.count; row++) if (rows.isDecided[row] !== 1) return false;
    const { jobId } = this.#planned.source;
    if (!this.#reader.judgeIndexed(rows, jobId)) return false;
    if (this.#scan.target.needsLines && !(await this.#readWanted(group, entry, batch))) return false;
    if (this.#unreadFrom >= 0) {
      await this.#readUnread(firstOffset);
      this.#reader.judgeIndexed(rows, jobId); // what was read meanwhile was judged in between
    }
    const { firstSequence: first, lastSequence: last } = summary;
    const { firstId } = this.#index.header;
    const firstRecord = group === 0 && firstId !== null ? { id: firstId } : undefined;
    const isTaken = this.#reader.takeIndexed(
      rows,
      { planned: this.#planned, block: { offset: firstOffset, bytes: this.#room } },
      {
        numbers: this.#isChain ? { first, last, firstRecord } : undefined,
        times: {
          first: { ms: summary.firstMs, nanos: summary.firstNanos },
          last: { ms: summary.lastMs, nanos: summary.lastNanos },
        },
        lineBytes: summary.lineBytes,
      },
    );
    if (isTaken && this.#isChain) this.#context.report.outOfOrder += summary.outOfOrder;
    return isTaken;
  }

  /** Reads the lines of the wanted rows of a group, and what else is to be known of them. */
  async #readWanted(group: number, { firstOffset }: GroupEntry, batch: Batch): Promise<boolean> {
    const rows = this.#rows;
    let isAny = false;
    for (let row = 0; row < rows.count && !isAny; row++) isAny = this.#reader.isWanted(row);
    if (!isAny) return true;
    const more = (rowPart.place | rowPart.instant | rowPart.sequence) & ~this.#mask;
    batch.hasLines ||= await this.#index.load(more, batch.from, batch.to);
    if (!batch.hasLines || !this.#index.fill(group, more, rows, batch.tables)) return false;
    this.#file ??= RangeFile.open(this.#planned.source.segment);
    if (!this.#file) return false;
    const bytes = rows.ends[rows.count - 1]! + 1;
    if (this.#room.length < bytes) this.#room = Buffer.allocUnsafeSlow(bytes);
    for (let row = 0; row < rows.count; row++) {
      if (!this.#reader.isWanted(row)) continue;
      const start = rows.starts[row]!;
      let end = rows.ends[row]! + 1;
      while (this.#isWantedSoon(row + 1, end)) end = rows.ends[++row]! + 1;
      if (!this.#file.readAt(firstOffset + start, firstOffset + end, this.#room, start)) return false;
      this.#bytesRead += end - start;
    }
    return this.#areLines();
  }

  /** Whether a row that begins close by is wanted. */
  #isWantedSoon(row: number, end: number): boolean {
    const { count, starts } = this.#rows;
    for (let next = row; next < count && starts[next]! - end < readThroughBytes; next++) {
      if (this.#reader.isWanted(next)) return true;
    }
    return false;
  }

  /** Whether lines end where the index says, so that it is not of another content. */
  #areLines(): boolean {
    const { count, ends } = this.#rows;
    for (let row = 0; row < count; row++) {
      if (this.#reader.isWanted(row) && this.#room[ends[row]!] !== lineEnd) return false;
    }
    return true;
  }

  /** Reads the lines that have been left so far, up to `end`. */
  async #readUnread(end: number): Promise<void> {
    if (this.#unreadFrom < 0) return;
    const start = this.#unreadFrom;
    this.#unreadFrom = -1;
    for await (const block of segmentBlocks(this.#planned, this.#context, { start, end })) {
      this.#reader.read(this.#planned, block);
    }
    this.#bytesRead += end - start;
  }
}
