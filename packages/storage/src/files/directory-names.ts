import { describeFileError, errnoOf } from "../errors/describe-file-error.js";
import type { FileSystem } from "./file-system.js";

/** The names in a directory, in no particular order; none when the directory does not exist. */
export async function namesIn(directory: string, fs: FileSystem): Promise<string[]> {
  try {
    return await fs.readdir(directory);
  } catch (error) {
    if (errnoOf(error) === "ENOENT") return [];
    throw describeFileError(error, "list", directory);
  }
}
