import type { FindingKind } from "@prodigy-events/query";
import { plural } from "../output/count-text.js";

/** Of the kinds whose name with an `s` is no plural: one, and many. */
const irregular: { readonly [Kind in FindingKind]?: readonly [one: string, many: string] } = {
  damaged_compression: ["damaged stretch of compressed data", "damaged stretches of compressed data"],
  manifest_mismatch: ["manifest mismatch", "manifest mismatches"],
  states_differ: ["segment in two differing states", "segments in two differing states"],
  spare_copy: ["spare copy", "spare copies"],
  superseded_content: ["segment with superseded content", "segments with superseded content"],
  unusable_index: ["unusable index", "unusable indexes"],
  unreadable: ["unreadable file", "unreadable files"],
  untracked_sequence: ["producer that could not be tracked", "producers that could not be tracked"],
  duplicates: ["producer with duplicates", "producers with duplicates"],
  unreadable_log_lines: ["log with unreadable lines", "logs with unreadable lines"],
};

/** `2 sequence gaps`. */
export function nounsOf(kind: FindingKind, count: number): string {
  const [one, many] = irregular[kind] ?? [kind.replaceAll("_", " "), undefined];
  return plural(count, one, many);
}
