import type { Row } from "../row.js";

/** The rows that need no process of their own: failpoints, crash states, bit flips, clocks, properties, hostile input. */
export const coreRows: readonly Row[] = [];
