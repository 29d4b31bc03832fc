import { readSync } from "node:fs";
import type { FileSystem } from "../files/file-system.js";
import { nodeFileSystem } from "../files/node-file-system.js";
import { openForReading } from "../files/regular-file.js";
import { boundaryAt, boundaryBytes, isConfirmed, readBoundary } from "./member-boundary.js";
import { type MemberHeader, memberHeaderBytes } from "./member-header.js";

/** Where one gzip member is, in the file and in the content. */
export interface Member extends MemberHeader {
  /** Of its first byte in the file. */
  offset: number;
  /** Of its first byte in the uncompressed content. */
  logicalOffset: number;
}

/**
 * The members of a gzip file of ours, found by stepping from header to header, without inflating anything: one small
 * read for each.
 * `undefined` when the file is anything else, or does not consist of whole members of ours from end to end.
 *
 * @throws StorageError when the file cannot be opened or read
 */
export async function listMembers(
  path: string,
  fs: FileSystem = nodeFileSystem,
): Promise<Member[] | undefined> {
  const file = await openForReading(path, fs);
  try {
    return await membersOf(file.fd, file.stats.size, path, fs);
  } finally {
    await fs.close(file.fd);
  }
}

/** {@link listMembers} for an open file of `bytes` bytes. */
export async function membersOf(
  fd: number,
  bytes: number,
  path: string,
  fs: FileSystem,
): Promise<Member[] | undefined> {
  const { members, endOffset } = await stepThroughMembers(fd, bytes, path, fs);
  return members.length === 0 || endOffset < bytes ? undefined : members;
}

/** The whole members from the beginning of a file on, and where the first byte is that belongs to none. */
export async function stepThroughMembers(
  fd: number,
  bytes: number,
  path: string,
  fs: FileSystem,
): Promise<{ members: Member[]; endOffset: number; logicalEndOffset: number }> {
  const members: Member[] = [];
  let logicalOffset = 0;
  let offset = 0;
  let { next: header } = await readBoundary(fd, 0, path, fs);
  while (offset < bytes && header !== undefined) {
    const end = offset + header.compressedBytes;
    const after = await readBoundary(fd, end, path, fs);
    if (!isConfirmed(header, end, after, bytes)) break;
    members.push({ ...header, offset, logicalOffset });
    logicalOffset += header.logicalBytes;
    [offset, header] = [end, after.next];
  }
  return { members, endOffset: offset, logicalEndOffset: logicalOffset };
}

/** The members of an open file, as {@link membersOf} finds them, without waiting for anything. */
export function stepThroughMembersSync(fd: number, bytes: number): Member[] | undefined {
  const members: Member[] = [];
  const buffer = Buffer.alloc(boundaryBytes);
  const boundary = (at: number) => {
    const start = Math.max(0, at - (boundaryBytes - memberHeaderBytes));
    return boundaryAt(buffer.subarray(0, readSync(fd, buffer, 0, boundaryBytes, start)), at - start);
  };
  let logicalOffset = 0;
  let offset = 0;
  let { next: header } = boundary(0);
  while (offset < bytes && header !== undefined) {
    const end = offset + header.compressedBytes;
    const after = boundary(end);
    if (!isConfirmed(header, end, after, bytes)) return undefined;
    members.push({ ...header, offset, logicalOffset });
    logicalOffset += header.logicalBytes;
    [offset, header] = [end, after.next];
  }
  return members.length > 0 && offset === bytes ? members : undefined;
}
