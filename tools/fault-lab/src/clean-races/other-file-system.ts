import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { createEventLogger } from "@prodigy-events/logger";
import { archiveDirectory } from "@prodigy-events/storage";
import { type Cleaned, cleanOnce } from "../crowd/clean-continually.js";
import { type Mount, mountTmpfs } from "../disk/mounts.js";
import { lossOf } from "../evidence/loss.js";
import { readLiveAndArchive } from "../evidence/read-job.js";
import { stepOf } from "../programs/writer-order.js";
import type { RowResult } from "../row.js";

const events = 2_000;
const repo = "other-file-system";
const jobId = "job";

/** Archives into a file system of its own, where nothing can be renamed to (EXDEV). */
export async function archiveElsewhere(folder: string): Promise<RowResult> {
  const row = "11 archive on another file system";
  const store = join(folder, "store");
  await mkdir(store, { mode: 0o700 });
  let mount: Mount;
  try {
    mount = await mountTmpfs(archiveDirectory(store), "size=16m");
  } catch (error) {
    const skipped = error instanceof Error ? error.message : String(error);
    return { row, n: 0, lost: 0, dup: 0, failures: [], skipped };
  }
  try {
    const logger = await createEventLogger({ store, repo, jobId, maxSegmentBytes: 65_536, compress: false });
    for (let sequence = 0; sequence < events; sequence += 1) {
      logger.log({ event_type: "agent_progress", agent_id: "a", step: stepOf(sequence), progress_pct: 0 });
    }
    await logger.flush();
    const cleaned: Cleaned = { cleans: 0, removedSegments: 0, archivedRecords: 0, failures: [] };
    // Less than nothing: what was closed just now is old enough.
    await cleanOnce(store, repo, -60_000, cleaned);
    await logger.shutdown();
    const content = await readLiveAndArchive(store, repo, jobId);
    const { acked, lost, dup, failures } = lossOf(new Map([[logger.producerId, events]]), content);
    const none = cleaned.archivedRecords === 0 ? ["nothing was archived"] : [];
    const figures = { archived: cleaned.archivedRecords };
    return { row, n: 1, acked, lost, dup, failures: [...failures, ...cleaned.failures, ...none], figures };
  } finally {
    await mount.release();
  }
}
