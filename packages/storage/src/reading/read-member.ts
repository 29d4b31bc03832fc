import { readFully } from "../files/regular-file.js";
import type { Member } from "../gzip/list-members.js";
import { type DecodedMember, decodeMember } from "../gzip/member.js";
import type { ContentRequest } from "./content.js";
import { inflateRegion } from "./inflated-content.js";

/** zlib's smallest piece of output: what was inflated of the piece in which the damage is met is lost. */
const salvagePieceBytes = 64;

/** The content of a member; `undefined` when that is not what was compressed. */
export async function readIntactMember(request: ContentRequest, place: Member): Promise<Buffer | undefined> {
  const decoded = await decode(request, place);
  return decoded?.intact ? decoded.content : undefined;
}

/**
 * What is left of a damaged member, which is reported. A content that does not match its checksum is returned all the
 * same: most of its lines are sound, and nobody can say which are not.
 */
export async function recoverMember(request: ContentRequest, place: Member): Promise<Buffer> {
  const { logicalOffset, logicalBytes } = place;
  const decoded = await decode(request, place);
  const content = (decoded?.content ?? (await salvage(request, place))).subarray(0, logicalBytes);
  const message =
    content.length === logicalBytes
      ? "the content does not match its checksum: lines in this range may be altered"
      : `only ${content.length} bytes can be inflated: lines in this range are missing or may be altered`;
  request.onDamage({ offset: logicalOffset, length: logicalBytes, message });
  return content;
}

async function decode(request: ContentRequest, place: Member): Promise<DecodedMember | undefined> {
  const member = Buffer.allocUnsafeSlow(place.compressedBytes);
  const filled = await readFully(request.fd, member, member.length, place.offset, request.path, request.fs);
  return filled < member.length ? undefined : decodeMember(member, place.logicalBytes);
}

async function salvage(
  request: ContentRequest,
  { offset, compressedBytes, logicalOffset, logicalBytes }: Member,
): Promise<Buffer> {
  const region = { from: offset, to: offset + compressedBytes, logicalOffset, decoder: "gzip" as const };
  const parts: Buffer[] = [];
  let salvagedBytes = 0;
  for await (const { bytes } of inflateRegion(request, { ...region, pieceBytes: salvagePieceBytes })) {
    parts.push(bytes);
    salvagedBytes += bytes.length;
    if (salvagedBytes >= logicalBytes) break; // it says that it holds no more: the rest is damage, or a bomb
  }
  return Buffer.concat(parts);
}
