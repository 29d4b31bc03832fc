import type { FileSystem } from "../files/file-system.js";
import { readFully } from "../files/regular-file.js";
import { limits } from "../limits.js";
import {
  type MemberHeader,
  memberHeaderBytes,
  memberTrailerBytes,
  parseMemberHeader,
} from "./member-header.js";

/** What is on both sides of a place in a file where one member ends and the next begins. */
export interface MemberBoundary {
  /** The size of the content, as the trailer of the member before says (RFC 1952, ISIZE). */
  storedBytes: number | undefined;
  /** The header of the member after; `undefined` at the end of the file or when that is no member of ours. */
  next: MemberHeader | undefined;
}

/** Bytes around a boundary that tell what is on both sides of it. */
export const boundaryBytes = memberTrailerBytes + memberHeaderBytes;

/** Looks at the place `offset` of an open file with one read. */
export async function readBoundary(
  fd: number,
  offset: number,
  path: string,
  fs: FileSystem,
): Promise<MemberBoundary> {
  const before = Math.min(offset, memberTrailerBytes);
  const buffer = Buffer.alloc(before + memberHeaderBytes);
  const filled = await readFully(fd, buffer, buffer.length, offset - before, path, fs);
  return boundaryAt(buffer.subarray(0, filled), before);
}

/** What the bytes around a boundary say: `before` of them stand before it. */
export function boundaryAt(bytes: Buffer, before: number): MemberBoundary {
  const header = parseMemberHeader(bytes.subarray(before));
  return {
    storedBytes:
      before === memberTrailerBytes && bytes.length >= before ? bytes.readUInt32LE(before - 4) : undefined,
    next: header !== undefined && isPlausible(header) ? header : undefined,
  };
}

/**
 * Whether a header is right about where its member ends and how much it holds: the trailer agrees, and another
 * header follows or the file ends.
 */
export function isConfirmed(
  header: MemberHeader,
  end: number,
  after: MemberBoundary,
  fileBytes: number,
): boolean {
  return after.storedBytes === header.logicalBytes && (after.next !== undefined || end === fileBytes);
}

/** A member that is larger than any we write has a damaged header; reading it could exhaust the memory. */
function isPlausible({ compressedBytes, logicalBytes }: MemberHeader): boolean {
  return compressedBytes <= limits.maxMemberCompressedBytes && isPlausibleSize(logicalBytes);
}

/** True for a number of bytes that one member of ours can hold. */
export function isPlausibleSize(logicalBytes: number): boolean {
  return logicalBytes <= limits.maxMemberBytes;
}
