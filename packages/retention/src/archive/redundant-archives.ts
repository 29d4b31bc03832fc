import { basename, dirname, join } from "node:path";
import {
  describeFileError,
  type FileSystem,
  type Line,
  type ProblemReason,
  readLines,
  syncDirectory,
} from "@prodigy-events/storage";
import { contentSums } from "../content/content-sums.js";
import { namesIn } from "../content/names-in.js";
import { isArchiveOf } from "./archive-names.js";

/**
 * Removes copies of a segment from the archive that hold nothing but lines which the segment itself still holds: a
 * clean made them that was interrupted before it removed anything, and another one, with other limits, has now made
 * its own copy. Without this, restoring would bring such lines back twice.
 *
 * @param segmentPath the segment, still complete
 * @param archivePath the copy just made, which stays
 */
export async function removeRedundantArchives(
  segmentPath: string,
  archivePath: string,
  fs: FileSystem,
): Promise<void> {
  const directory = dirname(archivePath);
  let hasRemoved = false;
  for (const name of await namesIn(directory, fs)) {
    const path = join(directory, name);
    if (path === archivePath || !isArchiveOf(basename(segmentPath), name)) continue;
    if (!(await isContained(path, segmentPath, fs))) continue;
    await fs.unlink(path).catch((error: unknown) => {
      throw describeFileError(error, "remove", path);
    });
    hasRemoved = true;
  }
  if (hasRemoved) await syncDirectory(directory, fs);
}

/**
 * Whether all lines of `part` are in `whole`, in the same order. What is no line of text (bad UTF-8, a torn tail …)
 * is only ever taken for contained when the two files are equal.
 */
export async function isContained(part: string, whole: string, fs: FileSystem): Promise<boolean> {
  const problems = new Set<ProblemReason>();
  const wanted = new LineCursor(readLines(part, { fs, onProblem: ({ reason }) => problems.add(reason) }));
  try {
    let next = await wanted.next();
    for await (const lines of readLines(whole, { fs, onProblem: () => undefined })) {
      for (const { text } of lines) if (text === next?.text) next = await wanted.next();
      if (next === undefined) break;
    }
    if (next !== undefined || problems.has("compression")) return false;
  } finally {
    await wanted.close();
  }
  return (
    problems.size === 0 || (await contentSums(part, fs)).sha256 === (await contentSums(whole, fs)).sha256
  );
}

/** Hands out lines one by one. */
class LineCursor {
  readonly #batches: AsyncGenerator<Line[], void>;
  #batch: Line[] = [];
  #index = 0;

  constructor(batches: AsyncGenerator<Line[], void>) {
    this.#batches = batches;
  }

  async next(): Promise<Line | undefined> {
    while (this.#index >= this.#batch.length) {
      const next = await this.#batches.next();
      if (next.done) return undefined;
      this.#batch = next.value;
      this.#index = 0;
    }
    return this.#batch[this.#index++];
  }

  async close(): Promise<void> {
    await this.#batches.return(undefined);
  }
}
