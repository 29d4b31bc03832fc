import { type FileSystem, openForReading, syncFile } from "@prodigy-events/storage";
import { limits } from "../limits.js";
import { ContentSummary } from "./content-summary.js";

const lineFeed = 0x0a;

/** Whether the file is empty or ends within a line; one read of one byte. */
export async function endsWithinLine(path: string, fs: FileSystem): Promise<boolean> {
  const { fd, stats } = await openForReading(path, fs);
  try {
    const last = Buffer.alloc(1);
    await fs.read(fd, last, 0, 1, Math.max(0, stats.size - 1));
    return last[0] !== lineFeed;
  } finally {
    await fs.close(fd);
  }
}

/** Sums up the content of a plain segment, after making it durable: a dead producer may not have. */
export async function summarizeDurably(path: string, fs: FileSystem): Promise<ContentSummary> {
  const { fd } = await openForReading(path, fs);
  try {
    await syncFile(fd, path, fs);
    const summary = new ContentSummary();
    const buffer = Buffer.allocUnsafe(limits.readChunkBytes);
    for (let position = 0; ; ) {
      const length = await fs.read(fd, buffer, 0, buffer.length, position);
      if (length === 0) return summary;
      summary.add(buffer.subarray(0, length));
      position += length;
    }
  } finally {
    await fs.close(fd);
  }
}
