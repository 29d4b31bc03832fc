import { randomBytes } from "node:crypto";
import { constants } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { FileSystem } from "@prodigy-events/storage";

/** Content set down in a temporary file, so that it can be read more than once and from any place. */
export interface Spool {
  /** Opens the content for as long as the spool is not closed. */
  readonly path: string;
  readonly bytes: number;
  close(): Promise<void>;
}

/**
 * Writes `chunks` to a temporary file that nobody else can read and that vanishes with the process, whatever ends it:
 * it is unlinked at once and reached through its descriptor. (Windows cannot do that; there it is removed by `close`.)
 */
export async function spool(chunks: AsyncIterable<Uint8Array>, fs: FileSystem): Promise<Spool> {
  const name = join(tmpdir(), `prodigy-events-${randomBytes(12).toString("hex")}`);
  const flags = constants.O_RDWR | constants.O_CREAT | constants.O_EXCL | (constants.O_NOFOLLOW ?? 0);
  const fd = await fs.open(name, flags, 0o600);
  const unlinkedAtOnce = process.platform !== "win32";
  try {
    if (unlinkedAtOnce) await fs.unlink(name);
    let bytes = 0;
    for await (const chunk of chunks) {
      for (let written = 0; written < chunk.length; ) {
        written += await fs.write(fd, chunk, written, chunk.length - written);
      }
      bytes += chunk.length;
    }
    let isOpen = true;
    return {
      path: unlinkedAtOnce ? `/dev/fd/${fd}` : name,
      bytes,
      async close() {
        if (!isOpen) return;
        isOpen = false;
        await fs.close(fd);
        if (!unlinkedAtOnce) await fs.unlink(name);
      },
    };
  } catch (error) {
    await fs.close(fd);
    throw error;
  }
}
