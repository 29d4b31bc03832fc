import { join } from "node:path";
import { writeFileDurably } from "../files/durable-file.js";
import type { FileSystem } from "../files/file-system.js";
import { nodeFileSystem } from "../files/node-file-system.js";
import { ensurePrivateDirectory } from "../files/private-directory.js";
import { readSmallFile } from "../files/small-file.js";
import { limits } from "../limits.js";
import { exists } from "./git-directory.js";
import type { Repository } from "./repository.js";
import { repoDirectory } from "./store-paths.js";

/** The file in a repository's directory that says which repository it is. */
export const claimFileName = ".repo.json";

/** What `.repo.json` holds. */
interface Claim {
  version: 1;
  /** The repository that the directory belongs to. */
  path: string;
  /** Other repositories of the same name that were told about the conflict. */
  others: string[];
}

/**
 * Notes in the repository's directory of the store which repository it belongs to. When another repository of
 * the same name, which still exists, came first, its path is returned as `conflict`, once for each repository:
 * both go on sharing the directory, and the user should know. The note is advisory; nothing depends on it.
 */
export async function claimRepository(
  root: string,
  { name, path }: Repository,
  fs: FileSystem = nodeFileSystem,
): Promise<{ conflict?: string }> {
  const directory = repoDirectory(root, name);
  await ensurePrivateDirectory(directory, fs);
  const file = join(directory, claimFileName);
  const claim = parseClaim(await readSmallFile(file, limits.maxStateFileBytes, fs));
  if (claim?.path === path || claim?.others.includes(path)) return {};
  const held = claim !== undefined && (await exists(claim.path, fs));
  const updated: Claim = held
    ? { ...claim, others: [...claim.others, path] }
    : { version: 1, path, others: [] };
  await writeFileDurably(file, Buffer.from(`${JSON.stringify(updated)}\n`), fs);
  return held ? { conflict: claim.path } : {};
}

/** The path of the repository that a repository directory of the store belongs to, if it was noted. */
export async function readClaimedPath(directory: string, fs: FileSystem): Promise<string | undefined> {
  return parseClaim(await readSmallFile(join(directory, claimFileName), limits.maxStateFileBytes, fs))?.path;
}

/** A damaged note is no note: it is written again by the next logger. */
function parseClaim(text: string | undefined): Claim | undefined {
  if (text === undefined) return undefined;
  try {
    const { path, others } = JSON.parse(text) as Partial<Claim>;
    if (typeof path !== "string") return undefined;
    const known = Array.isArray(others) ? others.filter((other) => typeof other === "string") : [];
    return { version: 1, path, others: known };
  } catch {
    return undefined;
  }
}
