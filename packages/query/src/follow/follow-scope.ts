import { resolve } from "node:path";
import { QueryError } from "../errors.js";
import type { StoreConfig } from "../source/store-config.js";
import type { FollowScope } from "./follow-cursor.js";

/** What a follow looks at. A root that does not exist yet is taken as it is given. */
export async function followScope(
  { root, repo, files, cwd, fs }: StoreConfig,
  jobIds: readonly string[],
): Promise<FollowScope> {
  return {
    root: await fs.realpath(root).catch(() => resolve(root)),
    repo: repo ?? null,
    files: files.map((file) => resolve(cwd, file)).sort(),
    jobIds: [...jobIds].sort(),
  };
}

/**
 * Refuses to go on with another question than the one the cursor is from: it would skip what was never taken.
 *
 * @throws QueryError `CURSOR_MISMATCH`
 */
export function requireSameScope(saved: FollowScope, present: FollowScope): void {
  for (const [key, what] of parts(saved, present)) {
    const [before, now] = [saved[key], present[key]];
    if (JSON.stringify(before) === JSON.stringify(now)) continue;
    const message = `the cursor is of another follow: ${what} ${describe(before)}, and this one ${describe(now)}; use another cursor, or remove it to begin anew`;
    throw new QueryError("CURSOR_MISMATCH", message);
  }
}

/** Where files were named, the store does not matter. */
function parts(saved: FollowScope, present: FollowScope): [keyof FollowScope, string][] {
  const files: [keyof FollowScope, string] = ["files", "it read"];
  const jobs: [keyof FollowScope, string] = ["jobIds", "it was for"];
  if (saved.files.length > 0 && present.files.length > 0) return [files, jobs];
  return [files, ["root", "its store is"], ["repo", "its repository is"], jobs];
}

function describe(value: string | null | readonly string[]): string {
  if (value === null || value.length === 0) return "all";
  return typeof value === "string" ? value : value.join(", ");
}
