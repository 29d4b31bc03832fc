import { join } from "node:path";
import { openStore } from "@prodigy-events/query";
import {
  applyRetention,
  gatherInventory,
  planRetention,
  type RetentionPolicy,
  type RetentionReport,
  scopeOfStore,
} from "@prodigy-events/retention";
import { archiveDirectory, type FileSystem, sharedSegmentName } from "@prodigy-events/storage";
import { sharedFileWriter } from "@prodigy-events/writer";
import type { KnownLines } from "../known-lines.js";
import type { Random } from "../random.js";
import { simulatedFileSystem } from "../simulation/simulated-file-system.js";
import { batchFrom, firstRecordMs, jobId, repo } from "../test-records.js";
import { afterwards, deadProducers, type Trace } from "./trace.js";
import { producerIds, recordWriterTrace, simulatedRoot } from "./writer-trace.js";

/** A clean, and what it must keep. */
export interface CleanTrace extends Trace {
  readonly policy: RetentionPolicy;
  /** Lines younger than the limit. */
  readonly kept: readonly string[];
}

/** An hour after the last record: everything is closed for long enough. */
const cleanAtMs = firstRecordMs + 3_600_000;
const clock = { now: () => cleanAtMs };

const archive = archiveDirectory(simulatedRoot);

/** Plans a clean of the store and carries it out, also when a dead one left its lock. */
export async function clean(fs: FileSystem, policy: RetentionPolicy): Promise<RetentionReport> {
  const store = await openStore({ root: simulatedRoot, repo, local: false, cwd: "/", env: {}, fs });
  const inventory = await gatherInventory(await scopeOfStore(store), policy, { nowMs: cleanAtMs, fs });
  const plan = planRetention(inventory, policy, cleanAtMs);
  const report = await applyRetention(plan, { fs, clock, breakLock: true });
  const planned = plan.segments.reduce((sum, { removed }) => sum + removed.records, 0);
  if (report.complete && report.totals.removed.records !== planned) {
    throw new Error(`R7: ${planned} records were to go, and ${report.totals.removed.records} went`);
  }
  return report;
}

/** What was written before, by segment writers and to the shared file, is cleaned with an archive. */
export async function recordCleanTrace(random: Random): Promise<CleanTrace> {
  const writing = await recordWriterTrace(random, { durability: "fsync", end: "close", batches: 4 });
  const { known, directory } = writing;
  const shared = simulatedFileSystem(
    afterwards(writing.initial, writing.operations, await deadProducers(directory, producerIds)),
  );
  const sharedLines = await appendShared(shared.fs, directory, known);
  const initial = shared.tree.copy();

  const lines = known.all;
  const youngest = Math.max(...lines.map((line) => known.identityOf(line).sequence));
  const cut = 1 + random.below(Math.max(1, youngest));
  const kept = lines.filter((line) => known.identityOf(line).sequence >= cut);
  const policy = { olderThanMs: cleanAtMs - firstRecordMs - cut, archive: { directory: archive } };
  const cleaned = simulatedFileSystem(shared.tree);
  const report = await clean(cleaned.fs, policy);
  if (!report.complete)
    throw new Error(`the clean without a crash was not complete: ${JSON.stringify(report)}`);
  return {
    title: `clean below ${cut} of ${sharedLines} shared records and ${writing.title}`,
    ...{ root: simulatedRoot, directory, initial, known, policy, kept, isDurable: true },
    operations: [...cleaned.operations],
    acknowledgements: [{ afterOperations: 0, lines }],
  };
}

/** Ten records in the shared file, durable. */
async function appendShared(fs: FileSystem, directory: string, known: KnownLines): Promise<number> {
  const producerId = "shared0001";
  const count = 10;
  known.add(producerId, 0, count);
  const writer = sharedFileWriter({ path: join(directory, sharedSegmentName) });
  await writer.open?.({
    ...{ root: simulatedRoot, repo, jobId, directory, producerId, fs, clock },
    onWarning: () => undefined,
  });
  await writer.write(batchFrom(producerId, 0, count));
  await writer.close();
  return count;
}
