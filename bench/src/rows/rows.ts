import { appended } from "./appended.js";
import { compressed } from "./compressed.js";
import { follow } from "./follow.js";
import { indexBuild } from "./index-build.js";
import { logCall } from "./log-call.js";
import { logging } from "./logging.js";
import { newest } from "./newest.js";
import type { Row } from "./row.js";
import { search } from "./search.js";
import { selectiveLs } from "./selective-ls.js";
import { smallSegments } from "./small-segments.js";
import { startUp } from "./start-up.js";
import { statsIndex } from "./stats-index.js";
import { statsScan } from "./stats-scan.js";

/** All rows, in the order in which they are run and printed. */
export const rows: readonly Row[] = [
  startUp,
  statsScan,
  statsIndex,
  selectiveLs,
  search,
  newest,
  compressed,
  indexBuild,
  appended,
  smallSegments,
  logging,
  logCall,
  follow,
];
