import {
  errnoOf,
  type FileSystem,
  type ProcessIdentity,
  readManifest,
  type Segment,
  StorageError,
  segmentClosure,
} from "@prodigy-events/storage";
import { type FileIdentity, identityOf } from "../content/file-identity.js";
import { limits } from "../limits.js";
import type { DirectoryContents } from "./directory-contents.js";
import type { ProtectionReason } from "./inventory.js";
import type { ProducerStates } from "./producer-states.js";

/** What a look at the files of a segment tells, without reading them. */
export interface SegmentFacts {
  segment: Segment;
  /** The file that is read, then those of other states. */
  files: FileIdentity[];
  protection: ProtectionReason | undefined;
  /** Why it may only go whole, if it may: its producer may be compressing it, and would put back what is cut out. */
  wholeOnly: ProtectionReason | undefined;
}

/** What is the same for every segment of a scope. */
export interface ExamineContext {
  nowMs: number;
  fs: FileSystem;
  self: ProcessIdentity;
  assumeDead: readonly string[];
  /** Absolute paths of the files that the user named. */
  namedFiles: ReadonlySet<string>;
  contents: DirectoryContents;
  producers: ProducerStates;
}

/**
 * Finds all files of a segment, and whether anything protects it. Reads none of them.
 *
 * @throws StorageError `ENOENT` when the file is gone: it was renamed or removed since it was listed
 */
export async function examineSegment(segment: Segment, context: ExamineContext): Promise<SegmentFacts> {
  const { fs, contents } = context;
  const read = segment.isLink ? targetOf(segment) : await identityOf(segment.path, fs);
  const files = [read];
  for (const path of await contents.statesOf(segment.directory, segment.logicalName)) {
    if (path !== segment.path) files.push(await identityOf(path, fs));
  }
  const protection = await protectionOf(segment, read, context);
  return { segment, files, protection, wholeOnly: await wholeOnlyReason(segment, context) };
}

/** The file that a link leads to, as it was when it was listed: links are read, and never worked on. */
function targetOf({ path, dev, ino, bytes, mtimeMs }: Segment): FileIdentity {
  return { path, dev, ino, bytes, mtimeMs };
}

async function protectionOf(
  segment: Segment,
  { mtimeMs }: FileIdentity,
  context: ExamineContext,
): Promise<ProtectionReason | undefined> {
  if (segment.isLink) return "symbolic-link";
  const { fs, self, assumeDead } = context;
  const { closed, because } = await segmentClosure(segment, { fs, self, assumeDead });
  if (!closed && because !== "shared file") {
    if (because === "producer alive") return "producer-alive";
    if (!context.namedFiles.has(segment.path)) return "unknown-writer";
  }
  const closedAtMs = closed ? ((await closedAtByManifest(segment, fs)) ?? mtimeMs) : mtimeMs;
  return context.nowMs - closedAtMs < limits.minClosedAgeMs ? "recently-closed" : undefined;
}

async function wholeOnlyReason(
  { kind, directory, producerId, path }: Segment,
  { producers, namedFiles }: ExamineContext,
): Promise<ProtectionReason | undefined> {
  if (kind !== "own" || producerId === undefined) return undefined;
  const state = await producers.of(directory, producerId);
  if (state === "alive") return "producer-alive";
  return state === "unknown" && !namedFiles.has(path) ? "unknown-writer" : undefined;
}

/** When the writer says it closed the segment, in ms since the Unix epoch. */
async function closedAtByManifest(
  { directory, logicalName }: Segment,
  fs: FileSystem,
): Promise<number | undefined> {
  try {
    const manifest = await readManifest(directory, logicalName, fs);
    const closedAtMs = manifest === undefined ? Number.NaN : Date.parse(manifest.closedAt);
    return Number.isNaN(closedAtMs) ? undefined : closedAtMs;
  } catch (error) {
    if (error instanceof StorageError && errnoOf(error) === undefined) return undefined; // damaged: the file's own time stands in
    throw error;
  }
}
