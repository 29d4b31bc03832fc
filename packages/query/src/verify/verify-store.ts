import { basename, dirname } from "node:path";
import { storePlaceOf } from "@prodigy-events/storage";
import { resolveQuery } from "../filter/query.js";
import { closedness, type StoreRuntime } from "../run/open-question.js";
import { findSources } from "../source/find-sources.js";
import type { SourceSegment, Sources } from "../source/source-segment.js";
import type { StoreConfig } from "../source/store-config.js";
import { Findings } from "./findings.js";
import { type VerifiedDirectory, verifyDirectory } from "./verify-directory.js";
import type { VerifyInput, VerifyReport } from "./verify-report.js";

/**
 * Reads everything there is, in bounded memory, and tells what is not as it was written.
 *
 * @throws QueryError `NOT_FOUND` for a named file that does not exist; StorageError when a directory cannot be listed;
 *   the signal's reason
 */
export async function verifyStore(
  { jobId, deep = false, signal, onFinding, onProgress }: VerifyInput,
  config: StoreConfig,
  runtime: StoreRuntime,
): Promise<VerifyReport> {
  const { jobIds } = resolveQuery({ jobId }, runtime.now());
  const sources = await findSources(config, jobIds);
  const findings = new Findings(onFinding);
  const context = {
    ...{ fs: config.fs, signal, deep, findings },
    isClosed: closedness(config, runtime),
    onProgress: () => onProgress?.(findings.totals),
  };
  for (const directory of directoriesOf(sources)) await verifyDirectory(directory, context);
  return findings.report(
    deep,
    sources.places.map(({ path }) => path),
  );
}

/** The segments by their directories, in the order in which their producers wrote them. */
export function directoriesOf({ segments, directories }: Sources): VerifiedDirectory[] {
  const whole = new Set(directories);
  const byDirectory = new Map<string, SourceSegment[]>(directories.map((path) => [path, []]));
  for (const source of segments) {
    const path = source.origin === "stdin" ? "-" : source.segment.directory;
    byDirectory.set(path, [...(byDirectory.get(path) ?? []), source]);
  }
  return [...byDirectory]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([path, found]) => ({
      path,
      segments: found.sort(inWritingOrder),
      isWhole: whole.has(path) && !isArchive(path),
    }));
}

/** An archive holds what clean took out of a store: parts, whose other parts are still there. */
function isArchive(directory: string): boolean {
  return storePlaceOf(directory) !== undefined && basename(dirname(dirname(directory))) === "archive";
}

function inWritingOrder(
  { segment: a, path: p }: SourceSegment,
  { segment: b, path: q }: SourceSegment,
): number {
  return (
    (a.createdAtMs ?? Number.MAX_SAFE_INTEGER) - (b.createdAtMs ?? Number.MAX_SAFE_INTEGER) ||
    (p < q ? -1 : 1)
  );
}
