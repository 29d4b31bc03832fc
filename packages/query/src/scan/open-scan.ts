import type { Query } from "../filter/query.js";
import type { ReadContext } from "../read/read-context.js";
import { ExcludedTypes } from "./excluded-types.js";
import { Kernel } from "./kernel.js";
import { RowFilter } from "./row-filter.js";
import { RowSearch } from "./row-search.js";
import type { Scan, ScanTarget } from "./scan.js";

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
  const kernel = new Kernel(bounds.maxScannedBytes);
  const filter = RowFilter.for(query, catalog, kernel);
  if (!filter) return undefined;
  return {
    kernel,
    filter,
    search: search && new RowSearch(search, kernel),
    excluded: new ExcludedTypes(filter.types),
    target: targetWith(kernel),
  };
}
