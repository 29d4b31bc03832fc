import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Row, RowContext, RowResult } from "../row.js";
import { injectFault } from "./inject-fault.js";
import { straceProblem } from "./strace-problem.js";
import { systemCallFaults } from "./system-call-fault.js";

/** Matrix rows 4 and 5. */
export const straceRows: readonly Row[] = [
  {
    id: "4",
    title: "the disk says no while a batch is written",
    modes: ["quick", "full"],
    run: (context) => injectAll("4", context),
  },
  {
    id: "5",
    title: "other system calls that fail: fsync, rename, unlink, open",
    modes: ["quick", "full"],
    run: (context) => injectAll("5", context),
  },
];

async function injectAll(id: string, { directory, log }: RowContext): Promise<RowResult[]> {
  const skipped = await straceProblem(directory);
  const faults = systemCallFaults.filter((fault) => fault.id === id);
  const results: RowResult[] = [];
  for (const [index, fault] of faults.entries()) {
    const { title } = fault;
    if (skipped !== undefined) {
      results.push({ row: `${id} ${title}`, n: 0, lost: 0, dup: 0, failures: [], skipped });
      continue;
    }
    log(title);
    const store = join(directory, `fault-${index}`);
    await mkdir(store, { mode: 0o700 });
    results.push(await injectFault(fault, store));
  }
  return results;
}
