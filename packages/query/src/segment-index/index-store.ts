import { join } from "node:path";
import {
  type FileSystem,
  indexDirectoryName,
  removeStaleTemporaries,
  type Segment,
  StorageError,
  systemClock,
} from "@prodigy-events/storage";
import { resolveQuery } from "../filter/query.js";
import { closedness, type StoreRuntime } from "../run/open-question.js";
import { findSources } from "../source/find-sources.js";
import type { StoreConfig } from "../source/store-config.js";
import { dropIndexes, dropOrphanedIndexes } from "./drop-indexes.js";
import type { IndexInput, IndexReport, SegmentIndexReport } from "./index-report.js";
import { Indexer } from "./indexer.js";

/**
 * Builds the indexes of what there is, those that are missing or do not fit; or checks or removes them.
 *
 * @throws QueryError `NOT_FOUND` for a named file that does not exist; StorageError when a directory cannot be listed;
 *   the signal's reason
 */
export async function indexStore(
  { jobId, drop = false, check = false, signal, onProgress = () => {} }: IndexInput,
  config: StoreConfig,
  runtime: StoreRuntime,
): Promise<IndexReport> {
  const { fs } = config;
  const { jobIds } = resolveQuery({ jobId }, runtime.now());
  const { segments, directories, places } = await findSources(config, jobIds);
  const isClosed = closedness(config, runtime);
  const indexer = new Indexer({ fs, bounds: runtime.bounds, signal, isClosed, onRead: onProgress });
  const reports: SegmentIndexReport[] = [];
  try {
    for (const { origin, segment } of segments) {
      signal?.throwIfAborted();
      if (origin === "stdin") continue;
      const report = await workOn(segment);
      if (report) reports.push(report);
    }
  } finally {
    indexer.close();
  }
  const orphans: string[] = [];
  if (drop || !check) for (const path of directories) orphans.push(...(await sweep(path, drop, fs)));
  const sources = places.map(({ path }) => path);
  return { segments: reports, orphans, bytesRead: indexer.bytesRead, sources };

  function workOn(segment: Segment): Promise<SegmentIndexReport | undefined> {
    if (drop) return indexer.drop(segment);
    return check ? indexer.check(segment, check === "headers" ? "header" : "all") : indexer.update(segment);
  }
}

/** Removes what no segment needs, or all. */
async function sweep(directory: string, drop: boolean, fs: FileSystem): Promise<string[]> {
  if (drop) return dropIndexes(directory, fs);
  try {
    await removeStaleTemporaries(join(directory, indexDirectoryName), fs, systemClock);
    return await dropOrphanedIndexes(directory, fs);
  } catch (error) {
    if (!(error instanceof StorageError)) throw error;
    return []; // they do no harm: nobody looks at the index of a segment that is not there
  }
}
