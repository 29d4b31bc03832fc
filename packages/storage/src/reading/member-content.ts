import { isConfirmed, readBoundary } from "../gzip/member-boundary.js";
import type { ContentPiece, ContentRequest } from "./content.js";
import { readIntactMember, recoverMember } from "./read-member.js";
import { findNextMember, type Resumption, regionContent } from "./region-content.js";

/**
 * The content of a gzip file of ours, member by member. Members before `startOffset` are stepped over. Damage costs
 * the content of its own member only: what can be inflated of that is yielded, the damage is reported, and reading
 * goes on at the next member.
 */
export async function* memberContent(request: ContentRequest): AsyncGenerator<ContentPiece, void> {
  const { fd, path, fs } = request;
  let offset = 0;
  let logicalOffset = 0;
  let afterDamage = false;
  let { next: header } = await readBoundary(fd, offset, path, fs);
  while (offset < request.bytes && logicalOffset < request.endOffset) {
    const end = offset + (header?.compressedBytes ?? 0);
    const after = await readBoundary(fd, end, path, fs);
    const confirmed = header !== undefined && isConfirmed(header, end, after, request.bytes);
    const member = header === undefined ? undefined : { ...header, offset, logicalOffset };
    const logicalEnd = logicalOffset + (header?.logicalBytes ?? 0);
    if (confirmed && logicalEnd <= request.startOffset) {
      [offset, logicalOffset, header] = [end, logicalEnd, after.next];
      continue;
    }
    const intact = member === undefined ? undefined : await readIntactMember(request, member);
    if (member !== undefined && (intact !== undefined || confirmed)) {
      yield { offset: logicalOffset, bytes: intact ?? (await recoverMember(request, member)), afterDamage };
      afterDamage = intact === undefined;
      [offset, logicalOffset, header] = [end, logicalEnd, after.next];
      continue;
    }
    const region = {
      from: offset,
      to: await findNextMember(request, offset + 1),
      logicalOffset,
      afterDamage,
    };
    const resumption: Resumption = yield* regionContent(request, region, header?.logicalBytes);
    ({ logicalOffset, afterDamage } = resumption);
    offset = region.to;
    ({ next: header } = await readBoundary(fd, offset, path, fs));
  }
}
