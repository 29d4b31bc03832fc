import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Row, RowResult } from "../row.js";
import { refusals } from "./refusals.js";
import { refuse } from "./refuse.js";
import { removeStore } from "./removed-store.js";

/** Matrix row 13. */
export const refusalRow: Row = {
  id: "13",
  title: "systems that refuse to write, and then do not",
  modes: ["quick", "full"],
  run: async ({ directory, log }) => {
    const results: RowResult[] = [];
    for (const [index, refusal] of refusals.entries()) {
      log(refusal.title);
      const folder = join(directory, `refusal-${index}`);
      await mkdir(folder);
      results.push(await refuse(refusal, folder));
    }
    return [...results, await removeStore(directory)];
  },
};
