import type { QueryInput } from "./filter/query.js";
import type { JobSummary } from "./jobs/job-summary.js";
import type { QueryReport } from "./report/query-report.js";
import type { PatternOptions } from "./search/pattern.js";
import type { Group } from "./stats/group-counter.js";

/** Is told after every chunk of records what was read so far. */
export type OnProgress = (report: QueryReport) => void;

/** A question for counts. */
export interface StatsInput extends Omit<QueryInput, "limit" | "order"> {
  /** The fields whose values make a group (paths as `fieldValue` takes them); `["event_type"]` when left out. */
  readonly groupBy?: readonly string[] | undefined;
  /** Counts only records that hold a text, as `Store.search` finds them. */
  readonly search?: SearchTerm | undefined;
  /** Only the largest so many groups. */
  readonly top?: number | undefined;
  readonly onProgress?: OnProgress | undefined;
}

export interface StatsResult {
  /** Largest first. With no field to group by, one group with everything. */
  readonly groups: readonly Group[];
  /** The records of all groups, those beyond `top` included. */
  readonly total: number;
  /** Records that are in no group, because there were 100,000 groups already. */
  readonly other: number;
  readonly report: QueryReport;
}

/** What is searched for. */
export interface SearchTerm extends SearchOptions {
  readonly pattern: string | RegExp;
}

/** A question for records that hold a text. */
export interface SearchInput extends QueryInput, SearchOptions {}

/** How a pattern is understood, and where it is searched for. */
export interface SearchOptions extends PatternOptions {
  /** Search only in these fields; a bare name is looked for at the top, in `event` and in `metadata`. */
  readonly fields?: readonly string[] | undefined;
  /** Search in the line as it stands in the file, keys and escapes included. */
  readonly raw?: boolean | undefined;
}

/** A question for jobs. */
export interface JobsInput {
  readonly jobId?: QueryInput["jobId"];
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: OnProgress | undefined;
}

export interface JobsResult {
  /** In the order in which they began. */
  readonly jobs: readonly JobSummary[];
  readonly report: QueryReport;
}
