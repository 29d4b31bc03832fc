import { join } from "node:path";
import { describeFileError, errnoOf } from "../errors/describe-file-error.js";
import { StorageError } from "../errors/storage-error.js";
import { syncDirectory, syncFile } from "../files/durable-file.js";
import type { FileSystem } from "../files/file-system.js";
import { nodeFileSystem } from "../files/node-file-system.js";
import { ensurePrivateDirectory } from "../files/private-directory.js";
import { createPrivateFile, writeFully } from "../files/regular-file.js";
import { openSealedJson, sealJson } from "../files/sealed-json.js";
import { readSmallFile } from "../files/small-file.js";
import { limits } from "../limits.js";
import type { ProducerIdentity } from "./identity.js";

/** Where in a job directory producers say who they are. */
export const producersDirectoryName = ".producers";

/** The path of a producer's file in the job directory `directory`. */
export function producerPath(directory: string, producerId: string): string {
  return join(directory, producersDirectoryName, `${producerId}.json`);
}

/**
 * Writes the producer's file, durably: a producer registers before it creates its first segment, so that a
 * segment without a producer file is somebody's mistake and never taken for a dead one's.
 *
 * @throws StorageError `PRODUCER_EXISTS` when the id is taken: draw another one
 */
export async function registerProducer(
  directory: string,
  identity: ProducerIdentity,
  fs: FileSystem = nodeFileSystem,
): Promise<void> {
  const path = producerPath(directory, identity.producerId);
  await ensurePrivateDirectory(join(directory, producersDirectoryName), fs);
  const fd = await createPrivateFile(path, fs).catch((error: unknown) => {
    if (errnoOf(error) !== "EEXIST") throw error;
    const message = `the producer id ${identity.producerId} is taken in ${directory}; draw another one`;
    throw new StorageError("PRODUCER_EXISTS", message, { path, cause: error });
  });
  try {
    await writeFully(fd, Buffer.from(sealJson({ format: 1, ...reordered(identity) })), path, fs);
    await syncFile(fd, path, fs);
  } finally {
    await fs.close(fd);
  }
  await syncDirectory(join(directory, producersDirectoryName), fs);
}

/**
 * The identity in a producer's file; `undefined` when there is none.
 *
 * @throws StorageError `PRODUCER_FILE_DAMAGED`
 */
export async function readProducer(
  directory: string,
  producerId: string,
  fs: FileSystem = nodeFileSystem,
): Promise<ProducerIdentity | undefined> {
  const path = producerPath(directory, producerId);
  const text = await readSmallFile(path, limits.maxStateFileBytes, fs);
  if (text === undefined) return undefined;
  const content = openSealedJson(text);
  if (content !== undefined && isIdentity(content) && content.producerId === producerId)
    return reordered(content);
  const message = `${path} is damaged, so nobody can tell whether its producer still runs; once you know that it does not, say so with --assume-dead ${producerId}`;
  throw new StorageError("PRODUCER_FILE_DAMAGED", message, { path });
}

/** Removes a producer's file: what it wrote is closed by manifests. It is fine when there is none. */
export async function removeProducer(
  directory: string,
  producerId: string,
  fs: FileSystem = nodeFileSystem,
): Promise<void> {
  const path = producerPath(directory, producerId);
  try {
    await fs.unlink(path);
  } catch (error) {
    if (errnoOf(error) !== "ENOENT") throw describeFileError(error, "remove", path);
  }
}

/** The members in the order of FORMAT.md, and nothing else. */
function reordered(identity: ProducerIdentity): ProducerIdentity {
  const { producerId, pid, processStartTime, pidNamespace, bootId, machineId, host, version, startedAt } =
    identity;
  return { producerId, pid, processStartTime, pidNamespace, bootId, machineId, host, version, startedAt };
}

function isIdentity(content: Record<string, unknown>): content is Record<string, unknown> & ProducerIdentity {
  const texts = ["producerId", "host", "version", "startedAt"] as const;
  const optional = ["processStartTime", "pidNamespace", "bootId", "machineId"] as const;
  return (
    content.format === 1 &&
    Number.isSafeInteger(content.pid) &&
    texts.every((key) => typeof content[key] === "string") &&
    optional.every((key) => content[key] === null || typeof content[key] === "string")
  );
}
