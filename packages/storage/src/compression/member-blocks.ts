import type { FileSystem } from "../files/file-system.js";
import { readFully } from "../files/regular-file.js";
import { limits } from "../limits.js";

const lineEnd = 0x0a;

/**
 * Cuts an open file into blocks for gzip members: as many whole lines as fit into `memberBytes`; one line where that
 * alone is longer; the bytes alone where even the greatest member has no line end. At least one block, which is empty
 * for an empty file, because gzip of nothing is not a file of 0 bytes. Each block is valid until the next is asked for.
 */
export async function* memberBlocks(
  fd: number,
  path: string,
  memberBytes: number,
  fs: FileSystem,
): AsyncGenerator<Buffer, void> {
  let buffer: Buffer = Buffer.allocUnsafeSlow(memberBytes);
  const readBlock = async (offset: number, size: number) => {
    if (size > buffer.length) buffer = Buffer.allocUnsafeSlow(size);
    return buffer.subarray(0, await readFully(fd, buffer, size, offset, path, fs));
  };
  for (let offset = 0; ; ) {
    let size = memberBytes;
    let block = await readBlock(offset, size);
    let lineBytes = block.lastIndexOf(lineEnd) + 1;
    while (lineBytes === 0 && block.length === size && size < limits.maxMemberBytes) {
      size = Math.min(2 * size, limits.maxMemberBytes);
      block = await readBlock(offset, size);
      lineBytes = block.indexOf(lineEnd) + 1;
    }
    const reachesEnd = block.length < size;
    const takesAll = lineBytes === 0 || (reachesEnd && size === memberBytes);
    const length = takesAll ? block.length : lineBytes;
    if (length > 0 || offset === 0) yield block.subarray(0, length);
    if (reachesEnd && takesAll) return;
    offset += length;
  }
}
