import { setTimeout as sleep } from "node:timers/promises";
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

/** Cleans again and again, so long after each other, until the signal; the last clean stops between two segments. */
export async function cleanContinually(
  { store, repo }: { readonly store: string; readonly repo: string },
  { cleanEveryMs, closedAgeMs }: { readonly cleanEveryMs: number; readonly closedAgeMs: number },
  into: Cleaned,
  signal: AbortSignal,
): Promise<void> {
  try {
    for (;;) {
      await sleep(cleanEveryMs, undefined, { signal });
      await cleanOnce(store, repo, closedAgeMs, into, signal);
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
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
  signal?: AbortSignal,
): Promise<void> {
  const stop = signal === undefined ? {} : { signal };
  const nowMs = Date.now() + limits.minClosedAgeMs - closedAgeMs;
  const policy = { olderThanMs: limits.minClosedAgeMs, archive: { directory: archiveDirectory(store) } };
  const scope = await scopeOfStore(await openStore({ root: store, repo, local: false }));
  const plan = planRetention(await gatherInventory(scope, policy, { nowMs, ...stop }), policy, nowMs);
  const { outcomes, totals } = await applyRetention(plan, stop);
  into.cleans += 1;
  into.removedSegments += totals.done;
  into.archivedRecords += totals.archived.records;
  for (const { status, path, error } of outcomes) {
    if (status === "failed") into.failures.push(`clean failed at ${path}: ${error?.message}`);
  }
}
