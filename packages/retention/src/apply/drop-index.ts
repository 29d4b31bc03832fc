import { type FileSystem, removeIndex } from "@prodigy-events/storage";
import type { PlannedSegment } from "../plan/retention-plan.js";

/**
 * Removes the index of a segment whose content has gone, wholly or in part: it names ids of records that were to be
 * removed. One that cannot be removed fits no segment any more, and is no reason to call the clean a failure.
 */
export async function dropIndex(
  { directory, logicalName }: Pick<PlannedSegment, "directory" | "logicalName">,
  fs: FileSystem,
): Promise<void> {
  await removeIndex(directory, logicalName, fs).catch(() => undefined); // see above
}
