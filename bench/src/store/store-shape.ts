/** What a store is generated from; the same shape gives the same bytes on every machine. */
export interface StoreShape {
  /** Size of all segments together, about. */
  bytes: number;
  jobs: number;
  producersPerJob: number;
  /** Size at which a segment is closed and the next begun. */
  maxSegmentBytes: number;
  seed: number;
  /** Share of lines, 0 to 1, in an order of keys that our writer does not write. */
  foreignShare: number;
  /** Share of lines, 0 to 1, that are cut off in the middle. */
  malformedShare: number;
}

/** Raised when the same shape gives other bytes than before, so that stores made earlier are not used again. */
export const generatorVersion = 1;

/** Three jobs of two producers each at the same time: 512 MiB of them are six segments. */
export const usualShape: StoreShape = {
  bytes: 64 * 1024 * 1024,
  jobs: 3,
  producersPerJob: 2,
  maxSegmentBytes: 100_000_000,
  seed: 42,
  foreignShare: 0,
  malformedShare: 0,
};

/** What was generated. Paths are relative to the directory of the store. */
export interface GeneratedStore {
  shape: StoreShape;
  records: number;
  malformed: number;
  bytes: number;
  files: string[];
  /** Records by event type. */
  byType: Record<string, number>;
  /** Records by event type and agent, `agent_failed agent-17`. */
  byTypeAndAgent: Record<string, number>;
  /** The newest instants, ascending; equal ones occur as often as there are records. */
  newest: string[];
}

/** How many of the newest instants are noted. */
export const newestCount = 50;
