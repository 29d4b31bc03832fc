export { coreRows } from "./core/core-rows.js";
export { processRows } from "./process-rows.js";
export { jsonLine } from "./report/json-line.js";
export type { Mode, Row, RowContext, RowResult } from "./row.js";
export { type RunOptions, runRow, type TimedResult } from "./run/run-row.js";
export { type Verdict, verdictOf } from "./run/verdict.js";
