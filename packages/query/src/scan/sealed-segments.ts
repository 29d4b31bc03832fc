import { isAsWritten } from "@prodigy-events/storage";
import type { ReadContext } from "../read/read-context.js";
import type { PlanIndexes } from "./plan-indexes.js";
import type { ScannedSegment } from "./scan-part.js";

/** The numbers of those segments that have to be read, and are as their writers sealed them. */
export async function sealedSegments(
  segments: readonly ScannedSegment[],
  indexes: PlanIndexes,
  { fs, bounds: { minSealedBytes } }: Pick<ReadContext, "fs" | "bounds">,
): Promise<ReadonlySet<number>> {
  const sealed = new Set<number>();
  await Promise.all(
    segments.map(async ({ planned, producerId }) => {
      const { source, file } = planned;
      if (producerId === undefined || source.segment.bytes < minSealedBytes) return;
      if (indexes.covered(planned)?.isAll || indexes.wantsIndex(planned)) return;
      if (await isAsWritten(source.segment, fs)) sealed.add(file);
    }),
  );
  return sealed;
}
