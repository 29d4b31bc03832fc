import { readFully } from "../files/regular-file.js";
import type { ContentPiece, ContentRequest } from "./content.js";
import { type InflatedRegion, inflateStream } from "./inflate-stream.js";

/** Output per piece of a file that somebody else compressed. */
const foreignPieceBytes = 64 * 1024;

/** The content of a file that is gzip of any origin, or zstd. */
export async function* inflatedContent(
  request: ContentRequest,
  decoder: "gzip" | "zstd",
): AsyncGenerator<ContentPiece, void> {
  const region = { from: 0, to: request.bytes, logicalOffset: 0, decoder, pieceBytes: foreignPieceBytes };
  const pieces = inflateRegion(request, region);
  let end = 0;
  try {
    while (end < request.endOffset) {
      const next = await pieces.next();
      if (next.done) {
        if (next.value !== undefined) request.onDamage({ offset: end, length: 0, message: next.value });
        return;
      }
      end = next.value.offset + next.value.bytes.length;
      yield next.value;
    }
  } finally {
    await pieces.return(undefined);
  }
}

/**
 * Decompresses all that is in a region, in constant memory: gzip members one after another, also with zeros between
 * them, or zstd frames. Yields what comes out up to the end or to the first damage, which is returned in words;
 * `undefined` when all of it was whole.
 */
export async function* inflateRegion(
  request: ContentRequest,
  region: InflatedRegion,
): AsyncGenerator<ContentPiece, string | undefined> {
  let { from, logicalOffset } = region;
  while (from < region.to) {
    const pieces = inflateStream(request, { ...region, from, logicalOffset });
    try {
      let next = await pieces.next();
      for (; !next.done; next = await pieces.next()) {
        logicalOffset = next.value.offset + next.value.bytes.length;
        yield next.value;
      }
      const { damage, consumedBytes } = next.value;
      if (damage !== undefined) return damage;
      from += consumedBytes;
    } finally {
      await pieces.return({ damage: undefined, consumedBytes: 0 });
    }
    if (region.decoder === "gzip") from = await skipZeros(request, from, region.to);
  }
  return undefined;
}

/** Padding after gzip is no damage (gzip(1) ignores it too), but something may follow it. */
async function skipZeros({ fd, path, fs }: ContentRequest, from: number, to: number): Promise<number> {
  const buffer = Buffer.allocUnsafeSlow(4096);
  for (let offset = from; offset < to; offset += buffer.length) {
    const filled = await readFully(fd, buffer, Math.min(buffer.length, to - offset), offset, path, fs);
    const first = buffer.subarray(0, filled).findIndex((byte) => byte !== 0);
    if (first !== -1) return offset + first;
  }
  return to;
}
