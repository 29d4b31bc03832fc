import { basename, dirname, join } from "node:path";
import { decodeName, encodeName } from "./name-encoding.js";

/** The job directory of events that belong to no job. No job id encodes to this name. */
export const noJobDirectory = "_no-job";

/** `<root>/events`: everything that was recorded and not archived. */
export function eventsDirectory(root: string): string {
  return join(root, "events");
}

/** `<root>/archive`: what clean archives by default, in the same tree as below `events`. */
export function archiveDirectory(root: string): string {
  return join(root, "archive");
}

/** `<root>/events/<repo>`. Errors are those of {@link encodeName}. */
export function repoDirectory(root: string, repo: string): string {
  return join(eventsDirectory(root), encodeName(repo));
}

/** `<root>/events/<repo>/<job>`; without a job id, the directory of events without a job. */
export function jobDirectory(root: string, repo: string, jobId?: string): string {
  return join(repoDirectory(root, repo), jobId === undefined ? noJobDirectory : encodeName(jobId));
}

/** Which repository and job a job directory belongs to, by its place; `jobId` is absent for `_no-job`. */
export interface StorePlace {
  repo: string;
  jobId: string | undefined;
}

/**
 * Reads a path of the form `…/events/<repo>/<job>` or `…/archive/<repo>/<job>` backwards. `undefined` for any
 * other path: those are not in a store.
 */
export function storePlaceOf(directory: string): StorePlace | undefined {
  const repoPath = dirname(directory);
  const tree = basename(dirname(repoPath));
  if (tree !== "events" && tree !== "archive") return undefined;
  const [repo, job] = [basename(repoPath), basename(directory)];
  if (repo === "" || job === "") return undefined;
  return { repo: decodeName(repo), jobId: job === noJobDirectory ? undefined : decodeName(job) };
}
