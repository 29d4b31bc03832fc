import { constants } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type FileSystem, writeFully } from "@prodigy-events/storage";

/** Content set down in a temporary file, so that it can be read more than once and from any place. */
export interface Spool {
  /** Opens the content for as long as the spool is not closed. */
  readonly path: string;
  readonly bytes: number;
  close(): Promise<void>;
}

/** A temporary file that nobody else can read. */
export interface TemporaryFile {
  readonly fd: number;
  /** Opens it for as long as it is not closed. */
  readonly path: string;
  close(): Promise<void>;
}

/**
 * Creates a temporary file that vanishes with the process, whatever ends it: it is unlinked at once and reached through
 * its descriptor. (Windows cannot do that; there it is removed by `close`.)
 */
export async function createTemporaryFile(fs: FileSystem): Promise<TemporaryFile> {
  const name = join(tmpdir(), `prodigy-events-${randomName()}`);
  const flags = constants.O_RDWR | constants.O_CREAT | constants.O_EXCL | (constants.O_NOFOLLOW ?? 0);
  const fd = await fs.open(name, flags, 0o600);
  const unlinkedAtOnce = process.platform !== "win32";
  let isOpen = true;
  const close = async () => {
    if (!isOpen) return;
    isOpen = false;
    await fs.close(fd);
    if (!unlinkedAtOnce) await fs.unlink(name);
  };
  try {
    if (unlinkedAtOnce) await fs.unlink(name);
  } catch (error) {
    await fs.close(fd);
    throw error;
  }
  return { fd, path: unlinkedAtOnce ? `/dev/fd/${fd}` : name, close };
}

/** Nobody can guess it. By the global `crypto`, since an import of `node:crypto` would make every start slower. */
function randomName(): string {
  return Buffer.from(crypto.getRandomValues(new Uint8Array(12))).toString("hex");
}

/** Writes `chunks` to a temporary file. */
export async function spool(chunks: AsyncIterable<Uint8Array>, fs: FileSystem): Promise<Spool> {
  const { fd, path, close } = await createTemporaryFile(fs);
  try {
    let bytes = 0;
    for await (const chunk of chunks) {
      await writeFully(fd, chunk, path, fs);
      bytes += chunk.length;
    }
    return { path, bytes, close };
  } catch (error) {
    await close();
    throw error;
  }
}
