import type { PlannedSegment } from "../plan/query-plan.js";
import type { ChainCopies, NumberRun } from "../read/copy-filter.js";
import type { ReadContext } from "../read/read-context.js";
import type { IndexCollector } from "./index-collector.js";
import type { ColumnTotals } from "./index-totals.js";
import type { Column } from "./kernel.js";
import type { PartQueue } from "./part-queue.js";
import type { RowReader } from "./row-reader.js";
import type { ScanTarget } from "./scan.js";
import type { CountedGroups, FoundLines, ScanPurpose } from "./scan-job.js";
import type { PartAnswer } from "./scan-part.js";
import { segmentBlocks, type WantedLines } from "./segment-blocks.js";

/** What the parts of a scan are put together in. */
export interface PlanTarget extends ScanTarget {
  readonly purpose: ScanPurpose;
  /** The column whose totals are all it needs, if there is one. */
  readonly totalsColumn: Column | undefined;
  hasRoomForTotals(totals: number): boolean;
  takeTotals(totals: ColumnTotals): void;
  /** Whether `takeFound` can take it. */
  hasRoomFor(found: CountedGroups | FoundLines): boolean;
  /** Takes what was found next in a file. */
  takeFound(file: number, found: CountedGroups | FoundLines): void;
}

/** Reads one segment, by answers as far as there are any. */
export class SegmentScan {
  readonly #planned: PlannedSegment;
  readonly #target: PlanTarget;
  readonly #reader: RowReader;
  readonly #copies: ChainCopies | undefined;
  readonly #context: ReadContext;
  /** Collects the index of the segment, if one is wanted. */
  readonly #collector: IndexCollector | undefined;

  constructor(
    planned: PlannedSegment,
    target: PlanTarget,
    reader: RowReader,
    copies: ChainCopies | undefined,
    context: ReadContext,
    collector: IndexCollector | undefined,
  ) {
    this.#collector = collector;
    this.#planned = planned;
    this.#target = target;
    this.#reader = reader;
    this.#copies = copies;
    this.#context = context;
  }

  /** @param from the first line that has to be read */
  async *read(parts: PartQueue | undefined, from: number): AsyncGenerator<void, void> {
    let start = from;
    const first = parts?.peek(this.#planned);
    if (first && first.range.start > from) yield* this.#readHere({ start: from, end: first.range.start });
    for (let part = parts?.peek(this.#planned); part; part = parts?.peek(this.#planned)) {
      this.#context.signal?.throwIfAborted();
      const { answer, range } = await parts!.take();
      if (answer === undefined) {
        parts!.skip(this.#planned);
        break;
      }
      this.#collector?.add(range.start, answer);
      if (answer.isRegular && this.#takes(answer)) {
        start = answer.end;
        yield;
        if (answer.tailBytes === 0 && !parts!.peek(this.#planned)) return;
        continue;
      }
      yield* this.#readHere({ start: range.start, end: range.end });
      start = range.end;
      if (!parts!.peek(this.#planned)) return;
    }
    yield* this.#readHere({ start });
  }

  async *#readHere(wanted: WantedLines): AsyncGenerator<void, void> {
    for await (const block of segmentBlocks(this.#planned, this.#context, wanted)) {
      this.#reader.read(this.#planned, block);
      this.#context.report.read(this.#planned.source.path, "scan", block.bytes.length);
      yield;
    }
  }

  /** Whether a part goes on where the one before it ended; then it has been counted. */
  #takes({ numbers, times, report, found }: PartAnswer): boolean {
    if (!this.#target.hasRoomFor(found)) return false;
    if (numbers && !this.#addNumbers(numbers)) return false;
    this.#target.takeFound(this.#planned.file, found);
    this.#reader.skip(times);
    this.#context.report.absorb(report);
    return true;
  }

  #addNumbers({ first, last, firstId }: NumberRun): boolean {
    return this.#copies === undefined || this.#copies.addRun(first, last, { id: firstId });
  }
}
