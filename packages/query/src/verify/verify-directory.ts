import { basename, join } from "node:path";
import {
  listSegments,
  manifestPath,
  producerPath,
  readProducer,
  StorageError,
} from "@prodigy-events/storage";
import type { SourceSegment } from "../source/source-segment.js";
import { checkNumbers } from "./check-numbers.js";
import { checkSpareFiles } from "./check-spare-files.js";
import { formatRange } from "./format-range.js";
import { openManifest } from "./manifest-check.js";
import { ProducerNumbers } from "./producer-numbers.js";
import type { NumberRange } from "./ranges.js";
import { type RemovedNumbers, readRemovedNumbers } from "./removed-numbers.js";
import { type DirectorySurvey, surveyDirectory } from "./survey-directory.js";
import type { VerifyContext } from "./verify-context.js";
import { verifySegment } from "./verify-segment.js";

/** The segments of one directory that are verified. */
export interface VerifiedDirectory {
  readonly path: string;
  readonly segments: readonly SourceSegment[];
  /** Whether these are all that there are, so that what is missing can be told. */
  readonly isWhole: boolean;
}

/** Verifies segments of one directory, and what they have in common: their numbers, and that none is missing. */
export async function verifyDirectory(
  { path, segments, isWhole }: VerifiedDirectory,
  context: VerifyContext,
): Promise<void> {
  const survey = await surveyDirectory(path, context.fs);
  const ofAll = new ProducerNumbers();
  for (const source of segments) {
    const numbers = isWhole ? ofAll : new ProducerNumbers();
    const verified = await verifySegment(source, numbers, context);
    if (verified !== undefined) await checkSpareFiles(source, verified, survey, context);
    // Of a segment by itself nobody can say what the others hold: only its own numbers must have no holes.
    if (!isWhole) await checkOwnNumbers(source, numbers, context);
  }
  if (!isWhole) return;
  const orphans = await orphanManifests(path, survey, context);
  // After looking for the segments: whatever was removed until then is in the log by now.
  const removed = await readRemovedNumbers(path, context.fs);
  const missing = await checkMissingSegments(path, orphans, removed, context);
  checkNumbers(ofAll, path, { accountedFor: [removed.byProducer, missing], from: "zero" }, context);
  if (removed.unreadableLines > 0) {
    const message = `the log of clean has ${removed.unreadableLines} lines that cannot be read, as after a crash`;
    context.findings.add("unreadable_log_lines", path, message, { count: removed.unreadableLines });
  }
  await checkProducerFiles(path, survey, context);
}

async function checkOwnNumbers(
  source: SourceSegment,
  numbers: ProducerNumbers,
  context: VerifyContext,
): Promise<void> {
  // What was taken out of a segment may stand between what stayed, and the other way round, wherever it is now.
  if (source.segment.partOf !== undefined) return;
  const { everByProducer } = await readRemovedNumbers(source.segment.directory, context.fs);
  checkNumbers(numbers, source.path, { accountedFor: [everByProducer], from: "least" }, context);
}

/** The segments that had a manifest before the others were read, and that are not there now. */
async function orphanManifests(
  directory: string,
  { manifests }: DirectorySurvey,
  { fs }: VerifyContext,
): Promise<string[]> {
  if (manifests.length === 0) return [];
  const present = new Set((await listSegments(directory, fs)).map(({ logicalName }) => logicalName));
  return manifests.filter((logicalName) => !present.has(logicalName));
}

/** Tells of manifests without their segments. Returns the numbers that these held, which need not be told twice. */
async function checkMissingSegments(
  directory: string,
  orphans: readonly string[],
  removed: RemovedNumbers,
  context: VerifyContext,
): Promise<Map<string, NumberRange[]>> {
  const { findings } = context;
  const missing = new Map<string, NumberRange[]>();
  for (const logicalName of orphans) {
    if (removed.segments.has(logicalName)) {
      const message = "the manifest of a segment that clean has removed; the next clean removes it too";
      findings.add("leftover_manifest", manifestPath(directory, logicalName), message);
      continue;
    }
    const manifest = await openManifest({ directory, logicalName }, context);
    if (typeof manifest !== "object") continue;
    const { producerId, firstSequence: first, lastSequence: last } = manifest;
    const message = `the segment is missing: ${formatRange(producerId, first, last)}`;
    const range = { fromSequence: first, toSequence: last, count: Math.max(0, last - first + 1) };
    findings.add("missing_segment", join(directory, logicalName), message, { producerId, ...range });
    missing.set(producerId, [...(missing.get(producerId) ?? []), { first, last }]);
  }
  return missing;
}

async function checkProducerFiles(
  directory: string,
  { producers }: DirectorySurvey,
  { fs, findings }: VerifyContext,
): Promise<void> {
  for (const producerId of producers) {
    try {
      await readProducer(directory, producerId, fs);
    } catch (error) {
      if (!(error instanceof StorageError)) throw error;
      const isDamaged = error.code === "PRODUCER_FILE_DAMAGED" || error.code === "STATE_FILE_TOO_LARGE";
      const kind = isDamaged ? "damaged_producer_file" : "unreadable";
      findings.add(kind, producerPath(directory, basename(producerId)), error.message, { producerId });
    }
  }
}
