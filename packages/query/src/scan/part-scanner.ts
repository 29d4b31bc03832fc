import { builtinEvents } from "@prodigy-events/schema";
import { nodeFileSystem, RangeFile } from "@prodigy-events/storage";
import { defaultBounds } from "../bounds.js";
import { allOf, compileFilter } from "../filter/compile-filter.js";
import type { PlannedSegment } from "../plan/query-plan.js";
import { RunObserver } from "../read/copy-filter.js";
import type { ReadContext } from "../read/read-context.js";
import { ReportBuilder } from "../report/report-builder.js";
import { openSearch } from "../search/search-question.js";
import { IndexPieceBuilder } from "../segment-index/index-piece.js";
import { ExcludedTypes } from "./excluded-types.js";
import { type PartTarget, partTarget } from "./part-target.js";
import { RowReader } from "./row-reader.js";
import type { RowQuestions, Scan } from "./scan.js";
import type { ScanJob } from "./scan-job.js";
import type { ScanPart, UnitAnswer } from "./scan-part.js";

/**
 * Scans parts, without waiting for anything: each by itself, so that any thread can. It answers for parts of which it
 * can read every line and whose records follow each other; whoever puts the answers together reads the others.
 */
export class PartScanner {
  readonly #scan: Scan & { readonly target: PartTarget };
  readonly #context: Omit<ReadContext, "report">;
  readonly #room: Buffer;
  /** The file that the last part was in: the next one mostly is too. */
  #open: { readonly file: RangeFile | undefined; readonly path: string } | undefined;

  /** @param questions those of the job, of this thread */
  constructor({ query, search, purpose, maxScannedBytes }: ScanJob, questions: RowQuestions) {
    const { kernel, filter } = questions;
    const target = partTarget(purpose, kernel);
    this.#scan = { ...questions, excluded: new ExcludedTypes(filter.types), target };
    const accepts = compileFilter(query, builtinEvents);
    this.#room = kernel.room;
    this.#context = {
      fs: nodeFileSystem,
      bounds: { ...defaultBounds, maxScannedBytes },
      surplus: { bytes: 0 },
      accepts: search ? allOf([accepts, openSearch(search).accepts]) : accepts,
      catalog: builtinEvents,
      strict: false,
      signal: undefined,
      isClosed: async () => true,
      chunkLimit: undefined,
    };
  }

  /** What a part holds, as in `UnitAnswer`. */
  scan(part: ScanPart): UnitAnswer[number] {
    try {
      return this.#scanOpen(part);
    } catch (error) {
      // The system's errors are for the careful reader, who has ways around some, and reports the others.
      if ((error as NodeJS.ErrnoException).syscall === undefined) throw error;
      this.close();
      return undefined;
    }
  }

  #scanOpen(part: ScanPart): UnitAnswer[number] {
    const file = this.#fileOf(part);
    if (!file) return undefined;
    const range = wholeRange(part, file, this.#context.bounds.maxInflatedBytes);
    if (!range) return undefined;
    const { target } = this.#scan;
    const report = new ReportBuilder();
    const observer = part.producerId === undefined ? undefined : new RunObserver(part.producerId);
    const builder = part.wantsIndex
      ? new IndexPieceBuilder(range.start, (of, code) => this.#scan.kernel.text(of, code))
      : undefined;
    const context = { ...this.#context, report };
    const reader = new RowReader(this.#scan, context, observer, builder, part.isSealed);
    const planned = plannedSegment(part);
    target.begin();
    report.opened(part.reportedPath);
    const end = file.read(range, this.#room, (block) => reader.read(planned, block));
    const found = target.take();
    if (!end) return undefined;
    report.read(part.reportedPath, "scan", end.end + end.tailBytes - range.start);
    return {
      ...end,
      report: report.counts(),
      numbers: observer?.run,
      times: reader.times,
      found,
      isRegular: observer?.isRun !== false,
      piece: builder?.finish(end.end),
    };
  }

  #fileOf(part: ScanPart): RangeFile | undefined {
    if (this.#open?.path !== part.path) {
      this.close();
      this.#open = { file: RangeFile.open(part), path: part.path };
    }
    return this.#open.file;
  }

  close(): void {
    this.#open?.file?.close();
    this.#open = undefined;
  }
}

/** The range of a part; of a small segment that was not looked at yet, all of it. */
function wholeRange({ range }: ScanPart, file: RangeFile, maxInflatedBytes: number) {
  if (file.contentBytes > file.bytes && file.contentBytes > maxInflatedBytes) return undefined;
  if (range.start > 0 || range.end !== Number.POSITIVE_INFINITY) return range;
  const ranges = file.cut(Number.POSITIVE_INFINITY);
  return ranges.length === 1 ? ranges[0] : undefined;
}

/** As much of a planned segment as reading its lines takes. */
function plannedSegment({ file, reportedPath, jobId, repo }: ScanPart): PlannedSegment {
  const source = { path: reportedPath, jobId, repo } as PlannedSegment["source"];
  return { source, file };
}
