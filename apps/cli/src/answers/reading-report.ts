import type { QueryReport } from "@prodigy-events/query";

/** What an answer rests on, as the JSON output says it. A stable contract. */
export function readingReport(report: QueryReport): Record<string, unknown> {
  return {
    lines_read: report.linesRead,
    matched: report.matched,
    malformed: report.malformed,
    torn: report.torn,
    pending: report.pending,
    pending_bytes: report.pendingBytes,
    duplicates: report.duplicates,
    segments: report.segments,
    bytes_read: report.bytesRead,
    unreadable: report.unreadable,
    problems: report.problems.map(({ path, offset, length, reason, message, preview }) => ({
      path,
      offset,
      length,
      reason,
      message,
      preview,
    })),
    problem_files: report.problemFiles,
    sources: report.sources,
  };
}
