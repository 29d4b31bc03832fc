import { indexPath } from "@prodigy-events/storage";
import { checkSegmentIndex, type IndexState } from "../segment-index/check-segment-index.js";
import type { SourceSegment } from "../source/source-segment.js";
import type { VerifyContext } from "./verify-context.js";

const reasons: { readonly [State in IndexState]?: string } = {
  damaged: "it is not what was written",
  unreadable: "it cannot be read",
  "other version": "it is of another version",
  "other file": "it is of another file",
  rewritten: "it is of content that the segment has no more",
};

/** Tells of an index that is of no use. That is no damage: the segment is read instead, and the index built anew. */
export async function checkIndex({ segment, origin }: SourceSegment, context: VerifyContext): Promise<void> {
  if (origin === "stdin") return;
  const { state } = await checkSegmentIndex(segment, context.fs);
  const reason = reasons[state];
  if (reason === undefined) return;
  const path = indexPath(segment.directory, segment.logicalName);
  const message = `the index is not used: ${reason}; \`prodigy events index\` builds it anew`;
  context.findings.add("unusable_index", path, message);
}
