import { basename } from "node:path";
import {
  type Checksums,
  compressSegment,
  describeFileError,
  type RemovedRange,
  syncDirectory,
  writeManifest,
} from "@prodigy-events/storage";
import { noteOrigin } from "../archive/archive-origin.js";
import { makeArchive } from "../archive/make-archive.js";
import { removeRedundantArchives } from "../archive/redundant-archives.js";
import type { ContentFile } from "../content/content-file.js";
import { contentSums } from "../content/content-sums.js";
import { identityOf } from "../content/file-identity.js";
import { RetentionError } from "../errors.js";
import { type ContentCount, countContent } from "../inventory/count-content.js";
import { keyFromData } from "../inventory/record-key.js";
import { type Amount, formatAmount, isSameAmount } from "../plan/amount.js";
import type { PlannedSegment } from "../plan/retention-plan.js";
import type { ActionResult, ApplyContext } from "./apply-context.js";
import { logEntry } from "./clean-log.js";
import { dropIndex } from "./drop-index.js";
import { manifestAfterRewrite } from "./manifest-after-rewrite.js";
import { splitSegment } from "./split-segment.js";
import { requireUnchanged, type Source, unlinkFile } from "./take-source.js";
import { WorkFiles } from "./work-files.js";

/** What stays of a segment, written and verified. */
export interface Rest {
  file: ContentFile;
  sums: Checksums;
  count: ContentCount;
  /** What is not in it, in bytes of the content as it was. */
  removedRanges: RemovedRange[];
}

/**
 * Takes records out of a segment: the rest is written to a new file, which takes the place of the old one in one
 * step. The order is the promise: write the rest, verify it, make it durable · archive what goes likewise · look at
 * the source again · log · manifest of the new content (which describes the old one too) · rename · make that
 * durable.
 */
export async function rewriteSegment(
  segment: PlannedSegment,
  source: Source,
  context: ApplyContext,
): Promise<ActionResult> {
  const { fs, clock, lock, log } = context;
  const work = new WorkFiles(segment.directory, fs);
  try {
    const removed = segment.archiveDirectory === undefined ? undefined : await work.create("removed");
    const rest = await writeRest(segment, source, removed, work, context);
    const archivePath = removed && (await archivePart(segment, source, removed, context));
    const manifest = await manifestAfterRewrite(segment, source.path, rest, fs);
    const replacement = await encodeLike(segment, rest, work, context);
    await requireUnchanged(source.files, fs);
    await lock.requireHeld();
    await log.append(logEntry("rewrite", segment, segment.removed, clock, { archive: archivePath }));
    source.isLogged = true;
    if (manifest !== undefined) await writeManifest(segment.directory, manifest, fs);
    for (const { path } of source.files.slice(1)) {
      await unlinkFile(path, fs);
      source.isRemoving = true;
    }
    const { bytes } = await identityOf(replacement, fs);
    // Once more, because a writer that recovers the directory may have renamed the segment during the last steps.
    await requireUnchanged(source.files.slice(0, 1), fs);
    await fs.rename(replacement, source.path).catch((error: unknown) => {
      throw describeFileError(error, "replace", source.path);
    });
    source.isRemoving = true;
    const lateSegment = await source.late?.rescue(clock.now());
    await syncDirectory(segment.directory, fs);
    await dropIndex(segment, fs);
    const keptPath = source.path === segment.path ? lateSegment : source.path;
    const { records, malformed, bytes: keptBytes } = rest.count;
    const kept = { records, malformed, bytes: keptBytes };
    return { archivePath, keptPath, kept, freedBytes: segment.storedBytes - bytes };
  } finally {
    await work.discard();
  }
}

/** Writes what stays, and what goes if somebody wants it; both durable, and exactly what the plan says. */
async function writeRest(
  segment: PlannedSegment,
  source: Source,
  removed: ContentFile | undefined,
  work: WorkFiles,
  { jobIds, fs, signal }: ApplyContext,
): Promise<Rest> {
  if (segment.keepFrom === undefined) {
    throw new RetentionError(
      "BAD_PLAN",
      `the plan does not say which records of ${segment.path} go; plan again`,
    );
  }
  const file = await work.create(basename(source.path));
  const split = await splitSegment({
    ...{ path: source.path, keyPath: segment.path, keepFrom: keyFromData(segment.keepFrom) },
    ...{ jobId: segment.jobId, jobIds, kept: file, removed, fs, signal },
  });
  const sums = await file.finish();
  await removed?.finish();
  const count = await countContent(file.path, fs, signal);
  requirePlanned("what stays", count, segment.kept, segment);
  const { removedRecords: records, removedBytes: bytes, removedRanges } = split;
  requirePlanned("what goes", { records, malformed: 0, bytes }, segment.removed, segment);
  if ((await contentSums(file.path, fs)).sha256 !== sums.sha256) {
    throw notConserved(segment, `what stays of ${segment.path} does not read back as it was written`);
  }
  return { file, sums, count, removedRanges };
}

async function archivePart(
  { archiveDirectory, directory, removed: expected }: PlannedSegment,
  source: Source,
  removed: ContentFile,
  { fs, clock, signal }: ApplyContext,
): Promise<string> {
  const fileName = basename(source.path);
  const place = { contentPath: removed.path, fileName, archiveDirectory: archiveDirectory! };
  const copy = await makeArchive({ ...place, isWhole: false, expected, fs, clock, signal });
  const { path: archivePath } = copy;
  source.copy = copy;
  await noteOrigin(archiveDirectory!, directory, fs);
  await removeRedundantArchives(source.path, archivePath, fs);
  return archivePath;
}

/** The file that takes the segment's place: encoded as the segment was, because its name says so to some readers. */
async function encodeLike(
  segment: PlannedSegment,
  rest: Rest,
  work: WorkFiles,
  { fs, signal }: ApplyContext,
): Promise<string> {
  if (segment.encoding === "plain") return rest.file.path;
  const compressed = work.reserve(basename(segment.path));
  const { sha256 } = await compressSegment(
    rest.file.path,
    compressed,
    signal === undefined ? { fs } : { fs, signal },
  );
  if (sha256 !== rest.sums.sha256)
    throw notConserved(segment, `what stays of ${segment.path} changed while it was compressed`);
  return compressed;
}

function requirePlanned(what: string, found: Amount, planned: Amount, segment: PlannedSegment): void {
  if (isSameAmount(found, planned)) return;
  throw notConserved(
    segment,
    `${what} of ${segment.path} is (${formatAmount(found)}) where the plan says (${formatAmount(planned)})`,
  );
}

function notConserved({ path }: PlannedSegment, what: string): RetentionError {
  return new RetentionError("NOT_CONSERVED", `${what}; nothing was removed from it, run the clean again`, {
    path,
  });
}
