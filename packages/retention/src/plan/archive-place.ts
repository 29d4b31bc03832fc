import { createHash } from "node:crypto";
import { basename, isAbsolute, join, relative, sep } from "node:path";
import { encodeName, eventsDirectory, nativePath } from "@prodigy-events/storage";
import { RetentionError } from "../errors.js";

/** First part of the archive paths of files from outside the store. No repository's directory has this name. */
export const outsideDirectoryName = "_files";

/**
 * The directory that takes what is archived of the segments in `directory`. Segments of the store keep their
 * place, `<archive>/<repo>/<job>`; those of any other directory get a place of their own, named for the directory
 * and told apart by a hash of its path.
 *
 * @throws RetentionError `BAD_ARCHIVE_DIRECTORY` when that is where readers would take the archive for live events
 */
export function archivePlace(
  { directory }: { directory: string },
  root: string | undefined,
  archiveDirectory: string,
): string {
  const events = root === undefined ? undefined : eventsDirectory(root);
  const inStore = events === undefined ? undefined : pathWithin(events, directory);
  const place =
    inStore !== undefined && inStore.split(sep).length === 2
      ? join(archiveDirectory, inStore)
      : join(archiveDirectory, outsideDirectoryName, outsideName(directory));
  if (events === undefined || pathWithin(events, place) === undefined) return place;
  const message = `the archive ${archiveDirectory} would be among the live events, and be read as if nothing had been removed; choose a directory outside of ${events}`;
  throw new RetentionError("BAD_ARCHIVE_DIRECTORY", message, { path: archiveDirectory });
}

function outsideName(directory: string): string {
  const hash = createHash("sha256").update(nativePath(directory)).digest("hex").slice(0, 8);
  const name = basename(directory).replace(/\p{Surrogate}/gu, "\ufffd"); // of bytes that are not UTF-8
  return `${encodeName(name || "root")}-${hash}`;
}

/** The path of `path` from `ancestor` on; `undefined` when it does not lie in it. `""` for the ancestor itself. */
export function pathWithin(ancestor: string, path: string): string | undefined {
  const rest = relative(ancestor, path);
  return rest === ".." || rest.startsWith(`..${sep}`) || isAbsolute(rest) ? undefined : rest;
}
