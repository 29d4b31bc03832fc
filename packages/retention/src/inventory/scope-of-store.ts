import type { Store } from "@prodigy-events/query";
import { RetentionError } from "../errors.js";
import type { RetentionScope } from "./retention-scope.js";

/**
 * The scope of everything that a store reads, or of some jobs: a clean with it is about the events that `ls` shows
 * with the same arguments. Files that the store was opened with count as named, those found in a directory or by a
 * glob do not.
 *
 * @throws RetentionError `BAD_SCOPE` for a store that reads standard input; QueryError for a file that does not exist
 */
export async function scopeOfStore(store: Store, jobIds?: readonly string[]): Promise<RetentionScope> {
  const { segments, places } = await store.sources(jobIds === undefined ? {} : { jobId: jobIds });
  if (places.some(({ origin }) => origin === "stdin")) {
    throw new RetentionError(
      "BAD_SCOPE",
      "events from standard input cannot be cleaned; give the files they are in",
    );
  }
  return {
    segments: segments.map(({ segment }) => segment),
    root: store.root,
    ...(jobIds === undefined ? {} : { jobIds }),
    namedFiles: places.filter(({ origin }) => origin === "file").map(({ path }) => path),
  };
}
