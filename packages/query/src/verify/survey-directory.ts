import { join } from "node:path";
import {
  describeFileError,
  errnoOf,
  type FileSystem,
  manifestDirectoryName,
  parseSegmentName,
  producersDirectoryName,
} from "@prodigy-events/storage";

/** What is in a directory of segments beside the files that are read. */
export interface DirectorySurvey {
  /** The files of each logical segment, those of others aside; more than one where it is in several states. */
  readonly files: ReadonlyMap<string, readonly string[]>;
  /** Logical segments that have a manifest. */
  readonly manifests: readonly string[];
  /** Producers that have a file. */
  readonly producers: readonly string[];
}

/** Lists a directory and what belongs to it; everything is empty when it does not exist. */
export async function surveyDirectory(directory: string, fs: FileSystem): Promise<DirectorySurvey> {
  const files = new Map<string, string[]>();
  for (const fileName of (await namesIn(directory, fs)).sort()) {
    const name = parseSegmentName(fileName);
    if (name === undefined || name.kind === "foreign") continue;
    files.set(name.logicalName, [...(files.get(name.logicalName) ?? []), fileName]);
  }
  return {
    files,
    manifests: jsonNames(await namesIn(join(directory, manifestDirectoryName), fs)),
    producers: jsonNames(await namesIn(join(directory, producersDirectoryName), fs)),
  };
}

async function namesIn(directory: string, fs: FileSystem): Promise<string[]> {
  try {
    return await fs.readdir(directory);
  } catch (error) {
    const code = errnoOf(error);
    if (code === "ENOENT" || code === "ENOTDIR") return [];
    throw describeFileError(error, "list", directory);
  }
}

/** Of file names `NAME.json` the names; temporary files begin with a dot. */
function jsonNames(fileNames: readonly string[]): string[] {
  return fileNames
    .filter((name) => name.endsWith(".json") && !name.startsWith("."))
    .map((name) => name.slice(0, -".json".length))
    .sort();
}
