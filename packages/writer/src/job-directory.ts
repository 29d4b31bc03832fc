import {
  claimRepository,
  directoryPrivacy,
  ensurePrivateDirectory,
  refuseOtherThanDirectorySync,
} from "@prodigy-events/storage";
import type { WriterContext } from "./event-writer.js";
import { toWriteError } from "./write-error.js";

/**
 * Makes the job's directory (0700, with what is missing above it) and looks whether it is what the user expects:
 * a root that others can enter and a repository of the same name elsewhere are warnings. Safe to repeat.
 * Throws a {@link WriteError} when there is no directory to write to.
 */
export async function prepareJobDirectory(context: WriterContext): Promise<void> {
  const { directory, fs } = context;
  try {
    await ensurePrivateDirectory(directory, fs);
  } catch (error) {
    throw toWriteError(error, "create the directory", directory);
  }
  try {
    await warnOfLooseRoot(context);
    await warnOfOtherRepository(context);
  } catch (error) {
    // Both are advice; whether records can be written shows when they are.
    const reason = error instanceof Error ? error.message : String(error);
    context.onWarning({ code: "STORE_UNCHECKED", message: reason, path: context.root });
  }
}

/** Refuses, at the end of a process, a job's directory that {@link prepareJobDirectory} refuses. */
export function refuseLinkedJobDirectorySync({
  directory,
  fs,
}: Pick<WriterContext, "directory" | "fs">): void {
  try {
    refuseOtherThanDirectorySync(directory, fs);
  } catch (error) {
    throw toWriteError(error, "write to", directory);
  }
}

async function warnOfLooseRoot({ root, fs, onWarning }: WriterContext): Promise<void> {
  const { isPrivate, mode } = await directoryPrivacy(root, fs);
  if (isPrivate) return;
  const message = `${root} has mode ${mode.toString(8).padStart(4, "0")}, so that others can reach it; run 'chmod 700 ${root}'`;
  onWarning({ code: "LOOSE_ROOT", message, path: root });
}

async function warnOfOtherRepository({ root, repo, repoPath, fs, onWarning }: WriterContext): Promise<void> {
  if (repoPath === undefined) return;
  const { conflict } = await claimRepository(root, { name: repo, path: repoPath }, fs);
  if (conflict === undefined) return;
  const message =
    `the repositories ${conflict} and ${repoPath} are both called ${JSON.stringify(repo)} and share one ` +
    "directory of events; give one of them another name with the option 'repo' or PRODIGY_REPO";
  onWarning({ code: "REPOSITORY_CONFLICT", message, path: root });
}
