import { builtinEvents } from "@prodigy-events/schema";
import { nodeFileSystem } from "@prodigy-events/storage";
import { limits } from "../limits.js";
import type { PlannedSegment, QueryPlan } from "../plan/query-plan.js";
import type { ReadContext } from "../read/read-context.js";
import { PartAnswers } from "./part-answers.js";
import type { PlanIndexes } from "./plan-indexes.js";
import type { Scan } from "./scan.js";
import { cutPlan, type ScanPart, type ScanUnit, type UnitAnswer } from "./scan-part.js";
import type { PlanTarget } from "./segment-scan.js";

/** The parts of a plan in their order, with their answers. */
export class PartQueue {
  readonly #units: readonly ScanUnit[];
  readonly #answers: PartAnswers;
  readonly #signal: AbortSignal | undefined;
  #unit = 0;
  #part = 0;
  #taken: UnitAnswer | undefined;

  private constructor(units: readonly ScanUnit[], answers: PartAnswers, signal: AbortSignal | undefined) {
    this.#signal = signal;
    this.#units = units;
    this.#answers = answers;
  }

  /**
   * `undefined` where everything has to be read in turn.
   *
   * @param sealed the numbers of the segments that are as their writers sealed them
   */
  static for(
    plan: QueryPlan,
    scan: Scan & { readonly target: PlanTarget },
    context: ReadContext,
    indexes: PlanIndexes,
    sealed: ReadonlySet<number>,
  ): PartQueue | undefined {
    const { fs, bounds, strict, threads } = context;
    const { severities, categories } = plan.query;
    const isBuiltin =
      context.catalog === builtinEvents || (severities.length === 0 && categories.length === 0);
    if (
      !threads ||
      bounds.scanUnitBytes === 0 ||
      fs !== nodeFileSystem ||
      strict ||
      !isBuiltin ||
      context.needsRecords
    )
      return undefined;
    const { units, work } = cutPlan(plan, bounds.scanUnitBytes, (planned) => {
      // Which records of a shared file are copies is known to whoever reads it from its beginning.
      if (planned.source.segment.kind === "shared") return undefined;
      const covered = indexes.covered(planned);
      if (covered?.isAll) return undefined;
      return {
        start: covered?.endOffset ?? 0,
        wantsIndex: indexes.wantsIndex(planned),
        isSealed: sealed.has(planned.file),
      };
    });
    if (units.length === 0) return undefined;
    const { maxScannedBytes } = bounds;
    const job = { query: plan.query, search: context.search, purpose: scan.target.purpose, maxScannedBytes };
    const helpers = {
      workers: workersFor(work, threads.count),
      workerUrl: threads.workerUrl,
    };
    context.report.threads = 1 + helpers.workers;
    return new PartQueue(
      units,
      new PartAnswers(units, job, scan, helpers, bounds.maxGatheredBytes),
      context.signal,
    );
  }

  /** The next part, if it is of that segment. */
  peek({ file }: PlannedSegment): ScanPart | undefined {
    const part = this.#units[this.#unit]?.[this.#part];
    return part?.file === file ? part : undefined;
  }

  /** The next part's answer. */
  async take(): Promise<{ answer: UnitAnswer[number]; range: ScanPart["range"] }> {
    const parts = this.#units[this.#unit]!;
    this.#taken ??= await this.#answers.take(this.#unit, this.#signal);
    const answer = this.#taken[this.#part];
    const { range } = parts[this.#part]!;
    this.#advance();
    return { answer, range };
  }

  /** Leaves out what is left of a segment. */
  skip(planned: PlannedSegment): void {
    while (this.peek(planned)) this.#advance();
  }

  #advance(): void {
    this.#part++;
    if (this.#part < this.#units[this.#unit]!.length) return;
    this.#unit++;
    this.#part = 0;
    this.#taken = undefined;
  }

  close(): void {
    this.#answers.close();
  }
}

/** As many further threads as there is work for, beside this one. */
function workersFor(work: number, threads: number): number {
  return Math.max(0, Math.min(threads - 1, Math.floor(work / limits.bytesPerScanThread)));
}
