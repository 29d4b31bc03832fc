import { QueryError } from "./errors.js";
import type { RecordTest } from "./filter/compile-filter.js";
import { type QueryInput, resolveQuery } from "./filter/query.js";
import type { FollowInput, FollowOptions } from "./follow/follow-input.js";
import { RecordFollower } from "./follow/follow-records.js";
import { type FollowStream, followStream } from "./follow/follow-stream.js";
import type { JobsInput, JobsResult, SearchInput, StatsInput, StatsResult } from "./inputs.js";
import { JobSummaries } from "./jobs/summarize-jobs.js";
import type { Match } from "./read/match.js";
import type { RepairInput, RepairReport } from "./repair/repair-report.js";
import { repairStore } from "./repair/repair-store.js";
import { ReportBuilder } from "./report/report-builder.js";
import { countGroups } from "./run/count-groups.js";
import { findRecord } from "./run/find-record.js";
import { mergeForward } from "./run/merge-forward.js";
import {
  type OpenQuestion,
  openQuestion,
  type QuestionOptions,
  readContext,
  type StoreRuntime,
} from "./run/open-question.js";
import { readInAnyOrder } from "./run/read-in-any-order.js";
import { type RecordStream, recordStream } from "./run/record-stream.js";
import { runQuery } from "./run/run-query.js";
import { openSearch, searchQuestion } from "./search/search-question.js";
import type { IndexInput, IndexReport } from "./segment-index/index-report.js";
import { indexStore } from "./segment-index/index-store.js";
import { findSources } from "./source/find-sources.js";
import type { Sources } from "./source/source-segment.js";
import type { StoreConfig } from "./source/store-config.js";
import { GroupCounter } from "./stats/group-counter.js";
import type { VerifyInput, VerifyReport } from "./verify/verify-report.js";
import { verifyStore } from "./verify/verify-store.js";

/**
 * Answers questions about the events of one place. Nothing is held open between questions: every question looks anew
 * at what is there, and its answer comes with a report of what was read.
 *
 * Every method throws `QueryError` at once for a question that makes no sense, and while it reads: `NOT_FOUND` for a
 * named file that does not exist, `MALFORMED` with `strict`, and the reason of an aborted signal. A file that cannot
 * be read is no error: it is in the report, and the others are read all the same.
 */
export class Store {
  readonly #config: StoreConfig;
  readonly #runtime: StoreRuntime;

  /** Stores are opened by `openStore`, which fills in what is not given. */
  constructor(config: StoreConfig, runtime: StoreRuntime) {
    this.#config = config;
    this.#runtime = runtime;
  }

  /** The root directory. */
  get root(): string {
    return this.#config.root;
  }

  /** The repository that is read; `undefined` for all. */
  get repo(): string | undefined {
    return this.#config.repo;
  }

  /** The segments that a question about these jobs (all, when left out) reads, and where they were looked for. */
  sources(input: Pick<QueryInput, "jobId"> = {}): Promise<Sources> {
    return findSources(this.#config, this.#resolve(input).jobIds);
  }

  /** The records that match, in time order; with a limit the newest, or the oldest. */
  query(input: QueryInput = {}): RecordStream {
    return this.#stream(input, {});
  }

  /**
   * The records that match and hold a text, in time order: a JavaScript regular expression over the string values of
   * a record at whatever depth and the name of its type (as written, and as we write it), not over its keys.
   *
   * @throws QueryError `BAD_PATTERN`; `PATTERN_TIMEOUT` while it reads, for one that backtracks without end
   */
  search(pattern: RegExp | string, input: SearchInput = {}): RecordStream {
    return this.#stream(input, { search: openSearch(searchQuestion(pattern, input)) });
  }

  /** How many records match, by the values of fields. Reads in any order; of most lines only the columns it needs. */
  async stats(input: StatsInput = {}): Promise<StatsResult> {
    const search = input.search && openSearch(searchQuestion(input.search.pattern, input.search));
    const { plan, context } = await this.#open(input, { search });
    const counter = new GroupCounter();
    await countGroups(plan, context, { counter, ...input });
    return {
      groups: counter.groups(input.top),
      total: counter.total,
      other: counter.other,
      report: context.report,
    };
  }

  /** Every job, and how far it has come. */
  async jobs(input: JobsInput = {}): Promise<JobsResult> {
    const { sources, plan, context } = await this.#open(input);
    const summaries = new JobSummaries(sources.segments);
    for await (const batch of mergeForward(plan, context)) {
      for (const match of batch) summaries.add(match);
      input.onProgress?.(context.report);
    }
    const jobs = await summaries.finish(({ segment }) => context.isClosed(segment), this.#runtime.now());
    return { jobs, report: context.report };
  }

  /**
   * The record whose id is `idOrPrefix`, else the one whose id begins with it; `undefined` when there is none.
   *
   * @throws QueryError `AMBIGUOUS_ID` when several ids begin with it
   */
  async find(
    idOrPrefix: string,
    input: Omit<QueryInput, "limit" | "order"> = {},
  ): Promise<Match | undefined> {
    const test: RecordTest = ({ id }) => id.startsWith(idOrPrefix);
    const { plan, context } = await this.#open(input, { test });
    return findRecord(readInAnyOrder(plan, context), idOrPrefix);
  }

  /**
   * The newest records, in time order, and then every record as it comes: through rotation, compression, new
   * segments, producers and jobs. A producer's records come in its order and once each; records that can never come are
   * told to `onGap`. Ends, without an error, when the signal aborts. The stream's `cursor()` says where it is, and
   * `options.cursor` goes on there.
   *
   * @throws QueryError `STDIN_FOLLOW`, `CURSOR_DAMAGED`; while it reads `CURSOR_MISMATCH`
   */
  follow(input: FollowInput = {}, options: FollowOptions = {}): FollowStream {
    const query = this.#resolve(input);
    if (this.#config.files.includes("-")) {
      throw new QueryError("STDIN_FOLLOW", "standard input cannot be followed: name a file or a directory");
    }
    const report = new ReportBuilder(options.onProblem);
    const context = readContext(query, this.#config, this.#runtime, { report, signal: options.signal });
    const follower = new RecordFollower(query, this.#config, context, options, this.#runtime.now);
    return followStream(report, follower, () => follower.records());
  }

  /**
   * Reads everything, in bounded memory, and tells what is not as it was written: bad lines, torn tails, numbers and
   * segments that are missing, and whatever differs from the manifests. Damage is an answer, not an error.
   */
  verify(input: VerifyInput = {}): Promise<VerifyReport> {
    return verifyStore(input, this.#config, this.#runtime);
  }

  /**
   * Copies every record that can be read to a new store, byte for byte and under the same names, and says what it
   * leaves behind. Changes nothing here.
   *
   * @throws QueryError `BAD_TARGET`; `TARGET_FAILED` when the new store cannot be written
   */
  repair(input: RepairInput): Promise<RepairReport> {
    return repairStore(input, this.#config, this.#runtime);
  }

  /**
   * Builds the indexes of segments, those that are missing or do not fit any more; with `drop` removes them, with `check`
   * only looks at them. An index changes no answer, and answers are found in it without reading the segment.
   */
  index(input: IndexInput = {}): Promise<IndexReport> {
    return indexStore(input, this.#config, this.#runtime);
  }

  #resolve(input: QueryInput) {
    return resolveQuery(input, this.#runtime.now());
  }

  #open(input: QueryInput, options: QuestionOptions = {}): Promise<OpenQuestion> {
    const query = this.#resolve(input);
    return openQuestion(query, this.#config, this.#runtime, { signal: input.signal, ...options });
  }

  #stream(input: QueryInput, options: QuestionOptions): RecordStream {
    const query = this.#resolve(input);
    const report = new ReportBuilder();
    const open = () =>
      openQuestion(query, this.#config, this.#runtime, { signal: input.signal, report, ...options });
    return recordStream(report, async function* () {
      const { plan, context } = await open();
      yield* runQuery(plan, context);
    });
  }
}
