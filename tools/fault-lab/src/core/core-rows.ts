import type { Row } from "../row.js";
import { clockRow } from "./clock/clock-row.js";
import { crashStateRow } from "./crash-states/crash-state-row.js";
import { damageRow } from "./damage/damage-row.js";
import { failpointRow } from "./failpoints/failpoint-row.js";
import { fuzzRow } from "./fuzz/fuzz-row.js";
import { hostileRow } from "./hostile/hostile-row.js";
import { nthOperationRow } from "./nth-operation/nth-operation-row.js";
import { propertyRow } from "./properties/property-row.js";

/** The rows that run in this process. */
export const coreRows: readonly Row[] = [
  failpointRow,
  nthOperationRow,
  crashStateRow,
  damageRow(),
  clockRow,
  propertyRow,
  fuzzRow,
  hostileRow,
];
