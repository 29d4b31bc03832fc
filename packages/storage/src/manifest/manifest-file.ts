import { join } from "node:path";
import { describeFileError, errnoOf } from "../errors/describe-file-error.js";
import { StorageError } from "../errors/storage-error.js";
import { writeFileDurably } from "../files/durable-file.js";
import type { FileSystem } from "../files/file-system.js";
import { nodeFileSystem } from "../files/node-file-system.js";
import { ensurePrivateDirectory } from "../files/private-directory.js";
import { openSealedJson, sealJson } from "../files/sealed-json.js";
import { readSmallFile } from "../files/small-file.js";
import { limits } from "../limits.js";
import { type Manifest, parseManifest } from "./manifest.js";

/** Where in a job directory the manifests are. */
export const manifestDirectoryName = ".manifest";

/** The path of the manifest of a logical segment in `directory`. */
export function manifestPath(directory: string, logicalName: string): string {
  return join(directory, manifestDirectoryName, `${logicalName}.json`);
}

/** Writes a manifest so that a crash leaves either none (or the former one) or the whole of it. */
export async function writeManifest(
  directory: string,
  manifest: Manifest,
  fs: FileSystem = nodeFileSystem,
): Promise<void> {
  await ensurePrivateDirectory(join(directory, manifestDirectoryName), fs);
  await writeFileDurably(manifestPath(directory, manifest.segment), Buffer.from(sealJson(manifest)), fs);
}

/**
 * The manifest of a logical segment; `undefined` when there is none.
 *
 * @throws StorageError `MANIFEST_DAMAGED`: a manifest is never rebuilt in silence
 */
export async function readManifest(
  directory: string,
  logicalName: string,
  fs: FileSystem = nodeFileSystem,
): Promise<Manifest | undefined> {
  const path = manifestPath(directory, logicalName);
  const text = await readSmallFile(path, limits.maxStateFileBytes, fs);
  if (text === undefined) return undefined;
  const content = openSealedJson(text);
  const manifest = content === undefined ? "its checksum does not match" : parseManifest(content);
  if (typeof manifest === "string") throw damaged(path, manifest);
  if (manifest.segment !== logicalName) throw damaged(path, `it is that of ${manifest.segment}`);
  return manifest;
}

function damaged(path: string, reason: string): StorageError {
  const message = `the manifest ${path} is damaged: ${reason}; the segment can be read but not verified, move the manifest away to treat it as unsealed`;
  return new StorageError("MANIFEST_DAMAGED", message, { path });
}

/** True when a manifest exists, damaged or not: its segment was closed. */
export async function hasManifest(
  directory: string,
  logicalName: string,
  fs: FileSystem = nodeFileSystem,
): Promise<boolean> {
  const path = manifestPath(directory, logicalName);
  try {
    await fs.stat(path);
    return true;
  } catch (error) {
    const code = errnoOf(error);
    if (code === "ENOENT" || code === "ENOTDIR") return false;
    throw describeFileError(error, "examine", path);
  }
}

/** Removes the manifest of a logical segment, after the segment itself. It is fine when there is none. */
export async function removeManifest(
  directory: string,
  logicalName: string,
  fs: FileSystem = nodeFileSystem,
): Promise<void> {
  const path = manifestPath(directory, logicalName);
  try {
    await fs.unlink(path);
  } catch (error) {
    if (errnoOf(error) !== "ENOENT") throw describeFileError(error, "remove", path);
  }
}
