import { coreRows } from "./core/core-rows.js";
import { processRows } from "./process-rows.js";
import type { Row } from "./row.js";

/** All rows of the matrix, in its order. */
export const rows: readonly Row[] = [...coreRows, ...processRows].sort(
  (a, b) => Number.parseInt(a.id, 10) - Number.parseInt(b.id, 10),
);
