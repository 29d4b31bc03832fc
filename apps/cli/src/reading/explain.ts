import type { QueryReport, SegmentRead } from "@prodigy-events/query";
import { formatSize } from "../options/size.js";
import { formatCount, plural } from "../output/count-text.js";
import type { Messages } from "../output/messages.js";

/**
 * Says how an answer was found, if that was asked for: one line for each segment, then sums, and the time since the
 * program began. For people; what it says may change.
 */
export function explainReading(
  report: QueryReport,
  { explain }: { readonly explain: boolean },
  messages: Messages,
): void {
  if (!explain) return;
  const { strategy, threads, reads, linesRead, parsedLines, malformed } = report;
  messages.note(`strategy: ${strategies[strategy]}, ${plural(threads, "thread")}`);
  for (const read of reads) messages.note(`  ${describeRead(read)}`);
  const bytesRead = reads.reduce((sum, read) => sum + read.bytesRead, 0);
  const bytesSkipped = reads.reduce((sum, read) => sum + read.bytesSkipped, 0);
  messages.note(
    [
      plural(reads.length, "segment"),
      `${formatSize(bytesRead)} read`,
      `${formatSize(bytesSkipped)} skipped`,
      `${plural(linesRead, "line")}, ${formatCount(parsedLines)} parsed`,
      `${formatCount(malformed)} malformed`,
      `${(performance.now() / 1000).toFixed(3)} s`,
    ].join(" · "),
  );
}

const strategies: Readonly<Record<QueryReport["strategy"], string>> = {
  merge: "every record, merged by time",
  gather: "wanted records are found in any order, then sorted",
  newest: "backward from the newest record",
  "count-then-merge": "counted, then merged by time",
  count: "counted in any order",
};

function describeRead({ path, strategy, bytesRead, bytesSkipped }: SegmentRead): string {
  return `${strategy.padEnd(10)}  ${formatSize(bytesRead).padStart(10)} read  ${formatSize(bytesSkipped).padStart(10)} skipped  ${path}`;
}
