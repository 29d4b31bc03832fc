import { errnoOf } from "../errors/describe-file-error.js";
import { StorageError } from "../errors/storage-error.js";
import type { FileSystem } from "../files/file-system.js";
import { nodeFileSystem } from "../files/node-file-system.js";
import { hasManifest } from "../manifest/manifest-file.js";
import { currentProcessIdentity, type ProcessIdentity } from "../producers/identity.js";
import { producerLiveness } from "../producers/liveness.js";
import { readProducer } from "../producers/producer-file.js";
import type { Segment } from "./segment.js";

/** What decides whether a segment is closed, that is, never appended to again. */
export type ClosureReason =
  | "name"
  | "manifest"
  | "producer dead"
  | "producer assumed dead"
  | "producer alive"
  | "producer unknown"
  | "shared file"
  | "foreign file";

export interface SegmentClosure {
  closed: boolean;
  because: ClosureReason;
}

export interface ClosureOptions {
  fs?: FileSystem;
  /** Who asks; found out once and passed on when many segments are examined. */
  self?: ProcessIdentity;
  /** Producer ids that somebody who knows declares dead. */
  assumeDead?: Iterable<string>;
}

/**
 * Whether a segment is closed, and why: its name says so, its manifest exists, or its producer is dead. A plain
 * shared or foreign file never counts as closed, nor does a segment whose producer file is absent or damaged.
 */
export async function segmentClosure(
  segment: Segment,
  options: ClosureOptions = {},
): Promise<SegmentClosure> {
  const { fs = nodeFileSystem, self = currentProcessIdentity(), assumeDead = [] } = options;
  const { directory, logicalName, kind, producerId, state } = segment;
  if (state !== "plain") return { closed: true, because: "name" };
  if (kind !== "own" || producerId === undefined) {
    return { closed: false, because: kind === "shared" ? "shared file" : "foreign file" };
  }
  if (await hasManifest(directory, logicalName, fs)) return { closed: true, because: "manifest" };
  const producer = await producerState(directory, producerId, { fs, self, assumeDead });
  return { closed: producer === "dead" || producer === "assumed dead", because: `producer ${producer}` };
}

/** What is known of whoever writes, or wrote, a segment. `unknown`: its producer file is absent or damaged. */
export type ProducerState = "dead" | "assumed dead" | "alive" | "unknown";

/** Whether the producer of segments in `directory` may still be at work. Only `dead` is proved, and that it was said so. */
export async function producerState(
  directory: string,
  producerId: string,
  options: ClosureOptions = {},
): Promise<ProducerState> {
  const { fs = nodeFileSystem, self = currentProcessIdentity(), assumeDead = [] } = options;
  if (new Set(assumeDead).has(producerId)) return "assumed dead";
  const producer = await readProducer(directory, producerId, fs).catch((error: unknown) => {
    if (error instanceof StorageError && errnoOf(error) === undefined) return undefined; // damaged: proves nothing
    throw error;
  });
  return producer === undefined ? "unknown" : producerLiveness(producer, self);
}

/** The answer of {@link segmentClosure} without the reason. */
export async function isSegmentClosed(segment: Segment, options: ClosureOptions = {}): Promise<boolean> {
  return (await segmentClosure(segment, options)).closed;
}
