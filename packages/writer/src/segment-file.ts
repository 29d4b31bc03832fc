import { constants } from "node:fs";
import { join } from "node:path";
import {
  type Clock,
  creationFlags,
  errnoOf,
  type FileSystem,
  formatSegmentName,
  privateFileMode,
  syncDirectory,
} from "@prodigy-events/storage";
import { ActiveSegment } from "./active-segment.js";
import { limits } from "./limits.js";
import type { SegmentIdentity } from "./segment-statement.js";
import { toWriteError, WriteError } from "./write-error.js";

/** Where a producer's segments are created. */
export interface SegmentPlace {
  readonly directory: string;
  readonly producerId: string;
  readonly fs: FileSystem;
  readonly clock: Clock;
}

/** New files only, never through a link, and every write at the end. */
export const segmentFlags = creationFlags | constants.O_APPEND;

/**
 * The names to try for the next segment, best first. The time in a name is that of creation, but always later
 * than the previous segment's (`previousMs`), so that names sort in the order of writing.
 */
export function* candidateIdentities(place: SegmentPlace, previousMs: number): Generator<SegmentIdentity> {
  const earliestMs = Math.max(place.clock.now(), previousMs + 1);
  for (let attempt = 0; attempt < limits.maxNameAttempts; attempt += 1) {
    const createdAtMs = earliestMs + attempt;
    const segment = formatSegmentName(createdAtMs, place.producerId);
    yield { segment, producerId: place.producerId, createdAtMs };
  }
}

/**
 * Creates the next segment of a producer. With `durable`, its name survives a power cut once this resolves.
 * Throws a {@link WriteError}; nothing is left behind then.
 */
export async function createSegment(
  place: SegmentPlace,
  previousMs: number,
  durable: boolean,
): Promise<ActiveSegment> {
  const { fs, directory } = place;
  for (const identity of candidateIdentities(place, previousMs)) {
    const path = join(directory, identity.segment);
    let fd: number;
    try {
      fd = await fs.open(path, segmentFlags, privateFileMode);
    } catch (error) {
      if (errnoOf(error) === "EEXIST") continue;
      throw toWriteError(error, "create", path);
    }
    const segment = new ActiveSegment(identity, path, fd, fs);
    try {
      if (durable) await syncDirectory(directory, fs);
    } catch (error) {
      await discardEmpty(segment, fs);
      throw toWriteError(error, "create", path);
    }
    return segment;
  }
  throw noFreeName(directory);
}

/** Closes and removes a segment that never got a record. A failure leaves an empty file, which harms nobody. */
async function discardEmpty(segment: ActiveSegment, fs: FileSystem): Promise<void> {
  await segment.close().catch(() => undefined);
  await fs.unlink(segment.path).catch(() => undefined);
}

/** All names tried were taken: some other program must have made them. */
export function noFreeName(directory: string): WriteError {
  const message =
    `cannot create a segment in ${directory}: ${limits.maxNameAttempts} names in a row are taken; ` +
    "look what else creates events-*.jsonl files there";
  return new WriteError(message, { code: "EEXIST", retryable: true, path: directory });
}
