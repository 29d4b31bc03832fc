import { readFully } from "../files/regular-file.js";
import { isPlausibleSize, readBoundary } from "../gzip/member-boundary.js";
import { findMemberSignature, signatureBytes } from "../gzip/member-header.js";
import type { ContentPiece, ContentRequest } from "./content.js";
import { inflateRegion } from "./inflated-content.js";

/** Small pieces of output, because the last one before damage is lost; not the smallest, because a region may be long. */
const regionPieceBytes = 1024;

/** A part of a file between members of ours that can be found. */
export interface Region {
  from: number;
  to: number;
  logicalOffset: number;
  afterDamage: boolean;
}

/** Where and how content goes on after a region. */
export interface Resumption {
  logicalOffset: number;
  afterDamage: boolean;
}

/**
 * Yields what a region that is no confirmed member of ours gives as ordinary gzip: a damaged or cut-off member, or
 * gzip that somebody else appended.
 *
 * @param promisedBytes the size that a member's header gives, where one could be read
 */
export async function* regionContent(
  request: ContentRequest,
  { from, to, logicalOffset, afterDamage }: Region,
  promisedBytes: number | undefined,
): AsyncGenerator<ContentPiece, Resumption> {
  const region = { from, to, logicalOffset, decoder: "gzip" as const, pieceBytes: regionPieceBytes };
  const pieces = inflateRegion(request, region);
  let end = logicalOffset;
  try {
    for (let next = await pieces.next(); ; next = await pieces.next()) {
      if (!next.done) {
        yield { ...next.value, afterDamage: afterDamage && end === logicalOffset };
        end = next.value.offset + next.value.bytes.length;
      } else if (next.value === undefined) {
        return { logicalOffset: end, afterDamage: afterDamage && end === logicalOffset };
      } else {
        const stored = (await readBoundary(request.fd, to, request.path, request.fs)).storedBytes;
        const resumeAt = resumptionOffset(logicalOffset, end, promisedBytes ?? stored);
        request.onDamage({ offset: end, length: resumeAt - end, message: next.value });
        return { logicalOffset: resumeAt, afterDamage: true };
      }
    }
  } finally {
    await pieces.return(undefined);
  }
}

/** Offsets after damage are true when the size of what was damaged is known, and a lower bound otherwise. */
function resumptionOffset(start: number, end: number, expectedBytes = 0): number {
  return isPlausibleSize(expectedBytes) ? Math.max(end, start + expectedBytes) : end;
}

/** Bytes per read when a header is looked for. */
const searchBytes = 64 * 1024;

/** The offset of the next member's header at or after `from`, or the end of the file. */
export async function findNextMember(request: ContentRequest, from: number): Promise<number> {
  const buffer = Buffer.allocUnsafeSlow(searchBytes);
  for (let offset = from; offset < request.bytes; offset += buffer.length - signatureBytes) {
    const filled = await readFully(request.fd, buffer, buffer.length, offset, request.path, request.fs);
    const found = findMemberSignature(buffer.subarray(0, filled), 0);
    if (found !== -1) return offset + found;
  }
  return request.bytes;
}
