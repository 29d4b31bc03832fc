import { mountProblem } from "../disk/mounts.js";
import { peers } from "../programs/peer-order.js";
import type { Row, RowResult } from "../row.js";
import { compareFullDisk, compareProcessEnds, compareRotation } from "./comparisons.js";

/** Rows 1, 8 and 15 with other loggers, for comparison. */
export const comparisonRow: Row = {
  id: "compare",
  title: "rotation, full disk and process end with other loggers",
  modes: ["full"],
  run: async ({ directory, log }) => {
    const results: RowResult[] = [];
    const noMounts = await mountProblem(directory);
    for (const peer of peers) {
      log(peer);
      if (noMounts === undefined) results.push(await compareFullDisk(peer, directory));
      results.push(await compareProcessEnds(peer, directory));
      // pino leaves rotation to others, and says nothing of single lines.
      if (peer !== "pino") results.push(await compareRotation(peer, directory));
    }
    return results.sort((a, b) => Number.parseInt(a.row, 10) - Number.parseInt(b.row, 10));
  },
};
