import { StorageError } from "../errors/storage-error.js";
import { readFully } from "../files/regular-file.js";
import { type Member, membersOf } from "../gzip/list-members.js";
import { type ContentPiece, type ContentRequest, clipPiece, inflationMessage } from "./content.js";
import type { OpenSegment } from "./open-content.js";
import { readIntactMember, recoverMember } from "./read-member.js";

/**
 * The content of an open segment in pieces from the last to the first. `afterDamage` of a piece says that content
 * *after* it is missing.
 *
 * @throws StorageError `NOT_SEEKABLE` for compressed content that can only be read from its beginning
 */
export async function* backwardContent(
  file: OpenSegment,
  request: ContentRequest & { maxInflatedBytes: number },
): AsyncGenerator<ContentPiece, void> {
  if (file.format === "plain") {
    yield* backwardPlainContent(request);
    return;
  }
  const members =
    file.format === "members" ? await membersOf(file.fd, request.bytes, file.path, request.fs) : undefined;
  if (members === undefined) {
    const message = `${file.path} is compressed in a way that can only be read from its beginning; read it forward`;
    throw new StorageError("NOT_SEEKABLE", message, { path: file.path });
  }
  yield* backwardMemberContent(request, members);
}

async function* backwardPlainContent(request: ContentRequest): AsyncGenerator<ContentPiece, void> {
  const { fd, path, fs, startOffset, chunkBytes } = request;
  const contentEnd = Math.min(request.bytes, request.endOffset);
  const bufferBytes = Math.min(chunkBytes, Math.max(1, contentEnd - startOffset));
  let [current, other]: [Buffer | undefined, Buffer | undefined] = [undefined, undefined];
  for (let end = contentEnd; end > startOffset; ) {
    [current, other] = [other ?? Buffer.allocUnsafeSlow(bufferBytes), current];
    const offset = Math.max(startOffset, end - bufferBytes);
    const filled = await readFully(fd, current, end - offset, offset, path, fs);
    if (filled < end - offset) {
      throw new StorageError("SEGMENT_CHANGED", `${path} became shorter while it was read; read it again`, {
        path,
      });
    }
    yield { offset, bytes: current.subarray(0, filled) };
    end = offset;
  }
}

async function* backwardMemberContent(
  request: ContentRequest & { maxInflatedBytes: number },
  members: Member[],
): AsyncGenerator<ContentPiece, void> {
  let afterDamage = false;
  let inflatedBytes = 0;
  for (const member of members.reverse()) {
    const { logicalOffset, logicalBytes } = member;
    if (logicalOffset >= request.endOffset) continue;
    if (logicalOffset + logicalBytes <= request.startOffset) return;
    inflatedBytes += logicalBytes;
    if (inflatedBytes > request.maxInflatedBytes) {
      const message = inflationMessage(request.maxInflatedBytes, request.bytes);
      request.onDamage({ offset: logicalOffset, length: 0, message });
      return;
    }
    const intact = await readIntactMember(request, member);
    const bytes = intact ?? (await recoverMember(request, member));
    afterDamage ||= intact === undefined;
    const piece = clipPiece(
      { offset: logicalOffset, bytes, afterDamage },
      request.startOffset,
      request.endOffset,
    );
    if (piece === undefined) continue;
    yield piece;
    afterDamage = false;
  }
}
