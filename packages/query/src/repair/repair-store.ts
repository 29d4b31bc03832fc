import { basename, dirname } from "node:path";
import { storePlaceOf } from "@prodigy-events/storage";
import { QueryError } from "../errors.js";
import { resolveQuery } from "../filter/query.js";
import { closedness, type StoreRuntime } from "../run/open-question.js";
import { findSources } from "../source/find-sources.js";
import type { StoreConfig } from "../source/store-config.js";
import { ProducerNumbers } from "../verify/producer-numbers.js";
import { directoriesOf } from "../verify/verify-store.js";
import { logMissingNumbers } from "./missing-numbers.js";
import type { LeftOutReason, RepairInput, RepairReport, SegmentRepair } from "./repair-report.js";
import { repairSegment } from "./repair-segment.js";
import { requireTarget } from "./require-target.js";
import { RepairTally } from "./tally.js";
import { targetDirectories } from "./target-names.js";

/** What is no record that could have been copied, or is one that was. */
const harmless: ReadonlySet<LeftOutReason> = new Set<LeftOutReason>(["blank", "duplicate", "pending"]);

/**
 * Copies everything that can be read of a store to a new one.
 *
 * @throws QueryError `BAD_TARGET`, `TARGET_FAILED`, `NOT_CONSERVED`, `NOT_FOUND`; StorageError when a directory cannot
 *   be listed; the signal's reason
 */
export async function repairStore(
  { to, jobId, signal, onProgress }: RepairInput,
  config: StoreConfig,
  runtime: StoreRuntime,
): Promise<RepairReport> {
  const { fs } = config;
  const { jobIds } = resolveQuery({ jobId }, runtime.now());
  if (config.files.includes("-")) {
    throw new QueryError("BAD_TARGET", "standard input cannot be repaired: name a file or a directory");
  }
  const sources = await findSources(config, jobIds);
  const directories = directoriesOf(sources).filter(({ segments }) => segments.length > 0);
  const stores = directories.map(({ path }) => path).filter((path) => storePlaceOf(path) !== undefined);
  const roots = new Set([config.root, ...stores.map((path) => dirname(dirname(dirname(path))))]);
  const root = await requireTarget(to, [...roots], fs);

  const targets = targetDirectories(
    directories.map(({ path }) => path),
    root,
  );
  const isClosed = closedness(config, runtime);
  const segments: SegmentRepair[] = [];
  const totals = new RepairTally();
  for (const { path, segments: found } of directories) {
    const plainNames = found
      .map(({ segment }) => basename(segment.logicalName))
      .filter((name) => !/\.(gz|zst)$/.test(name));
    const directory = {
      ...{
        fs,
        signal,
        target: targets.get(path)!,
        takenNames: new Set(plainNames),
        numbers: new ProducerNumbers(),
      },
      isClosed: ({ segment }: (typeof found)[number]) => isClosed(segment),
      onProgress: () => onProgress?.(totals),
    };
    for (const source of found) {
      signal?.throwIfAborted();
      const repair = await repairSegment(source, directory);
      segments.push(repair);
      totals.add(repair);
      onProgress?.(totals);
    }
    const { target, numbers } = directory;
    await logMissingNumbers({ source: path, target, numbers, nowMs: runtime.now(), fs });
  }
  const isComplete =
    totals.unreadable === 0 && [...totals.leftOut.keys()].every((reason) => harmless.has(reason));
  return { to: root, isComplete, totals, segments, sources: sources.places.map(({ path }) => path) };
}
