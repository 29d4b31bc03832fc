import type { Transform } from "node:stream";
import zlib from "node:zlib";
import { StorageError } from "../errors/storage-error.js";
import type { ContentPiece, ContentRequest } from "./content.js";
import { plainContent } from "./plain-content.js";
import { runDecoder } from "./run-decoder.js";

/** Compressed bytes per read. */
const inputBytes = 64 * 1024;

/** A region of a file that is to be decompressed. */
export interface InflatedRegion {
  /** First byte of the region in the file. */
  from: number;
  /** First byte after it. */
  to: number;
  /** Uncompressed offset of its first byte. */
  logicalOffset: number;
  decoder: "gzip" | "zstd";
  /** Bytes of output per piece; what a broken stream yields is lost from the last full piece on. */
  pieceBytes: number;
}

/** How a stream ended. */
export interface StreamEnd {
  /** What is wrong with the compressed data, in words; `undefined` when it is whole. */
  damage: string | undefined;
  /** Bytes that the decoder took; it stops after a zstd frame and before zeros that follow gzip. At least one. */
  consumedBytes: number;
}

/**
 * Runs one decoder over the beginning of a region and yields what comes out.
 *
 * @throws StorageError when the file cannot be read, `ZSTD_UNSUPPORTED` when this Node has no zstd
 */
export async function* inflateStream(
  request: ContentRequest,
  region: InflatedRegion,
): AsyncGenerator<ContentPiece, StreamEnd> {
  const { from, to } = region;
  const input = plainContent({ ...request, startOffset: from, endOffset: to, chunkBytes: inputBytes });
  const decoder = createDecoder(region, request.path);
  let offset = region.logicalOffset;
  try {
    for await (const bytes of runDecoder(decoder, piecesOf(input))) {
      yield { offset, bytes };
      offset += bytes.length;
    }
    const consumedBytes = decoder.bytesWritten;
    return { damage: consumedBytes === 0 ? "the compressed data is empty" : undefined, consumedBytes };
  } catch (error) {
    if (error instanceof StorageError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    const damage = `the compressed data is damaged or cut off (${reason}); nobody can say whether what was read of it is sound`;
    return { damage, consumedBytes: decoder.bytesWritten };
  }
}

async function* piecesOf(content: AsyncGenerator<ContentPiece, void>): AsyncGenerator<Buffer, void> {
  for await (const { bytes } of content) yield bytes;
}

type Decoder = Transform & { readonly bytesWritten: number };

interface ZstdCapableZlib {
  createZstdDecompress?: (options: { chunkSize: number; readableHighWaterMark: number }) => Decoder;
}

/**
 * With a high-water mark of one byte the decoder works on only when its last piece of output was taken, so that an
 * error never overtakes output that came before it.
 */
function createDecoder({ decoder, pieceBytes }: InflatedRegion, path: string): Decoder {
  const options = { chunkSize: pieceBytes, readableHighWaterMark: 1 };
  if (decoder === "gzip") return zlib.createGunzip(options as zlib.ZlibOptions);
  const create = (zlib as ZstdCapableZlib).createZstdDecompress;
  if (create !== undefined) return create(options);
  const message = `${path} is compressed with zstd, which Node ${process.versions.node} cannot read; use Node 22.15 or later, or decompress it with 'zstd -d'`;
  throw new StorageError("ZSTD_UNSUPPORTED", message, { path });
}
