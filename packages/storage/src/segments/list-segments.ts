import { join } from "node:path";
import { describeFileError, errnoOf } from "../errors/describe-file-error.js";
import { namesIn } from "../files/directory-names.js";
import type { FileSystem } from "../files/file-system.js";
import { nodeFileSystem } from "../files/node-file-system.js";
import { limits } from "../limits.js";
import { manifestDirectoryName } from "../manifest/manifest-file.js";
import { chooseStates, compareText, type NamedSegment } from "./choose-states.js";
import { findInSomeState, undefinedIfOdd } from "./find-in-some-state.js";
import { type Segment, segmentFrom } from "./segment.js";
import { parseSegmentName } from "./segment-name.js";

/**
 * The segments in a directory, one entry for each logical segment, sorted by logical name; none when the
 * directory does not exist. `readdir` may miss a file that is renamed meanwhile, so the directory is listed until
 * two listings in a row agree on the set of logical segments; of a directory that never holds still, all that was seen is
 * given. A segment that is renamed twice can escape two listings, and its successor not: but it has its manifest before
 * it is renamed, so that those with a manifest that no listing has shown are looked for by name.
 *
 * Only regular files, and symbolic links to such. `jobId` and `repo` are set where the directory is in a store.
 */
export async function listSegments(directory: string, fs: FileSystem = nodeFileSystem): Promise<Segment[]> {
  const seen = new Map<string, Segment>();
  const unchanging = new Map<string, Examined>();
  let previous: string | undefined;
  for (let listing = 0; listing < limits.maxListings; listing += 1) {
    const named = chooseStates(await namesIn(directory, fs));
    const segments = await examineAll(directory, named, unchanging, fs);
    // A file that vanished between readdir and stat was renamed or removed: only another listing can tell.
    const complete = segments.length === named.length;
    const found = segments.filter((segment) => segment !== "not a segment");
    const names = complete ? named.map(({ name }) => name.logicalName).join("/") : undefined;
    if (names !== undefined && names === previous) return withMissed(directory, found, fs);
    for (const segment of found) seen.set(segment.logicalName, segment);
    previous = names;
  }
  return withMissed(directory, [...seen.values()], fs);
}

/** Adds the segments that have a manifest and were not found, unless they are gone; sorts. */
async function withMissed(directory: string, found: Segment[], fs: FileSystem): Promise<Segment[]> {
  const segments = new Map(found.map((segment) => [segment.logicalName, segment]));
  const manifests = await namesIn(join(directory, manifestDirectoryName), fs).catch(noneIfUnreadable);
  for (const name of manifests) {
    const logicalName = parseSegmentName(name.replace(/\.json$/, ""))?.logicalName;
    if (logicalName === undefined || segments.has(logicalName)) continue;
    const missed = await findInSomeState(join(directory, logicalName), true, fs).catch(undefinedIfOdd);
    if (missed !== undefined) segments.set(logicalName, missed);
  }
  return [...segments.values()].sort((a, b) => compareText(a.logicalName, b.logicalName));
}

/** Where there should be manifests is something else, or what we may not read: that hides no segment. */
function noneIfUnreadable(error: unknown): string[] {
  if (["ENOTDIR", "EACCES", "EPERM"].includes(errnoOf(error) ?? "")) return [];
  throw error;
}

type Examined = Segment | "not a segment";

/**
 * Those of `named` that are still there. Rotated and compressed files stay what they are under that name: they are
 * looked at once.
 */
async function examineAll(
  directory: string,
  named: NamedSegment[],
  unchanging: Map<string, Examined>,
  fs: FileSystem,
): Promise<Examined[]> {
  const examined: Examined[] = [];
  for (let start = 0; start < named.length; start += limits.concurrentStats) {
    const batch = named.slice(start, start + limits.concurrentStats);
    const results = await Promise.all(
      batch.map(async (entry) => {
        const known = unchanging.get(entry.fileName) ?? (await examine(directory, entry, fs));
        if (known !== undefined && entry.name.state !== "plain") unchanging.set(entry.fileName, known);
        return known;
      }),
    );
    examined.push(...results.filter((result) => result !== undefined));
  }
  return examined;
}

async function examine(
  directory: string,
  { fileName, name }: NamedSegment,
  fs: FileSystem,
): Promise<Examined | undefined> {
  const path = join(directory, fileName);
  try {
    const own = await fs.lstat(path);
    const isLink = own.isSymbolicLink();
    const stats = isLink ? await fs.stat(path).catch(() => own) : own; // a dangling link is not a regular file
    return stats.isFile() ? segmentFrom(path, name, stats, { isLink, inStore: true }) : "not a segment";
  } catch (error) {
    if (errnoOf(error) === "ENOENT") return undefined;
    throw describeFileError(error, "examine", path);
  }
}
