import { limits } from "../limits.js";
import type { Strategy } from "../plan/query-plan.js";
import type { Problem, QueryReport } from "./query-report.js";
import { type ReadingStrategy, type SegmentRead, SegmentReads } from "./segment-read.js";

/** A report while it is being made: the reader counts into it, the caller sees the same object as a `QueryReport`. */
export class ReportBuilder implements QueryReport {
  linesRead = 0;
  records = 0;
  matched = 0;
  malformed = 0;
  torn = 0;
  pending = 0;
  pendingBytes = 0;
  duplicates = 0;
  outOfOrder = 0;
  bytesRead = 0;
  unreadable = 0;
  parsedLines = 0;
  strategy: Strategy | "count" = "merge";
  threads = 1;
  complete = true;
  sources: readonly string[] = [];
  readonly problems: Problem[] = [];
  readonly excludedTypes = new Map<string, number>();
  readonly #problemPaths = new Set<string>();
  readonly #openedPaths = new Set<string>();
  readonly #reads = new SegmentReads();
  readonly #onProblem: ((problem: Problem) => void) | undefined;

  /** @param onProblem is told of every located problem, also of those beyond the ones that are kept */
  constructor(onProblem?: (problem: Problem) => void) {
    this.#onProblem = onProblem;
  }

  get segments(): number {
    return this.#openedPaths.size;
  }

  get problemFiles(): number {
    return this.#problemPaths.size;
  }

  get reads(): SegmentRead[] {
    return this.#reads.list();
  }

  /** Notes what was read of a segment, and how. */
  read(path: string, strategy: ReadingStrategy, bytesRead: number, bytesSkipped = 0): void {
    this.#reads.add({ path, strategy, bytesRead, bytesSkipped });
  }

  opened(path: string): void {
    this.#openedPaths.add(path);
  }

  locate(problem: Problem): void {
    this.#problemPaths.add(problem.path);
    if (this.problems.length < limits.maxLocatedProblems) this.problems.push(problem);
    this.#onProblem?.(problem);
  }

  /** Counts `added` records of a type that a filter left out. */
  exclude(eventType: string, added = 1): void {
    const count = this.excludedTypes.get(eventType);
    if (count !== undefined) this.excludedTypes.set(eventType, count + added);
    else if (this.excludedTypes.size < limits.maxExcludedTypes) this.excludedTypes.set(eventType, added);
  }

  /** What was counted so far, as plain data that another thread can be sent. */
  counts(): ReportCounts {
    return {
      counters: counters.map((counter) => this[counter]),
      openedPaths: [...this.#openedPaths],
      problemPaths: [...this.#problemPaths],
      problems: this.problems,
      excludedTypes: this.excludedTypes,
      reads: this.reads,
    };
  }

  /** Counts everything that another report has counted. */
  absorb(other: ReportCounts): void {
    for (const [at, counter] of counters.entries()) this[counter] += other.counters[at]!;
    for (const path of other.openedPaths) this.#openedPaths.add(path);
    for (const path of other.problemPaths) this.#problemPaths.add(path);
    for (const problem of other.problems) this.locate(problem);
    for (const [eventType, count] of other.excludedTypes) this.exclude(eventType, count);
    for (const read of other.reads) this.#reads.add(read);
  }
}

/** What one report has counted. */
export interface ReportCounts {
  /** In the order of `counters`. */
  readonly counters: readonly number[];
  readonly openedPaths: readonly string[];
  readonly problemPaths: readonly string[];
  readonly problems: readonly Problem[];
  readonly excludedTypes: ReadonlyMap<string, number>;
  readonly reads: readonly SegmentRead[];
}

const counters = [
  "linesRead",
  "records",
  "matched",
  "malformed",
  "torn",
  "pending",
  "pendingBytes",
  "duplicates",
  "outOfOrder",
  "bytesRead",
  "unreadable",
  "parsedLines",
] as const;
