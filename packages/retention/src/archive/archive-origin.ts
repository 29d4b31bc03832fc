import { basename, dirname, join } from "node:path";
import {
  type FileSystem,
  openSealedJson,
  readSmallFile,
  sealJson,
  writeFileDurably,
} from "@prodigy-events/storage";
import { limits } from "../limits.js";
import { outsideDirectoryName } from "../plan/archive-place.js";

const originFileName = ".origin.json";

/** True for the archive directory of files from outside the store. */
export function isOutsidePlace(archiveDirectory: string): boolean {
  return basename(dirname(archiveDirectory)) === outsideDirectoryName;
}

/** Notes in an archive directory which directory its files come from, for those that the place does not tell. */
export async function noteOrigin(archiveDirectory: string, directory: string, fs: FileSystem): Promise<void> {
  if (!isOutsidePlace(archiveDirectory)) return;
  if ((await readOrigin(archiveDirectory, fs)) === directory) return;
  const note = Buffer.from(sealJson({ version: 1, directory }));
  await writeFileDurably(join(archiveDirectory, originFileName), note, fs);
}

/** Which directory the files come from, as noted; `undefined` when nothing readable is noted. Not to be trusted. */
export async function readOrigin(archiveDirectory: string, fs: FileSystem): Promise<string | undefined> {
  const text = await readSmallFile(join(archiveDirectory, originFileName), limits.maxNoteBytes, fs);
  const note = text === undefined ? undefined : openSealedJson(text);
  return typeof note?.directory === "string" ? note.directory : undefined;
}
