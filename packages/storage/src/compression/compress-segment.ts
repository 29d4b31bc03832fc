import { basename, dirname, join } from "node:path";
import { describeFileError } from "../errors/describe-file-error.js";
import { StorageError } from "../errors/storage-error.js";
import { removeQuietly, renameDurably, syncFile } from "../files/durable-file.js";
import type { FileSystem } from "../files/file-system.js";
import { nodeFileSystem } from "../files/node-file-system.js";
import { createPrivateFile, openForReading, writeFully } from "../files/regular-file.js";
import { temporaryName } from "../files/temporary-name.js";
import { encodeMember } from "../gzip/member.js";
import { limits } from "../limits.js";
import { ChecksumAccumulator, type Checksums } from "../manifest/checksum-accumulator.js";
import type { Manifest } from "../manifest/manifest.js";
import { compareToManifest, sumContent } from "../manifest/verify.js";
import { memberBlocks } from "./member-blocks.js";

/** How to compress. */
export interface CompressOptions {
  fs?: FileSystem;
  /** What the source must be; without it the copy is verified against what was read. */
  manifest?: Manifest;
  /** Uncompressed bytes per member, 1 MiB by default; members end after a line. */
  memberBytes?: number;
  /** Ends the compression with its reason as the error; the target is then untouched. */
  signal?: AbortSignal;
}

/** What was compressed. */
export interface Compressed {
  bytes: number;
  lines: number;
  sha256: string;
  compressedBytes: number;
}

/**
 * Writes the gzip of a closed plain segment to `targetPath`, in the same directory or elsewhere, so that the target
 * exists only when it is whole, durable, and was read back and found equal: to the manifest if one is given, else to
 * what was read. An existing target is replaced. The source stays; removing it is the caller's next step.
 *
 * @throws StorageError `VERIFICATION_FAILED` when source or copy are not what they should be, `SEGMENT_CHANGED` when
 *   the source grew meanwhile, or the errno of what failed. The target is then untouched; only when the very last
 *   step, the fsync of its directory, failed is it there, whole but perhaps not durable
 */
export async function compressSegment(
  sourcePath: string,
  targetPath: string,
  options: CompressOptions = {},
): Promise<Compressed> {
  const { fs = nodeFileSystem, manifest, memberBytes = limits.memberBytes, signal } = options;
  const temporary = join(dirname(targetPath), temporaryName(basename(targetPath)));
  try {
    const written = await writeMembers(sourcePath, temporary, memberBytes, fs, signal);
    if (manifest !== undefined) requireMatch(written, manifest, sourcePath);
    signal?.throwIfAborted();
    await verifyCopy(temporary, written, fs);
    await renameDurably(temporary, targetPath, fs);
    const { bytes, lines, sha256, compressedBytes } = written;
    return { bytes, lines, sha256, compressedBytes };
  } catch (error) {
    await removeQuietly(temporary, fs);
    if (signal?.aborted) throw error;
    throw describeFileError(error, "compress", sourcePath);
  }
}

type Written = Checksums & { compressedBytes: number };

async function writeMembers(
  sourcePath: string,
  temporary: string,
  memberBytes: number,
  fs: FileSystem,
  signal: AbortSignal | undefined,
): Promise<Written> {
  const source = await openForReading(sourcePath, fs);
  try {
    const target = await createPrivateFile(temporary, fs);
    try {
      const sums = new ChecksumAccumulator();
      let compressedBytes = 0;
      for await (const block of memberBlocks(source.fd, sourcePath, memberBytes, fs)) {
        signal?.throwIfAborted();
        sums.update(block);
        const member = await encodeMember(block);
        await writeFully(target, member, temporary, fs);
        compressedBytes += member.length;
      }
      await syncFile(target, temporary, fs);
      if (sums.bytes !== source.stats.size) throw changed(sourcePath);
      return { ...sums.finish(), compressedBytes };
    } finally {
      await fs.close(target);
    }
  } finally {
    await fs.close(source.fd);
  }
}

function changed(path: string): StorageError {
  const message = `${path} changed while it was compressed; it is not closed, so leave it as it is`;
  return new StorageError("SEGMENT_CHANGED", message, { path });
}

function requireMatch(written: Checksums, manifest: Manifest, sourcePath: string): void {
  const [mismatch] = compareToManifest(written, manifest);
  if (mismatch === undefined) return;
  const message = `${sourcePath} differs from its manifest (${mismatch.message}); it stays uncompressed, run 'events verify'`;
  throw new StorageError("VERIFICATION_FAILED", message, { path: sourcePath });
}

async function verifyCopy(temporary: string, written: Written, fs: FileSystem): Promise<void> {
  const { checksums, damage } = await sumContent(temporary, written, fs);
  if (damage.length === 0 && checksums.bytes === written.bytes && checksums.sha256 === written.sha256) return;
  const message = `the compressed copy ${temporary} is not what was written; the disk may be failing, the source is untouched`;
  throw new StorageError("VERIFICATION_FAILED", message, { path: temporary });
}
