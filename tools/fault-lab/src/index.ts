export { jsonLine } from "./report/json-line.js";
export type { Mode, Row, RowContext, RowResult } from "./row.js";
export { rows } from "./rows.js";
export { type RunOptions, runRow, type TimedResult } from "./run/run-row.js";
export { type Verdict, verdictOf } from "./run/verdict.js";
