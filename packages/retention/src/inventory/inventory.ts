import type { SegmentKind, SegmentState, SequenceRange } from "@prodigy-events/storage";
import type { Encoding } from "../content/encoding.js";
import type { FileIdentity } from "../content/file-identity.js";
import type { RetentionLimit, RetentionPolicy } from "../policy/retention-policy.js";
import type { RecordKeyData } from "./record-key.js";

export type { SequenceRange };

/** Records of a segment, counted. */
export interface Tally {
  /** Each copy of a record counts. */
  records: number;
  /** Uncompressed bytes of their lines, line ends included. */
  bytes: number;
  /** Their sequence numbers, as far as they have producer and sequence. */
  ranges: SequenceRange[];
}

/** Why a segment is left alone although the policy may reach it. */
export type ProtectionReason =
  /** Its producer is alive, or may be: it is being written, or would be cut while it may be being compressed. */
  | "producer-alive"
  /** It was closed, or last written, less than 60 s ago: a `follow` may not have read it to its end. */
  | "recently-closed"
  /**
   * A plain file that our writers did not make: someone may be appending to it. Or a closed one that would be cut, and
   * nothing says who its producer was. Name it to include it.
   */
  | "unknown-writer"
  /** It is reached through a symbolic link: removing or renaming that would not do what it says. */
  | "symbolic-link"
  /** It exists in two states whose contents differ. */
  | "states-differ"
  /** It is not what its manifest says; writing it anew would hide that. */
  | "manifest-differs"
  /** It could not be read to its end: damaged compression, or one that this runtime cannot read. */
  | "unreadable";

/** One logical segment of the scope, as it was found. */
export interface InventorySegment {
  /** The file that is read. */
  path: string;
  directory: string;
  logicalName: string;
  state: SegmentState;
  kind: SegmentKind;
  encoding: Encoding;
  repo?: string;
  jobId?: string;
  /** Every file of this logical segment: the one that is read, then copies of it in other states. */
  files: FileIdentity[];
  protection?: ProtectionReason;
  /** Uncompressed bytes of everything in it. */
  bytes: number;
  /** Lines that are not records. */
  malformed: number;
  records: number;
  /** The limits that reach into it, whether or not it is protected. */
  reachedBy: RetentionLimit[];
  /** Records below this place go. Absent when no limit reaches into it. */
  keepFrom?: RecordKeyData;
  /** What goes; absent when nothing does, or the segment is protected. */
  removable?: Tally;
}

/**
 * What there is, measured for one policy at one instant: the input of `planRetention`. Plain data, JSON-safe; its
 * size grows with the number of segments and producers, not of records.
 */
export interface Inventory {
  version: 1;
  /** Milliseconds since the Unix epoch. */
  nowMs: number;
  policy: RetentionPolicy;
  root?: string;
  jobIds?: string[];
  /** Ordered by path. */
  segments: InventorySegment[];
  /** Files in the directories of the scope that are not segments. Never touched. */
  unknownFiles: string[];
}
