import type { Catalog } from "@prodigy-events/schema";
import type { FileSystem, Segment } from "@prodigy-events/storage";
import type { Bounds } from "../bounds.js";
import type { RecordTest } from "../filter/compile-filter.js";
import type { ReportBuilder } from "../report/report-builder.js";
import type { SearchQuestion } from "../search/search-question.js";
import type { TimeLimit } from "../search/time-limit.js";
import type { SourceSegment } from "../source/source-segment.js";
import type { ChainCopies } from "./copy-filter.js";
import type { Direction } from "./time-order.js";

/** The threads of a scan, and the code that further ones run. */
export interface ScanThreads {
  readonly count: number;
  readonly workerUrl: URL;
}

/** What everything that reads segments for one answer shares. */
export interface ReadContext {
  readonly fs: FileSystem;
  readonly bounds: Bounds;
  readonly report: ReportBuilder;
  /** What the readers together keep of lines that nobody has asked for yet. */
  readonly surplus: { bytes: number };
  /** Which records are wanted. */
  readonly accepts: RecordTest;
  /** What severities and categories are taken from; without it the filters cannot be put to the columns of lines. */
  readonly catalog?: Catalog<unknown>;
  /** Whether `accepts` asks more than the filters of the query and the search, so that every record has to be parsed. */
  readonly needsRecords?: boolean;
  /** What `accepts` asks beside the filters, if that is a search. */
  readonly search?: SearchQuestion | undefined;
  /** The first malformed line is an error. */
  readonly strict: boolean;
  readonly signal: AbortSignal | undefined;
  /** Whether nobody will append to a segment any more. */
  isClosed(segment: Segment): Promise<boolean>;
  /** Whether indexes of segments are used, and made. */
  readonly index?: boolean | undefined;
  /** By how many threads a scan may be done, this one among them; left out, everything is read in turn. */
  readonly threads?: ScanThreads | undefined;
  /** What knows the copies in a chain that is about to be read, for somebody who watches its numbers. */
  readonly copiesOf?: ((source: SourceSegment, direction: Direction) => ChainCopies) | undefined;
  /** Ends the decoding of a chunk that takes too long, for patterns that can lose themselves. */
  readonly chunkLimit: TimeLimit | undefined;
}
