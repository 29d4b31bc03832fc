import { dirname, join } from "node:path";
import { errnoOf, privateFileMode } from "@prodigy-events/storage";
import { type EncodedBatch, endOfLines } from "./encoded-batch.js";
import { refuseLinkedJobDirectorySync } from "./job-directory.js";
import { limits } from "./limits.js";
import type { FinishedSegment } from "./retiring-segment.js";
import { candidateIdentities, noFreeName, type SegmentPlace, segmentFlags } from "./segment-file.js";
import { type SegmentIdentity, SegmentStatement } from "./segment-statement.js";
import { toWriteError, WriteError } from "./write-error.js";

/**
 * Writes a batch into a segment of its own, synchronously, for the end of a process: an asynchronous write
 * still in flight can neither be overtaken nor doubled within one file. What both kept is recognised by its
 * sequence numbers.
 *
 * Ends after {@link limits.exitBudgetMs}, always with a whole line. Throws a {@link WriteError} when a record
 * was not kept.
 */
export function writeExitSegment(
  place: SegmentPlace,
  batch: EncodedBatch,
  previousMs: number,
): FinishedSegment {
  const { fs, clock } = place;
  const deadlineMs = clock.now() + limits.exitBudgetMs;
  const { fd, identity, path } = openExitSegment(place, previousMs);
  let written = 0;
  try {
    while (written < batch.bytes.length && clock.now() < deadlineMs) {
      const end = endOfLines(batch.bytes, written, limits.exitSliceBytes);
      while (written < end) written += fs.writeSync(fd, batch.bytes, written, end - written);
    }
    fs.fsyncSync(fd);
  } catch (error) {
    throw toWriteError(error, "write", path);
  } finally {
    fs.closeSync(fd);
  }
  if (written < batch.bytes.length) {
    const message = `cannot finish ${path}: ${written} of ${batch.bytes.length} bytes written in ${limits.exitBudgetMs} ms`;
    throw new WriteError(message, { code: "EXIT_BUDGET", retryable: false, path });
  }
  const statement = new SegmentStatement(identity);
  statement.add(batch);
  return { identity, path, statement, finish: async () => undefined };
}

function openExitSegment(
  place: SegmentPlace,
  previousMs: number,
): { fd: number; identity: SegmentIdentity; path: string } {
  const { fs, directory } = place;
  refuseLinkedJobDirectorySync(place);
  for (const identity of candidateIdentities(place, previousMs)) {
    const path = join(directory, identity.segment);
    try {
      return { fd: openOrMakeDirectory(place, path), identity, path };
    } catch (error) {
      if (errnoOf(error) !== "EEXIST") throw toWriteError(error, "create", path);
    }
  }
  throw noFreeName(directory);

  function openOrMakeDirectory({ fs }: SegmentPlace, path: string): number {
    try {
      return fs.openSync(path, segmentFlags, privateFileMode);
    } catch (error) {
      if (errnoOf(error) !== "ENOENT") throw error;
    }
    makeDirectory(directory);
    return fs.openSync(path, segmentFlags, privateFileMode);
  }

  function makeDirectory(path: string): void {
    try {
      fs.mkdirSync(path, 0o700);
    } catch (error) {
      if (errnoOf(error) === "EEXIST") return;
      if (errnoOf(error) !== "ENOENT" || dirname(path) === path) throw error;
      makeDirectory(dirname(path));
      fs.mkdirSync(path, 0o700);
    }
  }
}
