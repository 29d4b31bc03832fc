import type { Amount, PlannedSegment, RetentionPlan, RetentionReport } from "@prodigy-events/retention";
import type { Report } from "../answers/report.js";
import { formatSize } from "../options/size.js";
import { formatCount, plural } from "../output/count-text.js";
import type { Terminal } from "../terminal/terminal.js";

const reasons: Readonly<Record<string, string>> = {
  "within-policy": "not reached by what was asked",
  "producer-alive": "its writer may still be alive (--assume-dead PRODUCER if it is not)",
  "recently-closed": "closed less than 60 s ago",
  "unknown-writer": "nobody knows who writes it, and someone may be at it (name it with --file)",
  "states-differ": "its plain and compressed copies differ",
  "symbolic-link": "reached through a symbolic link",
  "manifest-differs": "it is not what its manifest says (run verify)",
  "cannot-rewrite": "a part of it would go, and zstd files are never written",
  "no-records": "it holds nothing but lines that cannot be understood, or nothing",
  unreadable: "cannot be read to its end",
};

/** What a clean will do, or did. */
export function cleanReport(
  plan: RetentionPlan,
  result: RetentionReport | undefined,
  isDryRun: boolean,
): Report {
  const rows = plan.segments.map((segment) => segmentRow(segment, result));
  const { totals } = plan;
  return {
    document: {
      dry_run: isDryRun,
      policy: {
        older_than_ms: plan.policy.olderThanMs ?? null,
        max_events: plan.policy.maxEvents ?? null,
        max_bytes: plan.policy.maxBytes ?? null,
        archive_directory: plan.policy.archive?.directory ?? null,
      },
      totals: {
        records_before: totals.before.records,
        records_kept: totals.kept.records,
        records_removed: totals.removed.records,
        bytes_removed: totals.removed.bytes,
        malformed_kept: totals.kept.malformed,
        segments_removed: totals.segmentsRemoved,
        segments_rewritten: totals.segmentsRewritten,
        stored_bytes: totals.storedBytes,
        freed_bytes: totals.freedBytes,
      },
      segments: rows,
      unknown_files: plan.unknownFiles,
      result: result === undefined ? null : resultDocument(result),
    },
    rows,
    columns: [
      { name: "action" },
      { name: "records_removed", align: "right" },
      { name: "records_kept", align: "right" },
      { name: "stored_bytes", align: "right" },
      { name: "keep_reason" },
      { name: "path" },
    ],
    human: (terminal) => humanPlan(plan, terminal),
  };
}

function segmentRow(
  segment: PlannedSegment,
  result: RetentionReport | undefined,
): Readonly<Record<string, unknown>> {
  const outcome = result?.outcomes.find(({ path }) => path === segment.path);
  return {
    path: segment.path,
    repo: segment.repo ?? null,
    job_id: segment.jobId ?? null,
    action: segment.action,
    keep_reason: segment.keepReason ?? null,
    records_removed: segment.removed.records,
    records_kept: segment.kept.records,
    malformed_kept: segment.kept.malformed,
    stored_bytes: segment.storedBytes,
    freed_bytes: outcome?.freedBytes ?? segment.freedBytes,
    status: outcome?.status ?? null,
    archive_path: outcome?.archivePath ?? null,
    error: outcome?.error ?? null,
  };
}

function resultDocument({
  complete,
  conserved,
  totals,
  warnings,
}: RetentionReport): Readonly<Record<string, unknown>> {
  const lines = (part: "before" | "kept" | "archived" | "deleted") => ({
    lines: linesOf(totals[part]),
    bytes: totals[part].bytes,
  });
  return {
    complete,
    conserved,
    before: lines("before"),
    kept: lines("kept"),
    archived: lines("archived"),
    deleted: lines("deleted"),
    records_removed: totals.removed.records,
    records_archived: totals.archived.records,
    freed_bytes: totals.freedBytes,
    done: totals.done,
    skipped: totals.skipped,
    failed: totals.failed,
    warnings,
  };
}

function linesOf({ records, malformed }: Amount): number {
  return records + malformed;
}

/** `checked: 120 lines (45,678 bytes) = 20 kept (…) + 100 archived (…) + 0 deleted`. What was counted, not planned. */
export function describeConservation({ totals, conserved }: RetentionReport): string {
  const part = (amount: Amount, word: string) => {
    const bytes = amount.bytes === 0 ? "" : ` (${plural(amount.bytes, "byte")})`;
    return `${formatCount(linesOf(amount))} ${word}${bytes}`;
  };
  const { before, kept, archived, deleted } = totals;
  const lines = `${plural(linesOf(before), "line")} (${plural(before.bytes, "byte")})`;
  return `checked: ${lines} ${conserved ? "=" : "≠"} ${part(kept, "kept")} + ${part(archived, "archived")} + ${part(deleted, "deleted")}`;
}

function humanPlan(plan: RetentionPlan, terminal: Terminal): string {
  const { paint, safe } = terminal;
  const untouched = plan.segments.filter(isUntouched);
  const lines = plan.segments
    .filter((segment) => !isUntouched(segment))
    .map((segment) => {
      const label = paint(segment.action === "keep" ? "dim" : "strong", segment.action.padEnd(9));
      return `${label} ${safe(segment.path)}  ${paint("dim", safe(explain(segment)))}`;
    });
  const unknown = plan.unknownFiles.map(
    (path) => `${paint("dim", "keep     ")} ${safe(path)}  ${paint("dim", "not an event file")}`,
  );
  const rest = untouched.length === 0 ? [] : [`${paint("dim", "keep     ")} ${explainUntouched(untouched)}`];
  return [...lines, ...unknown, ...rest, summarizePlan(plan), ""].join("\n");
}

/** No limit reaches into it. There may be thousands of these: people get their sum, `--output-format json` has each. */
function isUntouched({ keepReason }: PlannedSegment): boolean {
  return keepReason === "within-policy";
}

function explainUntouched(segments: readonly PlannedSegment[]): string {
  const sum = (count: (segment: PlannedSegment) => number) =>
    segments.reduce((total, segment) => total + count(segment), 0);
  const records = plural(
    sum(({ kept }) => kept.records),
    "record",
  );
  const size = formatSize(sum(({ storedBytes }) => storedBytes));
  return `${plural(segments.length, "segment")} that no limit reaches: ${records}, ${size}`;
}

function explain({ action, removed, kept, storedBytes, keepReason }: PlannedSegment): string {
  const size = formatSize(storedBytes);
  if (action === "remove") return `${plural(removed.records, "record")}, ${size}`;
  if (action === "rewrite")
    return `${formatCount(removed.records)} of ${plural(removed.records + kept.records, "record")} go`;
  const why = keepReason === undefined ? "" : `: ${reasons[keepReason] ?? keepReason}`;
  return action === "set-aside"
    ? `closed by a rename, so that the next clean can work on it${why}`
    : `${plural(kept.records, "record")}, ${size}${why}`;
}

/** `1,304 records in 13 segments go (archived to DIR), 900 stay, and so do 2 lines that cannot be read; about 3.5 MB …`. */
export function summarizePlan({ totals, policy }: RetentionPlan): string {
  const unreadable = keptUnreadable(totals.kept);
  if (totals.removed.records === 0)
    return `nothing to remove: all ${plural(totals.kept.records, "record")} stay${unreadable}`;
  const how = policy.archive === undefined ? "deleted" : `archived to ${policy.archive.directory}`;
  const segments = plural(totals.segmentsRemoved + totals.segmentsRewritten, "segment");
  return (
    `${plural(totals.removed.records, "record")} in ${segments} go (${how}), ${formatCount(totals.kept.records)} stay${unreadable}; ` +
    `about ${formatSize(Math.max(totals.freedBytes, 0))} become free`
  );
}

/** Lines that are no records are never removed, whatever is asked. */
function keptUnreadable({ malformed }: Amount): string {
  if (malformed === 0) return "";
  return `, and so ${malformed === 1 ? "does" : "do"} ${plural(malformed, "line")} that cannot be read`;
}
