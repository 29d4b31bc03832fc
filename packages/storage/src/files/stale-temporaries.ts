import { join } from "node:path";
import type { Clock } from "../clock.js";
import { describeFileError, errnoOf } from "../errors/describe-file-error.js";
import { limits } from "../limits.js";
import { namesIn } from "./directory-names.js";
import type { FileSystem } from "./file-system.js";
import { finalNameOf } from "./temporary-name.js";

/**
 * Removes the temporary files in `directory` that a crash left: those not written for an hour, which no living
 * writer's is. Returns the paths removed.
 */
export async function removeStaleTemporaries(
  directory: string,
  fs: FileSystem,
  clock: Clock,
): Promise<string[]> {
  const removed: string[] = [];
  for (const name of await namesIn(directory, fs)) {
    if (finalNameOf(name) === undefined) continue;
    const path = join(directory, name);
    try {
      const { mtimeMs } = await fs.lstat(path);
      if (clock.now() - mtimeMs < limits.staleTemporaryMs) continue;
      await fs.unlink(path);
      removed.push(path);
    } catch (error) {
      if (errnoOf(error) !== "ENOENT") throw describeFileError(error, "remove", path);
    }
  }
  return removed;
}
