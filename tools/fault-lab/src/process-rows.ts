import { bigSegmentRow } from "./big-segment/big-segment-row.js";
import { cleanRaceRow } from "./clean-races/clean-race-row.js";
import { comparisonRow } from "./comparison/comparison-row.js";
import { crowdRow } from "./crowd/crowd-row.js";
import { deadSinkRow } from "./dead-sink/dead-sink-row.js";
import { fullDiskRow } from "./disk/full-disk-row.js";
import { killRow } from "./kill/kill-row.js";
import { mutationRow } from "./mutation/mutation-row.js";
import { pipeRow } from "./pipes/pipe-row.js";
import { powerCutRow } from "./power-cut/power-cut-row.js";
import { processEndRow } from "./process-end/process-end-row.js";
import { refusalRow } from "./refusals/refusal-row.js";
import type { Row } from "./row.js";
import { straceRows } from "./strace/strace-rows.js";
import { systemClockRow } from "./system-clock/system-clock-row.js";

/** The rows that need real processes and real faults. */
export const processRows: readonly Row[] = [
  killRow,
  powerCutRow,
  ...straceRows,
  fullDiskRow,
  crowdRow,
  systemClockRow,
  cleanRaceRow,
  refusalRow,
  pipeRow,
  processEndRow,
  mutationRow,
  deadSinkRow,
  bigSegmentRow,
  comparisonRow,
];
