import type { FileSystem } from "../files/file-system.js";
import { nodeFileSystem } from "../files/node-file-system.js";
import { limits } from "../limits.js";
import type { LineProblem } from "../reading/line.js";
import { readContent } from "../reading/read-content.js";
import { ChecksumAccumulator, type Checksums } from "./checksum-accumulator.js";
import type { Manifest } from "./manifest.js";

/** One thing in which a segment differs from its manifest. */
export interface Mismatch {
  what: "bytes" | "lines" | "sha256" | "block" | "compression";
  /** For `block` and `compression`: where in the uncompressed content; `length` 0 when nobody can tell. */
  offset?: number;
  length?: number;
  message: string;
}

/** What a verification found. An intact segment has no mismatches. */
export interface Verification {
  intact: boolean;
  mismatches: Mismatch[];
  /** The sums of what was read. */
  checksums: Checksums;
}

/**
 * Reads a segment in whatever state it is, plain or compressed, and compares its uncompressed content with its
 * manifest. Damage is data, not an exception.
 *
 * @throws StorageError when the file cannot be opened or read
 */
export async function verifyAgainstManifest(
  path: string,
  manifest: Manifest,
  fs: FileSystem = nodeFileSystem,
): Promise<Verification> {
  const { checksums, damage } = await sumContent(path, manifest, fs);
  const mismatches = [...damage, ...compareToManifest(checksums, manifest)];
  return { intact: mismatches.length === 0, mismatches, checksums };
}

/**
 * The sums of a file's uncompressed content, and where its compression is damaged. A file that inflates to more than
 * the `bytes` expected is not read much further.
 */
export async function sumContent(
  path: string,
  { bytes: expectedBytes, blockBytes }: { bytes: number; blockBytes: number },
  fs: FileSystem,
): Promise<{ checksums: Checksums; damage: Mismatch[] }> {
  const damage: Mismatch[] = [];
  const sums = new ChecksumAccumulator(blockBytes);
  const maxInflatedBytes = expectedBytes + limits.inflationSlackBytes;
  const onProblem = ({ offset, length, message }: LineProblem) =>
    damage.push({ what: "compression", offset, length, message });
  for await (const { bytes } of readContent(path, { fs, maxInflatedBytes, onProblem })) sums.update(bytes);
  return { checksums: sums.finish(), damage };
}

/** The differences between sums and a manifest. */
export function compareToManifest(actual: Checksums, manifest: Manifest): Mismatch[] {
  const mismatches: Mismatch[] = [];
  for (const what of ["bytes", "lines", "sha256"] as const) {
    if (actual[what] === manifest[what]) continue;
    mismatches.push({
      what,
      message: `${what}: the manifest says ${manifest[what]}, the file has ${actual[what]}`,
    });
  }
  const { blockBytes } = manifest;
  for (const [index, expected] of manifest.blockCrc32.entries()) {
    if (actual.blockCrc32[index] === expected) continue;
    const offset = index * blockBytes;
    const length = Math.min(blockBytes, manifest.bytes - offset);
    const message = `the block at offset ${offset} (${length} bytes) does not match its checksum`;
    mismatches.push({ what: "block", offset, length, message });
  }
  return mismatches;
}
