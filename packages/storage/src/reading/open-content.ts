import { errnoOf } from "../errors/describe-file-error.js";
import type { FileSystem } from "../files/file-system.js";
import { type OpenFile, openForReading, readFully } from "../files/regular-file.js";
import { limits } from "../limits.js";
import { relocateSegment } from "../segments/resolve-segment.js";
import type { Segment } from "../segments/segment.js";
import {
  type ContentPiece,
  type ContentRequest,
  clipPiece,
  type Damage,
  inflationMessage,
} from "./content.js";
import { type ContentFormat, contentFormatOf, formatProbeBytes } from "./content-format.js";
import { inflatedContent } from "./inflated-content.js";
import { memberContent } from "./member-content.js";
import { plainContent } from "./plain-content.js";

/** A segment's file, open for reading, and what is in it. */
export interface OpenSegment extends OpenFile {
  /** Where it was found: a segment that was renamed since it was listed is found again. */
  path: string;
  format: ContentFormat;
}

/** Opens a segment and tells its format. The caller closes `fd`. */
export async function openSegment(segment: Segment | string, fs: FileSystem): Promise<OpenSegment> {
  const { path, file } = await openWhereverItIs(segment, fs);
  try {
    const probe = Buffer.alloc(formatProbeBytes);
    const filled = await readFully(file.fd, probe, formatProbeBytes, 0, path, fs);
    return { ...file, path, format: contentFormatOf(probe.subarray(0, filled)) };
  } catch (error) {
    await fs.close(file.fd);
    throw error;
  }
}

async function openWhereverItIs(
  segment: Segment | string,
  fs: FileSystem,
): Promise<{ path: string; file: OpenFile }> {
  let place = segment;
  for (let attempt = 0; ; attempt += 1) {
    const path = typeof place === "string" ? place : place.path;
    try {
      return { path, file: await openForReading(path, fs) };
    } catch (error) {
      if (errnoOf(error) !== "ENOENT" || typeof place === "string" || attempt === limits.maxRelocations)
        throw error;
      const moved = await relocateSegment(place, fs);
      if (moved === undefined) throw error;
      place = moved;
    }
  }
}

/** Which part of a segment's content is wanted, and in what pieces. */
export interface ContentOptions {
  startOffset: number;
  endOffset: number;
  chunkBytes: number;
  maxInflatedBytes: number;
  onDamage(damage: Damage): void;
}

/** The uncompressed content of an open segment, in order, clipped to the wanted range. */
export async function* contentOf(
  file: OpenSegment,
  options: ContentOptions,
  fs: FileSystem,
): AsyncGenerator<ContentPiece, void> {
  const { startOffset, endOffset } = options;
  const limit = file.format === "plain" ? Number.POSITIVE_INFINITY : options.maxInflatedBytes;
  const request = { ...options, fd: file.fd, path: file.path, bytes: file.stats.size, fs };
  for await (const piece of decodedContent(file.format, request)) {
    const clipped = clipPiece(piece, startOffset, Math.min(endOffset, limit));
    if (clipped !== undefined) yield clipped;
    if (piece.offset + piece.bytes.length <= limit || endOffset <= limit) continue;
    const message = inflationMessage(limit, file.stats.size);
    options.onDamage({ offset: limit, length: 0, message });
    return;
  }
}

function decodedContent(format: ContentFormat, request: ContentRequest): AsyncGenerator<ContentPiece, void> {
  if (format === "plain") return plainContent(request);
  return format === "members" ? memberContent(request) : inflatedContent(request, format);
}
