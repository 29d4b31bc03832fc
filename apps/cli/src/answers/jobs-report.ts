import type { JobSummary } from "@prodigy-events/query";
import { formatDuration } from "@prodigy-events/schema";
import { formatSize } from "../options/size.js";
import { formatCount } from "../output/count-text.js";
import type { Terminal } from "../terminal/terminal.js";
import type { TimeFormat } from "../time/time-format.js";
import type { Report, ReportColumn, ReportRow } from "./report.js";
import { renderReportTable } from "./report-table.js";

/** The jobs of a store. */
export function jobsReport(jobs: readonly JobSummary[], time: TimeFormat): Report {
  const rows = jobs.map(jobRow);
  const columns: ReportColumn[] = [
    { name: "job_id" },
    { name: "state" },
    { name: "started_at", text: (value) => (value === null ? "" : time.format(String(value))) },
    { name: "duration", align: "right", text: durationText },
    { name: "agents", align: "right", text: countText },
    { name: "items", align: "right", value: ({ items_total }) => items_total, text: countText },
    { name: "done", align: "right", value: ({ items_completed }) => items_completed, text: countText },
    { name: "failed", align: "right", value: ({ items_failed }) => items_failed, text: countText },
    { name: "dlq", align: "right", value: ({ items_dlq }) => items_dlq, text: countText },
    { name: "tokens", align: "right", value: tokensOf, text: countText },
    { name: "size", align: "right", value: ({ bytes }) => bytes, text: (bytes) => formatSize(Number(bytes)) },
  ];
  return { document: rows, rows, columns, human: (terminal) => humanJobs(rows, columns, time, terminal) };
}

/** One job as JSON. A stable contract. */
function jobRow(job: JobSummary): ReportRow {
  return {
    job_id: job.jobId,
    repo: job.repo ?? null,
    state: job.state,
    started_at: job.startedAt ?? null,
    ended_at: job.endedAt ?? null,
    last_event_at: job.lastEventAt ?? null,
    duration: job.duration ?? null,
    items_total: job.totalItems ?? null,
    items_completed: job.itemsCompleted,
    items_failed: job.itemsFailed,
    items_dlq: job.itemsDlq,
    agents: job.agents,
    input_tokens: job.inputTokens,
    output_tokens: job.outputTokens,
    records: job.records,
    segments: job.segments,
    bytes: job.bytes,
  };
}

async function humanJobs(
  rows: readonly ReportRow[],
  columns: readonly ReportColumn[],
  time: TimeFormat,
  terminal: Terminal,
): Promise<string> {
  if (rows.length === 0) return "";
  const repos = new Set(rows.map(({ repo }) => repo));
  const shown = repos.size > 1 ? [{ name: "repo" }, ...columns] : columns;
  const table = await renderReportTable({ columns: shown, rows }, terminal, (column, row) =>
    column.name === "state" ? stylesOf(row.state, terminal) : undefined,
  );
  return terminal.isTerminal && time.heading !== undefined
    ? `${terminal.paint("dim", time.heading)}\n${table}`
    : table;
}

function stylesOf(state: unknown, { paint }: Terminal): ((text: string) => string) | undefined {
  if (state === "failed") return (text) => paint("error", text);
  if (state === "stale" || state === "paused") return (text) => paint("warning", text);
  return state === "completed" ? (text) => paint("good", text) : (text) => paint("strong", text);
}

function tokensOf({ input_tokens, output_tokens }: ReportRow): number {
  return Number(input_tokens) + Number(output_tokens);
}

function countText(value: unknown): string {
  return typeof value === "number" ? formatCount(value) : "";
}

function durationText(value: unknown): string {
  return value === null ? "" : formatDuration(value as Parameters<typeof formatDuration>[0]);
}
