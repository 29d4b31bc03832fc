import { describeFileError, errnoOf, type FileSystem } from "@prodigy-events/storage";

/** The names in a directory, sorted; none when it is not there. */
export async function namesIn(directory: string, fs: FileSystem): Promise<string[]> {
  try {
    return (await fs.readdir(directory)).sort();
  } catch (error) {
    if (errnoOf(error) === "ENOENT") return [];
    throw describeFileError(error, "list", directory);
  }
}
