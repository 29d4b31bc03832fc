import { join } from "node:path";
import { namesIn } from "../files/directory-names.js";
import type { FileSystem } from "../files/file-system.js";
import { nodeFileSystem } from "../files/node-file-system.js";
import { readClaimedPath } from "./claim-repository.js";
import { decodeName } from "./name-encoding.js";
import { eventsDirectory, noJobDirectory, repoDirectory } from "./store-paths.js";

/** A repository that the store has a directory for. */
export interface StoredRepository {
  name: string;
  directory: string;
  /** Where the repository itself is or was, if that was noted. */
  path: string | undefined;
}

/** A job that the store has a directory for; `jobId` is `undefined` for the events of no job. */
export interface StoredJob {
  jobId: string | undefined;
  directory: string;
}

/** The repositories in the store, sorted by directory name; none when there is no store. */
export async function listRepositories(
  root: string,
  fs: FileSystem = nodeFileSystem,
): Promise<StoredRepository[]> {
  const repositories: StoredRepository[] = [];
  for (const { name, directory } of await directoriesIn(eventsDirectory(root), fs)) {
    const path = await readClaimedPath(directory, fs);
    repositories.push({ name: decodeName(name), directory, path });
  }
  return repositories;
}

/** The jobs of one repository in the store, sorted by directory name; none when it has no directory. */
export async function listJobs(
  root: string,
  repo: string,
  fs: FileSystem = nodeFileSystem,
): Promise<StoredJob[]> {
  return listJobsIn(repoDirectory(root, repo), fs);
}

/** The jobs in the directory of a {@link StoredRepository}, whatever it is called; sorted and none as {@link listJobs}. */
export async function listJobsIn(directory: string, fs: FileSystem = nodeFileSystem): Promise<StoredJob[]> {
  const found = await directoriesIn(directory, fs);
  return found.map(({ name, directory }) => ({
    jobId: name === noJobDirectory ? undefined : decodeName(name),
    directory,
  }));
}

async function directoriesIn(parent: string, fs: FileSystem): Promise<{ name: string; directory: string }[]> {
  const names = (await namesIn(parent, fs)).filter((name) => !name.startsWith(".")).sort();
  const found: { name: string; directory: string }[] = [];
  for (const name of names) {
    const directory = join(parent, name);
    const stats = await fs.stat(directory).catch(() => undefined); // gone meanwhile, or a dangling link
    if (stats?.isDirectory()) found.push({ name, directory });
  }
  return found;
}
