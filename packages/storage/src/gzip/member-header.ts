/** Fixed part of every member's header: RFC 1952 with FLG = FEXTRA and one subfield `PE` of 8 bytes. */
const signature = Buffer.from([0x1f, 0x8b, 8, 4, 0, 0, 0, 0, 0, 0xff, 12, 0, 0x50, 0x45, 8, 0]);

/** Bytes before the deflate stream of a member. */
export const memberHeaderBytes = signature.length + 8;

/** Bytes after it: CRC-32 and size of the content. */
export const memberTrailerBytes = 8;

/** What a member's header says. */
export interface MemberHeader {
  /** The whole member on disk: header, deflate stream, trailer. */
  compressedBytes: number;
  /** Its content. */
  logicalBytes: number;
}

/** The first bytes of a member; FORMAT.md shows the layout. */
export function encodeMemberHeader({ compressedBytes, logicalBytes }: MemberHeader): Buffer {
  const header = Buffer.alloc(memberHeaderBytes);
  signature.copy(header);
  header.writeUInt32LE(compressedBytes, signature.length);
  header.writeUInt32LE(logicalBytes, signature.length + 4);
  return header;
}

/** The header that `bytes` begins with, or `undefined` when that is not one of our members. */
export function parseMemberHeader(bytes: Uint8Array): MemberHeader | undefined {
  if (bytes.length < memberHeaderBytes || !startsWithSignature(bytes)) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const compressedBytes = view.getUint32(signature.length, true);
  const logicalBytes = view.getUint32(signature.length + 4, true);
  if (compressedBytes <= memberHeaderBytes + memberTrailerBytes) return undefined;
  return { compressedBytes, logicalBytes };
}

function startsWithSignature(bytes: Uint8Array): boolean {
  return signature.equals(bytes.subarray(0, signature.length));
}

/** Fixed bytes that must be right for a file to be taken for ours although the header of its first member is damaged. */
const resemblingBytes = 12;

/** True when `bytes` begin with the header of a member of ours, perhaps a damaged one. No other file resembles it. */
export function resemblesMember(bytes: Uint8Array): boolean {
  return signature.filter((byte, index) => bytes[index] === byte).length >= resemblingBytes;
}

/** Where in `bytes` the next member may begin, at or after `from`; -1 when nowhere. */
export function findMemberSignature(bytes: Buffer, from: number): number {
  return bytes.indexOf(signature, from);
}

/** Bytes that two consecutive reads must overlap so that no signature is missed between them. */
export const signatureBytes = signature.length;
