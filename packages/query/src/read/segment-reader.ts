import {
  type Line,
  type LineProblem,
  readLines,
  readLinesBackward,
  StorageError,
} from "@prodigy-events/storage";
import type { PlannedSegment } from "../plan/query-plan.js";
import { reportDamage, reportTail, reportUnreadable } from "./line-problems.js";
import type { ReadContext } from "./read-context.js";
import type { Direction } from "./time-order.js";

/** What part of a segment is read, and which way. */
export interface SegmentRange {
  readonly direction: Direction;
  /** First byte of the uncompressed content that is wanted. */
  readonly startOffset?: number | undefined;
  /** First byte that is not wanted any more. */
  readonly endOffset?: number | undefined;
  /** Is told of a tail, which then is neither counted nor reported. */
  readonly onTail?: ((tail: LineProblem) => void) | undefined;
}

/** Which part of the uncompressed content is still wanted. */
interface Wanted {
  startOffset: number;
  endOffset: number;
}

/** Lines that were read and not asked for yet, and what is wanted after them. */
interface Surplus {
  lines: Line[];
  bytes: number;
  after: Wanted;
}

/**
 * Reads one segment chunk by chunk and can be interrupted anywhere: `release` gives back the descriptor, the next
 * `next` goes on where it was. What cannot be read ends the segment and is reported; it never ends the answer.
 *
 * A gzip member gives a thousand lines at once where a merge of many segments asks for ten. The others are kept as
 * text, within `bounds.maxSurplusBytes` of all readers together, so that a member is inflated once and not once for
 * every ten lines.
 */
export class SegmentReader {
  readonly #planned: PlannedSegment;
  readonly #context: ReadContext;
  readonly #direction: Direction;
  readonly #onTail: SegmentRange["onTail"];
  /** `startOffset` moves when reading forward, `endOffset` backward. */
  #wanted: Wanted;
  #surplus: Surplus | undefined;
  #lines: AsyncGenerator<Line[], void> | undefined;
  #chunkBytes = 0;
  #tails: LineProblem[] = [];
  /** How far bad lines, and damage, have been reported: what is read a second time is not reported again. */
  readonly #reported = { lines: new ReportedRange(), damage: new ReportedRange() };
  #state: "new" | "reading" | "ended" = "new";

  constructor(planned: PlannedSegment, range: SegmentRange, context: ReadContext) {
    this.#planned = planned;
    this.#context = context;
    this.#direction = range.direction;
    this.#onTail = range.onTail;
    const endOffset = range.endOffset ?? planned.endOffset ?? Number.POSITIVE_INFINITY;
    this.#wanted = { startOffset: range.startOffset ?? 0, endOffset };
  }

  /**
   * The next lines, in the direction of reading; `undefined` at the end.
   *
   * @throws StorageError `NOT_SEEKABLE` when the segment cannot be read backward; the signal's reason
   */
  async next(chunkBytes: number): Promise<Line[] | undefined> {
    if (this.#surplus) return this.#take(this.#surplus, chunkBytes);
    if (this.#state === "ended") return undefined;
    try {
      const readBytes = this.#readBytes(chunkBytes);
      if (!isNear(readBytes, this.#chunkBytes)) await this.#close();
      this.#lines ??= this.#open(readBytes);
      const next = await this.#lines.next();
      if (this.#state === "new") this.#context.report.opened(this.#planned.source.path);
      this.#state = next.done ? "ended" : "reading";
      await this.#settleTails();
      return next.done ? undefined : this.#advance(next.value, chunkBytes);
    } catch (error) {
      this.#lines = undefined;
      if (!(error instanceof StorageError) || error.code === "NOT_SEEKABLE") throw error;
      this.#state = "ended";
      reportUnreadable(this.#planned.source.path, this.#wanted.startOffset, error, this.#context);
      return undefined;
    }
  }

  /** Reading forward: where the first line begins that was not read yet. */
  get position(): number {
    return this.#wanted.startOffset;
  }

  /** Gives back the descriptor, and memory where it is short; reading can go on later. */
  async release(): Promise<void> {
    const { bounds, surplus } = this.#context;
    if (this.#surplus && surplus.bytes > bounds.maxSurplusBytes) this.#drop(this.#surplus);
    await this.#close();
  }

  async #close(): Promise<void> {
    const lines = this.#lines;
    this.#lines = undefined;
    await lines?.return();
  }

  /** More is read at once than was asked for, unless memory is short: reading costs per call, lines as text little. */
  #readBytes(chunkBytes: number): number {
    const { surplus, bounds } = this.#context;
    return surplus.bytes > bounds.maxSurplusBytes ? chunkBytes : Math.max(chunkBytes, bounds.maxChunkBytes);
  }

  #open(chunkBytes: number): AsyncGenerator<Line[], void> {
    const { fs, signal, bounds } = this.#context;
    const read = this.#direction === "forward" ? readLines : readLinesBackward;
    this.#chunkBytes = chunkBytes;
    this.#reported.lines.close();
    this.#reported.damage.close();
    return read(this.#planned.source.segment, {
      fs,
      ...this.#wanted,
      chunkBytes,
      maxInflatedBytes: bounds.maxInflatedBytes,
      onProblem: (problem) => this.#onProblem(problem),
      ...(signal ? { signal } : {}),
    });
  }

  /** Moves on past `lines`, or past the first of them if they are more than was asked for. */
  #advance(lines: Line[], chunkBytes: number): Line[] {
    const first = lines[0]!;
    const last = lines.at(-1)!;
    const bytes = Math.abs(last.offset - first.offset) + last.length;
    this.#context.report.read(this.#planned.source.path, "parse", bytes);
    this.#passed(first.offset, first.length);
    this.#passed(last.offset, last.length);
    if (bytes <= 2 * chunkBytes) return lines;
    this.#surplus = { lines, bytes, after: this.#wanted };
    this.#context.surplus.bytes += bytes;
    return this.#take(this.#surplus, chunkBytes);
  }

  /** The first lines of the surplus; nothing after them counts as read, so that it can be dropped at any time. */
  #take(surplus: Surplus, chunkBytes: number): Line[] {
    const { lines } = surplus;
    const first = lines[0]!;
    const beyond = lines.findIndex(({ offset }) => Math.abs(offset - first.offset) > chunkBytes);
    if (beyond === -1) {
      this.#drop(surplus);
      this.#wanted = surplus.after;
      return lines;
    }
    const taken = lines.splice(0, beyond);
    const last = taken.at(-1)!;
    const isForward = this.#direction === "forward";
    this.#wanted = isForward
      ? { ...this.#wanted, startOffset: last.offset + last.length + 1 }
      : { ...this.#wanted, endOffset: last.offset };
    return taken;
  }

  #drop({ bytes }: Surplus): void {
    this.#surplus = undefined;
    this.#context.surplus.bytes -= bytes;
  }

  #passed(offset: number, length: number): void {
    const { startOffset, endOffset } = this.#wanted;
    this.#wanted =
      this.#direction === "forward"
        ? { startOffset: Math.max(startOffset, offset + length + 1), endOffset }
        : { startOffset, endOffset: Math.min(endOffset, offset) };
  }

  #onProblem(problem: LineProblem): void {
    if (problem.reason === "tail" && this.#onTail) {
      this.#onTail(problem);
      return;
    }
    const isDamage = problem.reason === "compression";
    const reported = isDamage ? this.#reported.damage : this.#reported.lines;
    const isNew = reported.add(problem.offset);
    // Damage is noticed a chunk ahead of the lines before it, which are still to come.
    if (!isDamage) this.#passed(problem.offset, problem.length);
    if (!isNew) return;
    if (problem.reason === "tail") this.#tails.push(problem);
    else reportDamage(problem, this.#planned.source.path, this.#context);
  }

  async #settleTails(): Promise<void> {
    for (const tail of this.#tails.splice(0)) {
      const isClosed = await this.#context.isClosed(this.#planned.source.segment);
      reportTail(tail, this.#planned.source.path, isClosed, this.#context);
    }
  }
}

/** Where problems were reported before the segment was last opened; within one opening each is told once. */
class ReportedRange {
  #first = Number.POSITIVE_INFINITY;
  #last = Number.NEGATIVE_INFINITY;
  #closedFirst = Number.POSITIVE_INFINITY;
  #closedLast = Number.NEGATIVE_INFINITY;

  /** False if `offset` lies in what was reported before. */
  add(offset: number): boolean {
    this.#first = Math.min(this.#first, offset);
    this.#last = Math.max(this.#last, offset);
    return offset < this.#closedFirst || offset > this.#closedLast;
  }

  close(): void {
    this.#closedFirst = this.#first;
    this.#closedLast = this.#last;
  }
}

/** Whether it is not worth opening a file again to read in chunks of another size. */
function isNear(chunkBytes: number, openedWith: number): boolean {
  return chunkBytes < 4 * openedWith && openedWith < 4 * chunkBytes;
}
