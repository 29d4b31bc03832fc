import { type FileSystem, openForReading, readFully } from "@prodigy-events/storage";

/** How the bytes of a file are to be understood. */
export type Encoding = "plain" | "gzip" | "zstd";

/** Tells the encoding of a file from its first bytes (RFC 1952, RFC 8878); no text begins with these. */
export async function encodingOf(path: string, fs: FileSystem): Promise<Encoding> {
  const { fd } = await openForReading(path, fs);
  try {
    const beginning = Buffer.alloc(4);
    await readFully(fd, beginning, beginning.length, 0, path, fs);
    if (beginning[0] === 0x1f && beginning[1] === 0x8b) return "gzip";
    return zstdMagics.has(beginning.toString("hex")) ? "zstd" : "plain";
  } finally {
    await fs.close(fd);
  }
}

/** A frame, or one of the 16 kinds of skippable frames. */
const zstdMagics = new Set(["28b52ffd", ..."0123456789abcdef".split("").map((digit) => `5${digit}2a4d18`)]);
