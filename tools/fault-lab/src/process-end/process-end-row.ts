import { join } from "node:path";
import { sumOf } from "../evidence/sum.js";
import { type EndState, endStates, processEnds } from "../programs/end-order.js";
import type { Row, RowContext, RowResult } from "../row.js";
import { type EndedProcess, endProcess } from "./end-process.js";

const events: Record<EndState, number> = {
  idle: 1_000,
  "mid-flush": 1_000,
  "thread pool busy": 1_000,
  // Many batches, and well within the bound of the queue.
  "after bursts": 20_000,
};
const acknowledged = 400;

/** Matrix row 15. */
export const processEndRow: Row = {
  id: "15",
  title: "every way a process can end, without shutdown()",
  modes: ["quick", "full"],
  run: async (context) => {
    const results: RowResult[] = [];
    for (const state of endStates) results.push(await endAll(state, context));
    return results;
  },
};

async function endAll(state: EndState, { directory }: RowContext): Promise<RowResult> {
  const ended = await Promise.all(
    [0, 1].map(async (parity) => {
      const found: (EndedProcess & { readonly how: string })[] = [];
      for (const how of processEnds.filter((_, index) => index % 2 === parity)) {
        const jobId = how.replaceAll(/\W/g, "-");
        const order = { store: join(directory, state.replaceAll(" ", "-")), repo: "end", jobId };
        const told = { ...order, how, state, acknowledged, events: events[state] };
        found.push({ how, ...(await endProcess(told, directory)) });
      }
      return found;
    }),
  ).then((lanes) => lanes.flat());
  const survivors = ended.map(({ how, survivors }) => [`survive ${how}`, survivors] as const);
  const most = (of: (process: EndedProcess) => number): number => Math.max(...ended.map(of));
  return {
    row: `15 process end, ${state}`,
    n: ended.length,
    acked: sumOf(ended, (process) => process.acked),
    lost: sumOf(ended, (process) => process.lost),
    dup: sumOf(ended, (process) => process.dup),
    failures: ended.flatMap(({ failures }) => failures),
    figures: {
      ...Object.fromEntries(survivors),
      mostQueued: most(({ queued }) => queued),
      mostUnread: most(({ survivors }) => events[state] - survivors),
    },
  };
}
