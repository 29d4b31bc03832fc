import type { Row, RowContext, RowResult } from "../../row.js";
import { Failures } from "../failures.js";
import { storeProperties } from "./store-properties.js";
import { textProperties } from "./text-properties.js";

async function run({ mode, seed, log }: RowContext): Promise<RowResult> {
  const failures = new Failures();
  let n = 0;
  for (const property of [...textProperties, ...storeProperties]) {
    const start = performance.now();
    const details = await property.check({ numRuns: property.runs[mode], seed });
    n += details.numRuns;
    log(`row 16: ${details.numRuns} × ${property.name}, ${Math.round(performance.now() - start)} ms`);
    if (!details.failed) continue;
    const error = details.errorInstance instanceof Error ? details.errorInstance.message : "false";
    const example = JSON.stringify(details.counterexample)?.slice(0, 200);
    failures.add(
      `${property.name}: ${error} for ${example} [seed ${details.seed}, path ${details.counterexamplePath}]`,
    );
  }
  return { row: "16", n, lost: 0, dup: 0, failures: failures.lines, seed };
}

/** Row 16: statements about all values. */
export const propertyRow: Row = {
  id: "16",
  title: "properties: what is written is read back, chunks, merge order, filters",
  modes: ["quick", "full"],
  run,
};
