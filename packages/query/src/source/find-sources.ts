import { join } from "node:path";
import {
  encodeName,
  eventsDirectory,
  findLocalFiles,
  listJobsIn,
  listRepositories,
  listSegments,
  repoDirectory,
  resolveSegmentFile,
  type Segment,
  storePlaceOf,
} from "@prodigy-events/storage";
import { type FoundFiles, findNamedFiles } from "./find-named-files.js";
import type { Origin, SourceSegment, Sources } from "./source-segment.js";
import type { StoreConfig } from "./store-config.js";

/**
 * Finds what a question reads: the named files alone if there are any, else the local shared files and the store of
 * the repository. With job ids, of the store only those jobs' directories. Nothing found is no error.
 *
 * @throws QueryError `NOT_FOUND` for a named file that does not exist
 */
export async function findSources(config: StoreConfig, jobIds: readonly string[]): Promise<Sources> {
  const found = await findFiles(config);
  if (config.files.length === 0) {
    for (const path of await jobDirectories(config, jobIds)) {
      const segments = await listSegments(path, config.fs);
      found.push({ origin: "store", path, segments, directories: [path] });
    }
  }
  return {
    segments: onceEach(
      found.flatMap(({ origin, segments }) => segments.map((each) => sourceSegment(each, origin))),
    ),
    places: found.map(({ origin, path, segments }) => ({ origin, path, segments: segments.length })),
    directories: [...new Set(found.flatMap(({ directories }) => directories))].sort(),
  };
}

/** What a question reads beside job directories: the named files, or without any the local ones. */
export async function findFiles(config: StoreConfig): Promise<FoundFiles[]> {
  if (config.files.length > 0) return findNamedFiles(config);
  const paths = config.local ? await findLocalFiles(config.cwd, config.fs) : [];
  const found: FoundFiles[] = [];
  for (const path of paths) {
    const segment = await resolveSegmentFile(path, config.fs);
    found.push({ origin: "local", path, segments: segment ? [segment] : [], directories: [] });
  }
  return found;
}

/**
 * The job directories that are read. A job, or a whole repository, that the store does not have is looked for all the
 * same, so that the places say where it would be.
 */
export async function jobDirectories(config: StoreConfig, jobIds: readonly string[]): Promise<string[]> {
  const { root, repo, fs } = config;
  const repositories =
    repo === undefined
      ? (await listRepositories(root, fs)).map(({ directory }) => directory)
      : [repoDirectory(root, repo)];
  const directories: string[] = [];
  for (const repository of repositories) {
    const jobs = await listJobsIn(repository, fs);
    const wanted = jobIds.length === 0 ? jobs : jobs.filter((job) => jobIds.includes(job.jobId ?? ""));
    if (wanted.length > 0) directories.push(...wanted.map((job) => job.directory));
    else if (jobIds.length > 0) directories.push(...jobIds.map((id) => join(repository, encodeName(id))));
    else directories.push(repository);
  }
  return directories.length > 0 ? directories : [eventsDirectory(root)];
}

/** What is known about a segment from its name and place. */
export function sourceSegment(segment: Segment, origin: Origin): SourceSegment {
  const place = storePlaceOf(segment.directory);
  const path = origin === "stdin" ? "-" : segment.path;
  return { segment, origin, path, jobId: place?.jobId, repo: place?.repo };
}

/**
 * Sorted by path; a file reached twice (by a link, or in two states that a caller named) once.
 *
 * Two segments of ours with different names are two segments even if their inodes are the same: while a directory is
 * looked through, a plain file is removed after compression, and its inode goes to the next file that is created.
 */
export function onceEach(found: readonly SourceSegment[]): SourceSegment[] {
  const names = new Set<string>();
  const inodes = new Set<string>();
  const inodesOfOthers = new Set<string>();
  const ownFiles = new Set<string>();
  return [...found]
    .sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0))
    .filter(({ segment }) => {
      const { kind, isLink, directory, logicalName } = segment;
      const name = `${directory}/${logicalName}`;
      const inode = `${segment.dev}:${segment.ino}`;
      const isOwn = kind === "own" && !isLink;
      const ownFile = `${inode}/${logicalName}`;
      const isKnown = isOwn ? ownFiles.has(ownFile) || inodesOfOthers.has(inode) : inodes.has(inode);
      const isNew = !isKnown && !names.has(name);
      names.add(name);
      inodes.add(inode);
      if (isOwn) ownFiles.add(ownFile);
      else inodesOfOthers.add(inode);
      return isNew;
    });
}
