import type { LineBlock } from "@prodigy-events/storage";
import type { PlannedSegment } from "../plan/query-plan.js";
import type { Entry } from "../read/match.js";
import type { ExcludedTypes } from "./excluded-types.js";
import type { Kernel, Rows } from "./kernel.js";
import type { RowFilter } from "./row-filter.js";
import type { RowSearch } from "./row-search.js";

/** Where the rows of a block come from. */
export interface RowPlace {
  readonly planned: PlannedSegment;
  /** The bytes that the kernel was given, with their offset in the segment. */
  readonly block: LineBlock;
}

/** What becomes of the wanted records of a scan, in the order in which they stand in their chain or file. */
export interface ScanTarget {
  /** The columns whose texts it needs of a row, as a mask; `undefined` if rows do not do and records have to be parsed. */
  readonly mask: number | undefined;
  /** Whether it takes the lines of rows, and not only what is known of them. */
  readonly needsLines: boolean;
  /** A wanted record that was not parsed; every column of the mask is listed, or absent. */
  takeRow(rows: Rows, row: number, place: RowPlace): void;
  /** The same for all rows whose verdict is "wanted". */
  takeRows(rows: Rows, verdicts: Uint8Array, place: RowPlace): void;
  /** Wanted records that were parsed. */
  takeEntries(entries: Entry[]): void;
}

/** Who reads rows, and what is asked of them. */
export interface RowQuestions {
  readonly kernel: Kernel;
  readonly filter: RowFilter;
  /** What is asked beside the filters. */
  readonly search: RowSearch | undefined;
}

/** One scan: what is asked of rows, and what becomes of the wanted ones and the others. */
export interface Scan extends RowQuestions {
  readonly excluded: ExcludedTypes;
  readonly target: ScanTarget;
}
