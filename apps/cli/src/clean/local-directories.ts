import { dirname, join } from "node:path";
import { findLocalFiles, worktreesOf } from "@prodigy-events/storage";

/** The directories of local event files that concern `cwd`: those that exist, and those its worktrees would have. */
export async function localEventDirectories(cwd: string): Promise<string[]> {
  const [files, worktrees] = await Promise.all([findLocalFiles(cwd), worktreesOf(cwd)]);
  return [
    ...new Set([
      ...files.map((file) => dirname(file)),
      ...worktrees.map((top) => join(top, ".prodigy", "events")),
    ]),
  ];
}
