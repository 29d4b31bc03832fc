export { type Bounds, defaultBounds } from "./bounds.js";
export { QueryError, type QueryErrorCode } from "./errors.js";
export { type FieldReader, fieldReader, fieldValue } from "./filter/field.js";
export { type Filter, type Order, type Query, type QueryInput, resolveQuery } from "./filter/query.js";
export { recordFilter } from "./filter/record-filter.js";
export {
  type FileCursor,
  type FollowCursor,
  type FollowScope,
  type ProducerCursor,
  parseFollowCursor,
} from "./follow/follow-cursor.js";
export type { FollowInput, FollowOptions, Gap, GapReason } from "./follow/follow-input.js";
export type { FollowStream } from "./follow/follow-stream.js";
export type {
  JobsInput,
  JobsResult,
  OnProgress,
  SearchInput,
  SearchOptions,
  SearchTerm,
  StatsInput,
  StatsResult,
} from "./inputs.js";
export type { JobState, JobSummary } from "./jobs/job-summary.js";
export { limits } from "./limits.js";
export { openStore, type StoreOptions } from "./open-store.js";
export { planQuery } from "./plan/plan-query.js";
export type { PlannedChain, PlannedSegment, QueryPlan, Strategy } from "./plan/query-plan.js";
export type { Match } from "./read/match.js";
export type {
  LeftOutReason,
  Portion,
  RepairInput,
  RepairReport,
  RepairTotals,
  SegmentRepair,
} from "./repair/repair-report.js";
export type { Problem, QueryProblemReason, QueryReport } from "./report/query-report.js";
export type { ReadingStrategy, SegmentRead } from "./report/segment-read.js";
export type { RecordStream } from "./run/record-stream.js";
export type { PatternOptions } from "./search/pattern.js";
export type { IndexState } from "./segment-index/check-segment-index.js";
export type {
  IndexAction,
  IndexInput,
  IndexReport,
  SegmentIndexReport,
} from "./segment-index/index-report.js";
export type { NoIndexReason } from "./segment-index/open-segment-index.js";
export type { Origin, SourcePlace, SourceSegment, Sources } from "./source/source-segment.js";
export type { Group, GroupKey } from "./stats/group-counter.js";
export type { Store } from "./store.js";
export { parseTimeArgument, type TimeContext } from "./time/time-argument.js";
export {
  type Difference,
  type Finding,
  type FindingKind,
  type FindingSeverity,
  severityOf,
} from "./verify/finding.js";
export type { VerifyInput, VerifyReport, VerifyTotals } from "./verify/verify-report.js";
