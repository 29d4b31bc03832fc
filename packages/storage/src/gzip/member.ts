import { promisify } from "node:util";
import zlib from "node:zlib";
import { encodeMemberHeader, memberHeaderBytes, memberTrailerBytes } from "./member-header.js";

const deflateRaw = promisify<zlib.InputType, zlib.ZlibOptions, Buffer>(zlib.deflateRaw);
const inflateRaw = promisify<zlib.InputType, zlib.ZlibOptions, Buffer>(zlib.inflateRaw);

/** Compresses `content` to one whole gzip member, in the thread pool. */
export async function encodeMember(content: Uint8Array): Promise<Buffer> {
  const deflated = await deflateRaw(content, { level: zlib.constants.Z_DEFAULT_COMPRESSION });
  const compressedBytes = memberHeaderBytes + deflated.length + memberTrailerBytes;
  const trailer = Buffer.alloc(memberTrailerBytes);
  trailer.writeUInt32LE(zlib.crc32(content), 0);
  trailer.writeUInt32LE(content.length, 4);
  return Buffer.concat([
    encodeMemberHeader({ compressedBytes, logicalBytes: content.length }),
    deflated,
    trailer,
  ]);
}

/** The content of a member, and whether it is what was compressed. */
export type DecodedMember = { content: Buffer; intact: boolean };

/**
 * Inflates one whole member in the thread pool, into at most `logicalBytes`. `undefined` when the deflate stream
 * is broken or longer than that; `intact` is false when the checksum or the size differ.
 */
export async function decodeMember(member: Buffer, logicalBytes: number): Promise<DecodedMember | undefined> {
  const deflated = member.subarray(memberHeaderBytes, member.length - memberTrailerBytes);
  try {
    const outputBytes = Math.max(logicalBytes, 64); // zlib's smallest output buffer
    const content = await inflateRaw(deflated, { chunkSize: outputBytes, maxOutputLength: outputBytes });
    const storedCrc32 = member.readUInt32LE(member.length - memberTrailerBytes);
    const storedBytes = member.readUInt32LE(member.length - 4);
    const sameSize = content.length === logicalBytes && content.length === storedBytes;
    return { content, intact: sameSize && zlib.crc32(content) === storedCrc32 };
  } catch {
    return undefined; // Z_DATA_ERROR, Z_BUF_ERROR or too long: the caller salvages what it can and reports it
  }
}
