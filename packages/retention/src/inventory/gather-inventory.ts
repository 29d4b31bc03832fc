import { resolve } from "node:path";
import {
  currentProcessIdentity,
  errnoOf,
  type FileSystem,
  nodeFileSystem,
  relocateSegment,
  type Segment,
  storePlaceOf,
  systemClock,
} from "@prodigy-events/storage";
import { checkPolicy } from "../policy/check-policy.js";
import type { RetentionPolicy } from "../policy/retention-policy.js";
import { CopyIndex } from "./copy-index.js";
import { DirectoryContents } from "./directory-contents.js";
import { type ExamineContext, examineSegment } from "./examine-segment.js";
import { findCuts, type Survey } from "./find-cuts.js";
import type { Inventory, InventorySegment } from "./inventory.js";
import { measureSegment } from "./measure-segment.js";
import { ProducerStates } from "./producer-states.js";
import type { RetentionScope } from "./retention-scope.js";
import { type SurveyContext, type SurveyedSegment, surveySegment } from "./survey-segment.js";

/** How an inventory is taken. */
export interface GatherOptions {
  /** Milliseconds since the Unix epoch that ages are counted from. Default: the time now. */
  nowMs?: number;
  /** Producers that the user knows to be dead although that cannot be proved here. */
  assumeDead?: readonly string[];
  fs?: FileSystem;
  /** Ends the reading with its reason as the error. */
  signal?: AbortSignal;
  /** Called after each segment's first reading, with stored bytes. It begins anew if the store changes meanwhile. */
  onProgress?(progress: { bytesRead: number; bytesTotal: number }): void;
}

/**
 * Reads everything in the scope, in bounded memory, and measures what a policy would remove now. Changes nothing.
 *
 * @throws RetentionError `BAD_POLICY`; StorageError when a directory cannot be listed; the signal's reason
 */
export async function gatherInventory(
  scope: RetentionScope,
  policy: RetentionPolicy,
  options: GatherOptions = {},
): Promise<Inventory> {
  checkPolicy(policy);
  const { nowMs = systemClock.now() } = options;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await gatherOnce(scope, policy, nowMs, options);
    } catch (error) {
      // Gone between two readings: another clean, or a writer that compresses, was quicker. What was measured is stale.
      if (errnoOf(error) !== "ENOENT" || attempt === maxAttempts) throw error;
    }
  }
}

/** How often an inventory is begun anew because a segment was renamed or removed while it was taken. */
const maxAttempts = 10;

async function gatherOnce(
  scope: RetentionScope,
  policy: RetentionPolicy,
  nowMs: number,
  options: GatherOptions,
): Promise<Inventory> {
  const { fs = nodeFileSystem, signal } = options;
  const { root, jobIds } = scope;
  const survey = await surveyScope(scope, nowMs, options);
  const cuts = await findCuts(policy, survey, { fs, signal });
  const segments: InventorySegment[] = [];
  for (const segment of survey.segments) {
    signal?.throwIfAborted();
    segments.push(await measureSegment(segment, cuts, jobIds, { fs, signal }));
  }
  return {
    ...{ version: 1, nowMs, policy },
    ...(root === undefined ? {} : { root: resolve(root) }),
    ...(jobIds === undefined ? {} : { jobIds: [...jobIds] }),
    segments,
    unknownFiles: await unknownFiles(scope.segments, new DirectoryContents(fs)),
  };
}

async function surveyScope(scope: RetentionScope, nowMs: number, options: GatherOptions): Promise<Survey> {
  const { assumeDead = [], fs = nodeFileSystem, signal, onProgress } = options;
  const { jobIds } = scope;
  const named = eachOnce(scope.segments.map(withPlace));
  const self = currentProcessIdentity();
  const examine: ExamineContext = {
    ...{ nowMs, fs, assumeDead, self },
    namedFiles: new Set((scope.namedFiles ?? []).map((path) => resolve(path))),
    contents: new DirectoryContents(fs),
    producers: new ProducerStates({ fs, self, assumeDead }),
  };
  const segments: SurveyedSegment[] = [];
  const copies = new CopyIndex();
  let bytesRead = 0;
  const bytesTotal = named.reduce((sum, { bytes }) => sum + bytes, 0);
  const read: SurveyContext = { jobIds, copies, fs, signal };
  for (const segment of named) {
    signal?.throwIfAborted();
    const surveyed = await surveyWhereverItIs(segment, examine, read);
    if (surveyed !== undefined) segments.push(surveyed);
    bytesRead += segment.bytes;
    onProgress?.({ bytesRead, bytesTotal });
  }
  return { nowMs, segments, copies, jobIds };
}

/** How often a segment is looked for again when it is renamed between being listed and being read. */
const maxRelocations = 5;

/** Surveys a segment in its present state; `undefined` when it is gone, as after another clean. */
async function surveyWhereverItIs(
  listed: Segment,
  examine: ExamineContext,
  read: SurveyContext,
): Promise<SurveyedSegment | undefined> {
  let segment: Segment | undefined = listed;
  for (let attempt = 0; segment !== undefined; attempt += 1) {
    try {
      return await surveySegment(await examineSegment(segment, examine), read);
    } catch (error) {
      if (errnoOf(error) !== "ENOENT" || attempt === maxRelocations) throw error;
    }
    examine.contents.forget(listed.directory);
    segment = await relocateSegment(listed, examine.fs);
  }
  return undefined;
}

/** A file that was named by itself belongs to a repository and a job all the same, when it lies in the store. */
function withPlace(segment: Segment): Segment {
  const place = storePlaceOf(segment.directory);
  if (place === undefined || segment.repo !== undefined) return segment;
  return { ...segment, repo: place.repo, ...(place.jobId === undefined ? {} : { jobId: place.jobId }) };
}

/** Ordered by path; a logical segment that was named in two states once. */
function eachOnce(segments: readonly Segment[]): Segment[] {
  const met = new Set<string>();
  return segments
    .toSorted((a, b) => (a.path < b.path ? -1 : Number(a.path > b.path)))
    .filter(({ directory, logicalName }) => met.size < met.add(`${directory}/${logicalName}`).size);
}

async function unknownFiles(segments: readonly Segment[], contents: DirectoryContents): Promise<string[]> {
  const directories = new Set(
    segments.filter(({ repo }) => repo !== undefined).map(({ directory }) => directory),
  );
  const files: string[] = [];
  for (const directory of [...directories].sort()) files.push(...(await contents.unknownFilesIn(directory)));
  return files;
}
