import type { Row } from "../row.js";
import { crashStateRow } from "./crash-states/crash-state-row.js";

/** The rows that run in this process. */
export const coreRows: readonly Row[] = [crashStateRow];
