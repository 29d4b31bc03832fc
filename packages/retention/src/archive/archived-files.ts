import { join, resolve } from "node:path";
import {
  describeFileError,
  encodeName,
  eventsDirectory,
  type FileSystem,
  parseSegmentName,
} from "@prodigy-events/storage";
import { namesIn } from "../content/names-in.js";
import { outsideDirectoryName } from "../plan/archive-place.js";
import { readOrigin } from "./archive-origin.js";

/** A segment in the archive, and the directory that it belongs to. */
export interface ArchivedFile {
  path: string;
  fileName: string;
  logicalName: string;
  archiveDirectory: string;
  /** Where it belongs; `undefined` when that is a directory outside the store which the caller did not name. */
  targetDirectory: string | undefined;
  /** What the archive says about where it comes from, for people. */
  origin: string | undefined;
}

/** Which archived files are wanted. */
export interface ArchiveSelection {
  root: string;
  archiveDirectory: string;
  repo: string | undefined;
  jobId: string | undefined;
  /** Directories outside the store that files may be brought back to. */
  localDirectories: readonly string[];
}

/** The segments in an archive, ordered by path. The archive is as `archivePlace` lays it out. */
export async function findArchivedFiles(
  selection: ArchiveSelection,
  fs: FileSystem,
): Promise<ArchivedFile[]> {
  const { archiveDirectory, repo, jobId } = selection;
  const found: ArchivedFile[] = [];
  for (const repoName of await directoriesIn(archiveDirectory, fs)) {
    const isOutside = repoName === outsideDirectoryName;
    if (repo !== undefined && !isOutside && repoName !== encodeName(repo)) continue;
    for (const jobName of await directoriesIn(join(archiveDirectory, repoName), fs)) {
      if (jobId !== undefined && jobName !== encodeName(jobId)) continue;
      const files = await filesOf([repoName, jobName], selection, fs);
      // Nothing tells which repository a directory outside the store belongs to, except the caller who names it.
      found.push(
        ...(repo === undefined ? files : files.filter((file) => file.targetDirectory !== undefined)),
      );
    }
  }
  return found;
}

async function filesOf(
  place: readonly [repoName: string, jobName: string],
  { root, archiveDirectory, localDirectories }: ArchiveSelection,
  fs: FileSystem,
): Promise<ArchivedFile[]> {
  const directory = join(archiveDirectory, ...place);
  const isOutside = place[0] === outsideDirectoryName;
  const origin = isOutside ? await readOrigin(directory, fs) : join(eventsDirectory(root), ...place);
  // What the archive says about a place outside the store is believed only if the caller says so too.
  const isAllowed = !isOutside || localDirectories.some((local) => resolve(local) === origin);
  const files: ArchivedFile[] = [];
  for (const fileName of await namesIn(directory, fs)) {
    const logicalName = parseSegmentName(fileName)?.logicalName;
    const path = join(directory, fileName);
    if (logicalName === undefined || !(await fs.lstat(path)).isFile()) continue;
    const targetDirectory = isAllowed ? origin : undefined;
    files.push({ path, fileName, logicalName, archiveDirectory: directory, targetDirectory, origin });
  }
  return files;
}

async function directoriesIn(parent: string, fs: FileSystem): Promise<string[]> {
  const names: string[] = [];
  for (const name of await namesIn(parent, fs)) {
    if (name.startsWith(".")) continue;
    const stats = await fs.lstat(join(parent, name)).catch((error: unknown) => {
      throw describeFileError(error, "examine", join(parent, name));
    });
    if (stats.isDirectory()) names.push(name);
  }
  return names;
}
