import { openStore } from "@prodigy-events/query";
import {
  applyRetention,
  gatherInventory,
  limits,
  planRetention,
  scopeOfStore,
} from "@prodigy-events/retention";
import { archiveDirectory } from "@prodigy-events/storage";

/** What many cleans have done. */
export interface Cleaned {
  cleans: number;
  removedSegments: number;
  archivedRecords: number;
  failures: string[];
}

/**
 * Archives what was closed at least `closedAgeMs` ago. The library wants a minute; here the time that ages are counted
 * from lies in the future by the difference, so that a minute need not be waited.
 */
export async function cleanOnce(
  store: string,
  repo: string,
  closedAgeMs: number,
  into: Cleaned,
): Promise<void> {
  const nowMs = Date.now() + limits.minClosedAgeMs - closedAgeMs;
  const policy = { olderThanMs: limits.minClosedAgeMs, archive: { directory: archiveDirectory(store) } };
  const scope = await scopeOfStore(await openStore({ root: store, repo, local: false }));
  const plan = planRetention(await gatherInventory(scope, policy, { nowMs }), policy, nowMs);
  const { outcomes, totals } = await applyRetention(plan);
  into.cleans += 1;
  into.removedSegments += totals.done;
  into.archivedRecords += totals.archived.records;
  for (const { status, path, error } of outcomes) {
    if (status === "failed") into.failures.push(`clean failed at ${path}: ${error?.message}`);
  }
}
