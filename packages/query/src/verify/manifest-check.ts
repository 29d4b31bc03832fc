import {
  type Manifest,
  manifestPath,
  readManifest,
  type Segment,
  StorageError,
} from "@prodigy-events/storage";
import type { SourceSegment } from "../source/source-segment.js";
import type { Difference } from "./finding.js";
import { judgeManifest, type SegmentContent } from "./judge-manifest.js";
import type { VerifyContext } from "./verify-context.js";

/** The manifest of a segment; `undefined` when there is none, `"damaged"` when it is not what was written: that is told. */
export async function openManifest(
  { directory, logicalName }: Pick<Segment, "directory" | "logicalName">,
  { fs, findings }: VerifyContext,
): Promise<Manifest | "damaged" | undefined> {
  try {
    return await readManifest(directory, logicalName, fs);
  } catch (error) {
    if (!(error instanceof StorageError)) throw error;
    const path = manifestPath(directory, logicalName);
    const isDamaged = error.code === "MANIFEST_DAMAGED" || error.code === "STATE_FILE_TOO_LARGE";
    findings.add(isDamaged ? "damaged_manifest" : "unreadable", path, error.message);
    return "damaged";
  }
}

/** Compares a segment with its manifest and tells how it differs. True when it does not. */
export async function checkManifest(
  manifest: Manifest,
  content: SegmentContent,
  { segment, path }: SourceSegment,
  { fs, findings }: VerifyContext,
): Promise<boolean> {
  let judged = judgeManifest(manifest, content);
  if (judged.verdict !== "fits") {
    // Clean may have put a new content and its manifest in place since the manifest was read.
    const current = await readManifest(segment.directory, segment.logicalName, fs).catch(() => undefined);
    if (current !== undefined && current.blockBytes === manifest.blockBytes)
      judged = judgeManifest(current, content);
  }
  const { verdict, differences, blocks } = judged;
  const where = { producerId: segment.producerId, differences };
  if (verdict === "superseded") {
    const message = "it has the content from before clean cut it: the clean was interrupted; run it again";
    findings.add("superseded_content", path, message);
  } else if (verdict === "replaced") {
    const message = `it is another segment's content in this one's place: ${describe(differences)}`;
    findings.add("replaced_segment", path, message, where);
  } else if (verdict === "differs") {
    for (const { offset, length } of blocks) {
      const message = `the ${length} bytes from byte ${offset} on do not match their checksum`;
      findings.add("damaged_block", path, message, { offset, length });
    }
    if (differences.length > 0) {
      const message = `it is not what its manifest says: ${describe(differences)}`;
      findings.add("manifest_mismatch", path, message, where);
    }
  }
  return verdict === "fits";
}

const names: Readonly<Record<Difference["what"], string>> = {
  bytes: "bytes",
  lines: "lines",
  sha256: "SHA-256",
  producerId: "producer",
  firstSequence: "first sequence number",
  lastSequence: "last sequence number",
};

/** `bytes 1200 instead of 1300, lines 3 instead of 4`. */
function describe(differences: readonly Difference[]): string {
  const parts = differences.map(({ what, stated, found }) => `${names[what]} ${found} instead of ${stated}`);
  return parts.length === 0 ? "its records are others" : parts.join(", ");
}
