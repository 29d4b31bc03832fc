import { dirname, join } from "node:path";
import {
  type Checksums,
  type Clock,
  compressSegment,
  ensurePrivateDirectory,
  errnoOf,
  type FileSystem,
  openForReading,
  removeQuietly,
  removeStaleTemporaries,
  StorageError,
  syncDirectory,
  syncFile,
  temporaryName,
} from "@prodigy-events/storage";
import { ContentFile } from "../content/content-file.js";
import { contentSums } from "../content/content-sums.js";
import { encodingOf } from "../content/encoding.js";
import { putInPlace } from "../content/put-in-place.js";
import { wholeContent } from "../content/whole-content.js";
import { RetentionError } from "../errors.js";
import { countContent } from "../inventory/count-content.js";
import { type Amount, formatAmount, isSameAmount } from "../plan/amount.js";
import { archiveNames } from "./archive-names.js";

/** What to archive, and where. */
export interface ArchiveRequest {
  /** The file that holds what is archived, in any encoding. It stays. */
  contentPath: string;
  /** The name of the segment's file, from which that of the copy follows. */
  fileName: string;
  /** False when the content is lines that were taken out of the segment. */
  isWhole: boolean;
  archiveDirectory: string;
  /** What the copy must hold. */
  expected: Amount;
  fs: FileSystem;
  clock: Clock;
  signal: AbortSignal | undefined;
}

/** A copy in the archive. */
export interface ArchiveCopy {
  path: string;
  /** False for one that an earlier clean had made. */
  isNew: boolean;
}

/**
 * Puts a compressed copy into the archive. When this returns, the copy is whole and durable, was read back, and
 * holds exactly the lines and bytes expected. A copy that an interrupted clean had made is used again; no file of
 * the archive is ever replaced.
 *
 * @throws RetentionError `NOT_CONSERVED`; StorageError when something cannot be read or written
 */
export async function makeArchive(request: ArchiveRequest): Promise<ArchiveCopy> {
  const { contentPath, archiveDirectory, fileName, fs, clock } = request;
  await ensurePrivateDirectory(archiveDirectory, fs);
  await removeStaleTemporaries(archiveDirectory, fs, clock);
  const sums = await contentSums(contentPath, fs);
  const { path, isThere } = await choosePath(request, sums);
  if (isThere) {
    await requireExpected(path, request);
    await makeDurable(path, fs); // whoever put it there may have been interrupted before this
    return { path, isNew: false };
  }
  const compressed = join(archiveDirectory, temporaryName(fileName));
  try {
    await compress(compressed, sums, request);
    await requireExpected(compressed, request);
    await putInPlace(compressed, path, fs);
    return { path, isNew: true };
  } finally {
    await removeQuietly(compressed, fs);
  }
}

async function makeDurable(path: string, fs: FileSystem): Promise<void> {
  const { fd } = await openForReading(path, fs);
  try {
    await syncFile(fd, path, fs);
  } finally {
    await fs.close(fd);
  }
  await syncDirectory(dirname(path), fs);
}

/** The first name that is free, or that has this very content already. */
async function choosePath(
  { fileName, isWhole, archiveDirectory, fs }: ArchiveRequest,
  { sha256, bytes }: Checksums,
): Promise<{ path: string; isThere: boolean }> {
  for (const name of archiveNames(fileName, sha256, isWhole)) {
    const path = join(archiveDirectory, name);
    const found = await sumsIfThere(path, fs);
    if (found === undefined) return { path, isThere: false };
    if (found !== "damaged" && found.sha256 === sha256 && found.bytes === bytes)
      return { path, isThere: true };
  }
  const message = `${archiveDirectory} has other files under every name that the copy of ${fileName} could get; archive to another directory`;
  throw new RetentionError("ARCHIVE_FULL", message, { path: archiveDirectory });
}

async function sumsIfThere(path: string, fs: FileSystem): Promise<Checksums | "damaged" | undefined> {
  try {
    return await contentSums(path, fs);
  } catch (error) {
    if (errnoOf(error) === "ENOENT") return undefined;
    if (error instanceof StorageError && errnoOf(error) === undefined) return "damaged"; // cannot be decompressed
    throw error;
  }
}

/** Compresses the content to `target` and checks that what was compressed is what was summed up. */
async function compress(target: string, sums: Checksums, request: ArchiveRequest): Promise<void> {
  const { contentPath, archiveDirectory, fileName, fs, signal } = request;
  const options = signal === undefined ? { fs } : { fs, signal };
  if ((await encodingOf(contentPath, fs)) === "plain") {
    requireSame((await compressSegment(contentPath, target, options)).sha256, sums, contentPath);
    return;
  }
  const plain = await ContentFile.create(join(archiveDirectory, temporaryName(fileName)), fs);
  try {
    for await (const bytes of wholeContent(contentPath, fs)) await plain.write(bytes);
    await plain.finish();
    requireSame((await compressSegment(plain.path, target, options)).sha256, sums, contentPath);
  } finally {
    await plain.discard();
  }
}

function requireSame(sha256: string, sums: Checksums, path: string): void {
  if (sha256 === sums.sha256) return;
  const message = `${path} changed while it was archived; nothing was removed, run the clean again`;
  throw new RetentionError("NOT_CONSERVED", message, { path });
}

/** The last check before something is removed: the copy, decompressed and parsed, holds what it must. */
async function requireExpected(
  path: string,
  { expected, contentPath, fs, signal }: ArchiveRequest,
): Promise<void> {
  const found = await countContent(path, fs, signal);
  if (isSameAmount(found, expected)) return;
  const message = `the archive copy of ${contentPath} holds (${formatAmount(found)}) where the plan says (${formatAmount(expected)}); nothing was removed, run the clean again`;
  throw new RetentionError("NOT_CONSERVED", message, { path: contentPath });
}
