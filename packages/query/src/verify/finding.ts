import type { QueryProblemReason } from "../report/query-report.js";

/**
 * `damage`: something is not as it was written, or is missing · `unchecked`: it could not be read, so nobody can say ·
 * `information`: worth knowing, and as it should be.
 */
export type FindingSeverity = "damage" | "unchecked" | "information";

const severities = {
  /** A line that is no record: `offset`, `length`, `line`, `reason`, `preview`. */
  malformed_line: "damage",
  /** A last line without its end that nobody will finish: the same. */
  torn_tail: "damage",
  /** A torn tail that ends in NUL bytes, as a power failure leaves it: the same. */
  nul_tail: "damage",
  /** Compressed data that is not what was written; `offset` and `length` say which content it held. */
  damaged_compression: "damage",
  /** A part of a segment that does not match its CRC-32 in the manifest: `offset`, `length`. */
  damaged_block: "damage",
  /** A segment that differs from its manifest: `differences`. */
  manifest_mismatch: "damage",
  /** Content of another segment in a segment's place: `differences`. */
  replaced_segment: "damage",
  /** A manifest without its segment: `producerId`, `fromSequence`, `toSequence`, `count`. */
  missing_segment: "damage",
  /** A manifest that is not what was written. */
  damaged_manifest: "damage",
  /** A producer's file that is not what was written: whether the producer lives cannot be told. */
  damaged_producer_file: "damage",
  /** Numbers that no record has and that nothing accounts for: `producerId`, `fromSequence`, `toSequence`, `count`. */
  sequence_gap: "damage",
  /** Records of others in a producer's own segment: `count`; `offset`, `line` and `producerId` of the first. */
  foreign_record: "damage",
  /** A segment in two states with different contents: `otherPath`. */
  states_differ: "damage",
  /** A file that could not be read, or not to its end: `offset` is how far it was. */
  unreadable: "unchecked",
  /** A producer whose numbers are so scattered, or so late among so many, that gaps cannot be told: `producerId`. */
  untracked_sequence: "unchecked",
  /** A last line that its producer may still be writing: `offset`, `length`, `line`. */
  pending_tail: "information",
  /** Records that a producer wrote twice, as after an abrupt end; readers give them once: `producerId`, `count`. */
  duplicates: "information",
  /** A closed segment without a manifest, as after an abrupt end: there is nothing to compare it with. */
  unsealed_segment: "information",
  /** A segment in two states, as after a crash while it was compressed: `otherPath`. */
  spare_copy: "information",
  /** A segment that clean was about to replace when it was interrupted: it has its former content. */
  superseded_content: "information",
  /** The manifest of a segment that clean has removed; the next clean removes it too. */
  leftover_manifest: "information",
  /** An index that is damaged, or does not fit its segment: it is not used, and can be built anew. */
  unusable_index: "information",
  /** A segment that somebody took away while it was to be read. */
  vanished_segment: "information",
  /** Lines of the log of clean that cannot be read: what they removed may appear as a gap: `count`. */
  unreadable_log_lines: "information",
} as const satisfies Readonly<Record<string, FindingSeverity>>;

/** What a finding is about; each says which fields it has. */
export type FindingKind = keyof typeof severities;

/** How serious findings of a kind are. */
export function severityOf(kind: FindingKind): FindingSeverity {
  return severities[kind];
}

/** One thing in which a segment differs from its manifest. */
export interface Difference {
  readonly what: "bytes" | "lines" | "sha256" | "producerId" | "firstSequence" | "lastSequence";
  readonly stated: string | number;
  readonly found: string | number;
}

/** One thing that `verify` found. Plain data; which fields there are is said at {@link FindingKind}. */
export interface Finding {
  readonly kind: FindingKind;
  readonly severity: FindingSeverity;
  /** The file concerned; the directory where it is about several. */
  readonly path: string;
  /** In words: what is wrong, and what follows. One line; parts of a file in it are not made safe for a terminal. */
  readonly message: string;
  /** Of the first byte concerned, in the uncompressed content. */
  readonly offset?: number | undefined;
  /** Bytes concerned; 0 when nobody can tell. */
  readonly length?: number | undefined;
  /** From 1; behind a damaged part of compressed data, of the lines that could be read. */
  readonly line?: number | undefined;
  readonly reason?: QueryProblemReason | undefined;
  /** The first bytes concerned, at most 60; raw text that is not made safe for a terminal. */
  readonly preview?: string | undefined;
  readonly producerId?: string | undefined;
  readonly fromSequence?: number | undefined;
  readonly toSequence?: number | undefined;
  /** Records, numbers or lines concerned. */
  readonly count?: number | undefined;
  readonly otherPath?: string | undefined;
  readonly differences?: readonly Difference[] | undefined;
}
