import { coreRows } from "./core/core-rows.js";
import { processRows } from "./process-rows.js";
import type { Row } from "./row.js";

/** All rows of the matrix, in its order; what has no number comes last. */
export const rows: readonly Row[] = [...coreRows, ...processRows].sort((a, b) => orderOf(a) - orderOf(b));

function orderOf({ id }: Row): number {
  const number = Number.parseInt(id, 10);
  return Number.isNaN(number) ? Number.POSITIVE_INFINITY : number;
}
