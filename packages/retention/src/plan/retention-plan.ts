import type { SegmentKind, SegmentState } from "@prodigy-events/storage";
import type { Encoding } from "../content/encoding.js";
import type { FileIdentity } from "../content/file-identity.js";
import type { ProtectionReason, SequenceRange } from "../inventory/inventory.js";
import type { RecordKeyData } from "../inventory/record-key.js";
import type { RetentionLimit, RetentionPolicy } from "../policy/retention-policy.js";
import type { Amount } from "./amount.js";

/** What happens to a segment. */
export type PlannedAction =
  /** It stays as it is. */
  | "keep"
  /** All of it goes. */
  | "remove"
  /** The part that stays is written anew and takes its place. */
  | "rewrite"
  /** A shared file that is in use: it is closed by a rename, so that a later clean can work on it. */
  | "set-aside";

/** Why a segment stays as it is: the policy takes nothing from it, or something protects it. */
export type KeepReason =
  | ProtectionReason
  /** No limit reaches into it. */
  | "within-policy"
  /** It holds no records: it is empty, or has only lines that cannot be understood, and these are kept. */
  | "no-records"
  /** A part of it would go, but it is compressed with zstd, which is only read here, never written. */
  | "cannot-rewrite";

/** What is to happen to one logical segment. */
export interface PlannedSegment {
  path: string;
  directory: string;
  logicalName: string;
  repo?: string;
  jobId?: string;
  kind: SegmentKind;
  state: SegmentState;
  action: PlannedAction;
  /** Only with `keep` and `set-aside`. */
  keepReason?: KeepReason;
  /** The limits that reach into this segment; empty when none does. */
  limits: RetentionLimit[];
  /** The files as they must still be when the plan is applied. */
  files: FileIdentity[];
  encoding: Encoding;
  /** Appenders may come back to this file: it is renamed to a closed name before anything is done to it. */
  setAside: boolean;
  before: Amount;
  kept: Amount;
  removed: Amount;
  /** The sequence numbers that go, per producer. */
  removedRanges: SequenceRange[];
  /** Records with a key below this one go. */
  keepFrom?: RecordKeyData;
  /** What its files take on the disk. */
  storedBytes: number;
  /** Bytes on disk that become free; for a rewritten compressed segment only known afterwards, and 0 here. */
  freedBytes: number;
  /** The directory that takes the archive copy; absent when nothing goes or nothing is archived. */
  archiveDirectory?: string;
}

/**
 * What a clean will do: plain data, JSON-safe. The preview, the question and the real run show and execute
 * the same plan.
 */
export interface RetentionPlan {
  version: 1;
  nowMs: number;
  policy: RetentionPolicy;
  /** Root directory of the store; absent when only files were given. */
  root?: string;
  /** When given, only records of these jobs were considered. */
  jobIds?: string[];
  /** Every segment of the scope, also those that stay, ordered by path. */
  segments: PlannedSegment[];
  /** Files that are not segments. They stay. */
  unknownFiles: string[];
  totals: {
    /** Segments that go whole, and that are rewritten. */
    segmentsRemoved: number;
    segmentsRewritten: number;
    before: Amount;
    kept: Amount;
    removed: Amount;
    storedBytes: number;
    freedBytes: number;
  };
}
