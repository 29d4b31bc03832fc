import type { Catalog } from "@prodigy-events/schema";
import { isSegmentClosed, type ProcessIdentity, type Segment } from "@prodigy-events/storage";
import type { Bounds } from "../bounds.js";
import { allOf, compileFilter, type RecordTest } from "../filter/compile-filter.js";
import type { Query } from "../filter/query.js";
import { planQuery } from "../plan/plan-query.js";
import type { QueryPlan } from "../plan/query-plan.js";
import type { ReadContext, ScanThreads } from "../read/read-context.js";
import { ReportBuilder } from "../report/report-builder.js";
import type { CompiledSearch } from "../search/search-question.js";
import { findSources } from "../source/find-sources.js";
import type { Sources } from "../source/source-segment.js";
import type { StoreConfig } from "../source/store-config.js";

/** What a store needs to know beside its places. */
export interface StoreRuntime {
  readonly catalog: Catalog<unknown>;
  /** Milliseconds since the Unix epoch. */
  now(): number;
  /** Producers that somebody who knows declares dead. */
  readonly assumeDead: readonly string[];
  /** Who we are, which those who write are compared with. */
  identity(): ProcessIdentity;
  readonly bounds: Bounds;
  /** Whether indexes are used and made. */
  readonly index: boolean;
  /** Who scans. */
  readonly threads: ScanThreads;
}

/** What one question asks beyond its filters. */
export interface QuestionOptions {
  /** What records have to hold. */
  readonly search?: CompiledSearch | undefined;
  /** A further demand on records. */
  readonly test?: RecordTest | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly report?: ReportBuilder | undefined;
}

/** A question ready to be answered: what there is, what of it is read and how, and what the readers share. */
export interface OpenQuestion {
  readonly sources: Sources;
  readonly plan: QueryPlan;
  readonly context: ReadContext;
}

/** Looks at what is there, and plans the reading. */
export async function openQuestion(
  query: Query,
  config: StoreConfig,
  runtime: StoreRuntime,
  options: QuestionOptions = {},
): Promise<OpenQuestion> {
  const report = options.report ?? new ReportBuilder();
  const sources = await findSources(config, query.jobIds);
  report.sources = sources.places.map(({ path }) => path);
  const context = readContext(query, config, runtime, { ...options, report });
  const plan = planQuery(query, sources.segments, runtime.bounds, options.search !== undefined);
  report.strategy = plan.strategy;
  return { sources, plan, context };
}

/** What the readers of one question share. */
export function readContext(
  query: Query,
  config: StoreConfig,
  runtime: StoreRuntime,
  { report = new ReportBuilder(), test, search, signal }: QuestionOptions,
): ReadContext {
  const filter = compileFilter(query, runtime.catalog);
  return {
    fs: config.fs,
    bounds: runtime.bounds,
    report,
    surplus: { bytes: 0 },
    accepts: allOf([filter, search?.accepts, test].filter((each) => each !== undefined)),
    catalog: runtime.catalog,
    needsRecords: test !== undefined,
    search: search?.question,
    strict: query.strict,
    signal,
    isClosed: closedness(config, runtime),
    threads: runtime.threads,
    index: runtime.index,
    chunkLimit: search?.chunkLimit,
  };
}

/** Tells whether a segment is closed. */
export function closedness(
  { fs }: Pick<StoreConfig, "fs">,
  { assumeDead, identity }: Pick<StoreRuntime, "assumeDead" | "identity">,
): (segment: Segment) => Promise<boolean> {
  return (segment) => isSegmentClosed(segment, { fs, self: identity(), assumeDead });
}
