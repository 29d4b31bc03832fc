import { errnoOf, type FileSystem, readManifest, type Segment, StorageError } from "@prodigy-events/storage";
import { contentSums } from "../content/content-sums.js";
import { removedBefore } from "../content/rewritten-manifest.js";
import type { RetentionLimit } from "../policy/retention-policy.js";
import { type Cuts, type RereadContext, rescan } from "./find-cuts.js";
import type { InventorySegment, Tally } from "./inventory.js";
import { compareKeys, keyToData, laterKey, type RecordKey } from "./record-key.js";
import { goesWhole, isCutByLine } from "./removal-weights.js";
import type { SurveyedSegment } from "./survey-segment.js";
import { TallyBuilder } from "./tally.js";

/** How far the limits reach into one segment. */
export interface Reach {
  limits: RetentionLimit[];
  /** Records below this key go. */
  keepFrom: RecordKey | undefined;
}

/** Pure: how far `cuts` reach into a segment, protected or not. */
export function reachInto(segment: SurveyedSegment, cuts: Cuts): Reach {
  const { oldest, newest } = segment;
  const reach: Reach = { limits: [], keepFrom: undefined };
  if (oldest === undefined || newest === undefined) return reach;
  for (const limit of ["olderThanMs", "maxEvents", "maxBytes"] as const) {
    const cut = cuts[limit];
    if (cut === undefined) continue;
    const goesWholeOnly = limit === "maxBytes" && !isCutByLine(segment);
    if (compareKeys(goesWholeOnly ? newest : oldest, cut) >= 0) continue;
    reach.limits.push(limit);
    reach.keepFrom = laterKey(reach.keepFrom, cut);
  }
  return reach;
}

/** Counts exactly what goes from a segment; reads it again only when a cut goes through it. */
export async function measureSegment(
  segment: SurveyedSegment,
  cuts: Cuts,
  jobIds: readonly string[] | undefined,
  context: RereadContext,
): Promise<InventorySegment> {
  const reach = reachInto(segment, cuts);
  const { keepFrom } = reach;
  if (keepFrom === undefined || segment.protection !== undefined) return describe(segment, reach, undefined);
  const isAll = segment.newest !== undefined && compareKeys(segment.newest, keepFrom) < 0;
  const removable = isAll ? segment.wanted : await tallyBelow(keepFrom, segment, jobIds, context);
  const isRewrite = !isAll || !goesWhole(segment);
  if (isRewrite && segment.wholeOnly !== undefined) {
    return describe({ ...segment, protection: segment.wholeOnly }, reach, undefined);
  }
  if (isRewrite && !(await isAsSealed(segment.segment, context.fs))) {
    return describe({ ...segment, protection: "manifest-differs" }, reach, undefined);
  }
  return describe(segment, reach, removable);
}

async function tallyBelow(
  keepFrom: RecordKey,
  segment: SurveyedSegment,
  jobIds: readonly string[] | undefined,
  context: RereadContext,
): Promise<Tally> {
  const tally = new TallyBuilder();
  for await (const batch of rescan(segment, jobIds, context)) {
    for (const record of batch) if (compareKeys(record.key, keepFrom) < 0) tally.add(record);
  }
  return tally.finish();
}

/**
 * Whether a segment is what its manifest says, if it has one. To write a segment anew means to write its manifest
 * anew, and that must not cover up damage.
 */
async function isAsSealed({ kind, directory, logicalName, path }: Segment, fs: FileSystem): Promise<boolean> {
  if (kind !== "own") return true;
  try {
    const manifest = await readManifest(directory, logicalName, fs);
    return manifest === undefined || removedBefore(manifest, await contentSums(path, fs)) !== undefined;
  } catch (error) {
    if (error instanceof StorageError && errnoOf(error) === undefined) return false; // damaged itself
    throw error;
  }
}

function describe(survey: SurveyedSegment, reach: Reach, removable: Tally | undefined): InventorySegment {
  const { segment, protection, encoding, files, bytes, records, malformed } = survey;
  const { path, directory, logicalName, state, kind, repo, jobId } = segment;
  return {
    ...{ path, directory, logicalName, state, kind, encoding },
    ...(repo === undefined ? {} : { repo }),
    ...(jobId === undefined ? {} : { jobId }),
    ...{ files, bytes, records, malformed },
    ...(protection === undefined ? {} : { protection }),
    reachedBy: reach.limits,
    ...(reach.keepFrom === undefined ? {} : { keepFrom: keyToData(reach.keepFrom) }),
    ...(removable === undefined ? {} : { removable }),
  };
}
