import { isUtf8 } from "node:buffer";
import { type LineBlock, type LineProblem, linesOf } from "@prodigy-events/storage";
import type { PlannedSegment } from "../plan/query-plan.js";
import type { ChainCopies, RunObserver } from "../read/copy-filter.js";
import { LineDecoder } from "../read/line-decoder.js";
import { reportDamage } from "../read/line-problems.js";
import type { ReadContext } from "../read/read-context.js";
import { SharedCopies } from "../read/shared-copies.js";
import type { TimeSpan } from "../read/time-order.js";
import { indexLines } from "../segment-index/index-lines.js";
import type { IndexPieceBuilder } from "../segment-index/index-piece.js";
import { absent, column, type Rows, unlisted } from "./kernel.js";
import { maskOf } from "./row-filter.js";
import { RowJudge } from "./row-judge.js";
import { RowRecord } from "./row-record.js";
import type { RowPlace, Scan } from "./scan.js";
import { unsure, unwanted, wanted } from "./verdict.js";

const lineEnd = 0x0a;

/**
 * Reads the blocks of one chain, or of one file. What the columns of a line settle is settled here: it is counted, left
 * out, or given to the target as a row. Every other line is parsed, in its turn, by the decoder, which shares with this
 * what is known of the chain: so the answer and the report are those of parsing every line.
 */
export class RowReader {
  readonly #scan: Scan;
  readonly #context: ReadContext;
  readonly #decoder: LineDecoder;
  readonly #copies: ChainCopies | RunObserver | undefined;
  readonly #shared: SharedCopies | undefined;
  readonly #builder: IndexPieceBuilder | undefined;
  /** The columns asked of the kernel. */
  readonly #mask: number;
  readonly #judge: RowJudge;
  /** The code of the chain's producer. */
  readonly #producer: number;
  /** The code of the producer whose sealed segment is read; `absent` if it is not known to be as it was sealed. */
  readonly #sealedBy: number;
  /** Of the row that is being settled. */
  readonly #record = new RowRecord();

  /**
   * @param copies knows the numbers of the chain, or of the producers of a shared file; left out for a file of anybody
   * @param builder is shown all lines
   * @param isSealed whether the segment of the chain is as its writer sealed it
   */
  constructor(
    scan: Scan,
    context: ReadContext,
    copies?: ChainCopies | RunObserver | SharedCopies,
    builder?: IndexPieceBuilder,
    isSealed = false,
  ) {
    const { kernel, filter, target } = scan;
    this.#scan = scan;
    this.#context = context;
    const chain = copies instanceof SharedCopies ? undefined : copies;
    this.#copies = chain;
    this.#shared = copies instanceof SharedCopies ? copies : undefined;
    this.#builder = builder;
    this.#decoder = new LineDecoder(context, copies);
    const ofCopies = copies ? maskOf([column.producer]) : 0;
    this.#mask = builder ? maskOf(Object.values(column)) : filter.mask | (target.mask ?? 0) | ofCopies;
    this.#producer = chain ? kernel.intern(column.producer, chain.producerId) : absent;
    // An index says of every line what it is.
    this.#sealedBy = isSealed && !builder ? this.#producer : absent;
    this.#judge = new RowJudge(scan, {
      mask: this.#mask,
      isShared: this.#shared !== undefined,
      isSealed: this.#sealedBy !== absent,
    });
  }

  /** Whether it reads a chain. */
  get isChain(): boolean {
    return this.#copies !== undefined;
  }

  /** Whose chain it reads. */
  get producerId(): string | undefined {
    return this.#copies?.producerId;
  }

  /** Goes on behind records of the chain that are counted elsewhere; false, if they have to be read one by one. */
  skipRun(
    { first, last, firstRecord }: NonNullable<IndexedRun["numbers"]>,
    times: TimeSpan | undefined,
  ): boolean {
    if (this.#copies && !this.#copies.addRun(first, last, firstRecord)) return false;
    this.skip(times);
    return true;
  }

  /** The first and the last time of a chain's records. */
  get times(): TimeSpan | undefined {
    return this.#decoder.order.span;
  }

  /** Goes on behind records of the chain that have been read elsewhere, with these times. */
  skip(times: TimeSpan | undefined): void {
    if (times) this.#decoder.order.addSpan(times);
  }

  /** Reads the next block. */
  read(planned: PlannedSegment, { offset, bytes }: LineBlock): void {
    const { inputBytes } = this.#scan.kernel;
    for (let start = 0; start < bytes.length; ) {
      const isLast = bytes.length - start <= inputBytes;
      const fitting = isLast ? bytes.length : bytes.lastIndexOf(lineEnd, start + inputBytes - 1) + 1;
      // A line that the kernel has no room for is a part by itself.
      const end = fitting > start ? fitting : bytes.indexOf(lineEnd, start) + 1;
      this.#readPart(planned, { offset: offset + start, bytes: bytes.subarray(start, end) });
      start = end;
    }
  }

  #readPart(planned: PlannedSegment, part: LineBlock): void {
    const { kernel } = this.#scan;
    const isFit = part.bytes.length <= kernel.inputBytes && this.#producer !== unlisted;
    if (!isFit || !isUtf8(part.bytes)) {
      if (this.#builder) indexLines(part, kernel, this.#builder);
      this.#parse(planned, part, 0, part.bytes.length);
      return;
    }
    const job = this.#jobCode(planned.source.jobId);
    kernel.load(part.bytes, this.#sealedBy);
    while (kernel.read(this.#mask)) {
      this.#builder?.addRows(kernel.rows, part); // before records without a job are given one
      this.#settle({ planned, block: part }, job);
    }
    this.#scan.excluded.flush(this.#context.report);
  }

  /**
   * Judges rows that stand in an index, all of them decided.
   *
   * @returns whether what is known of them settles all of them; if not, their lines have to be read
   */
  judgeIndexed(rows: Rows, jobId: string | undefined): boolean {
    this.#judge.judge(rows, this.#jobCode(jobId), undefined);
    if (!this.#judge.isSure(rows)) return false;
    if (!this.#copies) return true;
    const producers = rows.codes[column.producer]!;
    for (let row = 0; row < rows.count; row++) if (producers[row] !== this.#producer) return false;
    return true;
  }

  /** Of the rows that were judged last: whether each is wanted. */
  isWanted(row: number): boolean {
    return this.#judge.verdicts[row] === wanted;
  }

  /**
   * Takes the rows that have been judged, and their numbers, if they are the chain's next; else nothing.
   *
   * @returns whether they have been taken
   */
  takeIndexed(rows: Rows, place: RowPlace, { numbers, times, lineBytes }: IndexedRun): boolean {
    if (numbers && !this.skipRun(numbers, times)) return false;
    this.#takeRun(rows, place, lineBytes);
    this.#scan.excluded.flush(this.#context.report);
    return true;
  }

  #jobCode(jobId: string | undefined): number {
    return jobId === undefined ? absent : this.#scan.kernel.intern(column.job, jobId);
  }

  #settle(place: RowPlace, job: number): void {
    const { rows } = this.#scan.kernel;
    this.#judge.judge(rows, job, place);
    if (this.#isRun(rows, place)) this.#takeRun(rows, place, this.#scan.kernel.lineBytes);
    else this.#takeInTurn(rows, place);
  }

  /** Whether all rows are settled, and of a chain each follows the one before it; then their numbers have been taken. */
  #isRun(rows: Rows, place: RowPlace): boolean {
    if (this.#shared || !this.#judge.isSure(rows)) return false;
    if (!this.#copies || rows.count === 0) return true;
    const { sequences, ms, nanos } = rows;
    if (!this.#scan.kernel.isRun || rows.codes[column.producer]![0] !== this.#producer) return false;
    const first = sequences[0]!;
    this.#record.at(rows, 0, place);
    const last = rows.count - 1;
    if (!this.#copies.addRun(first, first + last, this.#record)) return false;
    this.skip({ first: { ms: ms[0]!, nanos: nanos[0]! }, last: { ms: ms[last]!, nanos: nanos[last]! } });
    return true;
  }

  /** Takes rows of which every one is new. */
  #takeRun(rows: Rows, place: RowPlace, lineBytes: number): void {
    const { excluded, target } = this.#scan;
    const { report } = this.#context;
    const { count } = rows;
    const { verdicts } = this.#judge;
    const matched = count - excluded.addUnwanted(rows, verdicts);
    report.linesRead += count;
    report.records += count;
    report.bytesRead += lineBytes;
    report.matched += matched;
    if (matched > 0) target.takeRows(rows, verdicts, place);
  }

  /** Takes rows one after the other, and parses those that have to be in their turn. */
  #takeInTurn(rows: Rows, place: RowPlace): void {
    const { excluded, target } = this.#scan;
    const { report } = this.#context;
    const types = rows.codes[column.type]!;
    const { verdicts } = this.#judge;
    /** Where the lines begin that wait to be parsed; -1 when none do. */
    let waitingFrom = -1;
    let settled = 0;
    for (let row = 0; row < rows.count; row++) {
      const verdict = verdicts[row];
      const start = rows.starts[row]!;
      if (verdict === unsure) {
        if (waitingFrom < 0) waitingFrom = start;
        continue;
      }
      if (waitingFrom >= 0) {
        this.#parse(place.planned, place.block, waitingFrom, start);
        waitingFrom = -1;
      }
      settled++;
      report.bytesRead += rows.ends[row]! + 1 - start;
      if (this.#copies && !this.#isNew(rows, row, place)) continue;
      if (this.#shared && this.#isCopy(this.#shared, rows, row, place)) continue;
      if (verdict === unwanted) {
        excluded.add(types[row]!);
      } else {
        report.matched++;
        target.takeRow(rows, row, place);
      }
    }
    report.linesRead += settled;
    report.records += settled;
    if (waitingFrom >= 0)
      this.#parse(place.planned, place.block, waitingFrom, rows.ends[rows.count - 1]! + 1);
  }

  /** What `LineDecoder` does with a record of a shared file. */
  #isCopy(copies: SharedCopies, rows: Rows, row: number, place: RowPlace): boolean {
    const code = rows.codes[column.producer]![row]!;
    if (code === absent) return false;
    this.#record.at(rows, row, place);
    const producerId = this.#scan.kernel.text(column.producer, code);
    const isCopy = copies.isKnown(producerId, rows.sequences[row]!, this.#record);
    if (isCopy) this.#context.report.duplicates++;
    return isCopy;
  }

  /** What `LineDecoder` does with a record of a chain. */
  #isNew(rows: Rows, row: number, place: RowPlace): boolean {
    const isOwn = rows.codes[column.producer]![row] === this.#producer;
    this.#record.at(rows, row, place);
    if (isOwn && this.#copies!.isKnown(rows.sequences[row]!, this.#record)) {
      this.#context.report.duplicates++;
      return false;
    }
    this.#decoder.order.add(rows.ms[row]!, rows.nanos[row]!);
    return true;
  }

  /** Parses the lines of a block that stand from `start` to `end`. */
  #parse(planned: PlannedSegment, { offset, bytes }: LineBlock, start: number, end: number): void {
    const { path } = planned.source;
    this.#scan.excluded.flush(this.#context.report);
    const lines = linesOf(
      { offset: offset + start, bytes: bytes.subarray(start, end) },
      { path, onProblem: (problem: LineProblem) => reportDamage(problem, path, this.#context) },
    );
    const entries = this.#decoder.decode(planned, lines);
    if (entries.length > 0) this.#scan.target.takeEntries(entries);
  }
}

/** What an index says of all rows of a group together. */
export interface IndexedRun {
  /** Of a chain: the numbers, each one more than the one before; and the first record, if its id is known. */
  readonly numbers:
    | {
        readonly first: number;
        readonly last: number;
        readonly firstRecord: { readonly id: string } | undefined;
      }
    | undefined;
  readonly times: TimeSpan;
  /** Bytes of the lines with their line feeds. */
  readonly lineBytes: number;
}
