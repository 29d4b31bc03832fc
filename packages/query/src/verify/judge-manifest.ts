import { type Checksums, compareToManifest, type Manifest } from "@prodigy-events/storage";
import type { Difference } from "./finding.js";

/** What was found in a segment, for the comparison with its manifest. */
export interface SegmentContent {
  readonly checksums: Checksums;
  /** Numbers of the first and last record of the segment's own producer; `undefined` when there is none. */
  readonly firstSequence: number | undefined;
  readonly lastSequence: number | undefined;
  /** Records of other producers. */
  readonly foreignRecords: number;
}

/** A stretch of the uncompressed content. */
export interface Stretch {
  readonly offset: number;
  readonly length: number;
}

/**
 * What a manifest says of a segment. `superseded`: the content is that before clean cut it · `replaced`: it is that of
 * another segment · `differs`: it is not what was written.
 */
export interface ManifestVerdict {
  readonly verdict: "fits" | "superseded" | "replaced" | "differs";
  readonly differences: readonly Difference[];
  /** Parts that do not match their checksums, adjacent ones joined. */
  readonly blocks: readonly Stretch[];
}

/** Compares a segment with its manifest. */
export function judgeManifest(manifest: Manifest, content: SegmentContent): ManifestVerdict {
  const { checksums } = content;
  const mismatches = compareToManifest(checksums, manifest);
  const blocks = joinStretches(
    mismatches.flatMap(({ what, offset = 0, length = 0 }) => (what === "block" ? [{ offset, length }] : [])),
  );
  const sizes = differencesOf([
    ["bytes", manifest.bytes, checksums.bytes],
    ["lines", manifest.lines, checksums.lines],
    // A part that does not match its own sum makes the whole not match either: that need not be said twice.
    ["sha256", manifest.sha256, blocks.length === 0 ? checksums.sha256 : manifest.sha256],
  ]);
  const numbers = differencesOf([
    ["firstSequence", manifest.firstSequence, content.firstSequence],
    ["lastSequence", manifest.lastSequence, content.lastSequence],
  ]);
  if (blocks.length + sizes.length + numbers.length === 0)
    return { verdict: "fits", differences: [], blocks };
  const former = manifest.supersedes;
  if (former?.bytes === checksums.bytes && former.sha256 === checksums.sha256)
    return { verdict: "superseded", differences: [], blocks: [] };
  if (isReplaced(manifest, content))
    return { verdict: "replaced", differences: [...sizes, ...numbers], blocks };
  // Bytes that were altered in place may have hit the first or last record: the blocks say so already.
  const isAlteredInPlace = blocks.length > 0 && sizes.length === 0;
  return { verdict: "differs", differences: isAlteredInPlace ? [] : [...sizes, ...numbers], blocks };
}

function differencesOf(
  compared: readonly [Difference["what"], stated: string | number, found: string | number | undefined][],
): Difference[] {
  return compared.flatMap(([what, stated, found]) =>
    found === undefined || found === stated ? [] : [{ what, stated, found }],
  );
}

/** Whether none of the records that are there is one of those that the manifest is about. */
function isReplaced(
  manifest: Manifest,
  { firstSequence, lastSequence, foreignRecords }: SegmentContent,
): boolean {
  if (manifest.lines === 0) return false;
  if (firstSequence === undefined || lastSequence === undefined) return foreignRecords > 0;
  return firstSequence > manifest.lastSequence || lastSequence < manifest.firstSequence;
}

function joinStretches(stretches: readonly Stretch[]): Stretch[] {
  const joined: { offset: number; length: number }[] = [];
  for (const { offset, length } of stretches) {
    const last = joined.at(-1);
    if (last !== undefined && last.offset + last.length === offset) last.length += length;
    else joined.push({ offset, length });
  }
  return joined;
}
