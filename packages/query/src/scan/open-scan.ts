import type { Catalog } from "@prodigy-events/schema";
import type { Query } from "../filter/query.js";
import type { ReadContext } from "../read/read-context.js";
import type { SearchQuestion } from "../search/search-question.js";
import { ExcludedTypes } from "./excluded-types.js";
import { Kernel } from "./kernel.js";
import { RowFilter } from "./row-filter.js";
import { RowSearch } from "./row-search.js";
import type { RowQuestions, Scan, ScanTarget } from "./scan.js";

/**
 * A scan for a question; `undefined` where its lines have to be parsed: it has a pattern that is given time by the chunk
 * of records, or more texts to ask for than the kernel tells apart, or `bounds.maxScannedBytes` is 0.
 *
 * @param targetWith makes what takes the records
 * @throws QueryError `SIMD_REQUIRED`
 */
export function openScan<Target extends ScanTarget>(
  query: Query,
  { bounds, chunkLimit, catalog, search }: ReadContext,
  targetWith: (kernel: Kernel) => Target,
): (Scan & { readonly target: Target }) | undefined {
  if (bounds.maxScannedBytes === 0 || chunkLimit || !catalog) return undefined;
  const questions = rowQuestions({ query, search, maxScannedBytes: bounds.maxScannedBytes }, catalog);
  if (!questions) return undefined;
  const { kernel, filter } = questions;
  return { ...questions, excluded: new ExcludedTypes(filter.types), target: targetWith(kernel) };
}

/** What is put to rows; `undefined` if it asks for more texts than the kernel tells apart. */
export function rowQuestions(
  { query, search, maxScannedBytes }: RowsWanted,
  catalog: Catalog<unknown>,
): RowQuestions | undefined {
  const kernel = new Kernel(maxScannedBytes);
  const filter = RowFilter.for(query, catalog, kernel);
  return filter && { kernel, filter, search: search && new RowSearch(search, kernel) };
}

/** Which rows are wanted. */
interface RowsWanted {
  readonly query: Query;
  readonly search: SearchQuestion | undefined;
  readonly maxScannedBytes: number;
}
