import type { Match } from "@prodigy-events/query";
import { agentIdOf, jobIdOf, type Severity, severityOf, summaryOf } from "@prodigy-events/schema";
import { cutTo, isPlain, prepareWidth, textWidth } from "../terminal/text-width.js";
import type { RecordFormat, RecordFormatOptions } from "./record-format.js";
import { reportedRecord } from "./record-view.js";

/** A record taken apart into texts that are safe to print. */
interface Row {
  readonly day: string;
  readonly time: string;
  readonly severity: Severity;
  readonly type: string;
  readonly job: string;
  readonly agent: string;
  readonly summary: string;
  readonly log: string;
  readonly correlation: string;
  readonly note: string;
  readonly isContext: boolean;
  /** All its texts have as many columns as characters. */
  readonly isPlain: boolean;
}

type Emphasis = (text: string) => string;

/** Columns of a terminal from which on a shortened correlation id is shown. */
const wideTerminal = 140;
const correlationColumns = 12;
const widestId = { onTerminal: 24, inPipe: 40 };
/** A summary gets at least this much, even if the line then wraps. */
const narrowestSummary = 24;
const asItIs = (text: string): string => text;
/**
 * A line of printable ASCII without escapes can hold no text that is unsafe, or wider than it has characters. Told
 * once for the line, it need not be asked of every text in it.
 */
const harmlessLine = /^[\x20-\x5b\x5d-\x7e]*$/;

/**
 * One readable line for each record: time, severity mark, type, job, agent, the type's own summary, and where
 * the agent's log is. On a terminal the day stands above its lines; in a pipe every line stands for itself.
 */
export function createHumanLines(options: RecordFormatOptions): RecordFormat {
  return new HumanLines(options);
}

class HumanLines implements RecordFormat {
  readonly #options: RecordFormatOptions;
  readonly #emphasize: Emphasis;
  readonly #hasJob: boolean;
  readonly #hasDays: boolean;
  readonly #widest: number;
  readonly #widths: { time: number; type: number; job: number; agent: number };
  #day = "";

  constructor(options: RecordFormatOptions) {
    const { terminal, time, isOneJob = false, isLive = false } = options;
    this.#options = options;
    this.#emphasize = options.highlight ?? asItIs;
    this.#hasJob = !(isOneJob && terminal.isTerminal);
    this.#hasDays = terminal.isTerminal && time.heading !== undefined;
    this.#widest = terminal.isTerminal ? widestId.onTerminal : widestId.inPipe;
    this.#widths = isLive ? { time: 0, type: 22, job: 16, agent: 8 } : { time: 0, type: 0, job: 1, agent: 1 };
  }

  begin(): string {
    const { terminal, time } = this.#options;
    return this.#hasDays ? `${terminal.paint("dim", time.heading ?? "")}\n` : "";
  }

  async batch(matches: readonly Match[]): Promise<string> {
    const rows = matches.map((match) => this.#rowOf(match));
    const wide: string[] = [];
    const { isTerminal } = this.#options.terminal;
    for (const row of rows) if (!row.isPlain) collectWide(row, isTerminal, wide);
    if (wide.length > 0) await prepareWidth(wide);
    for (const row of rows) this.#widen(row);
    const lines: string[] = [];
    for (const row of rows) {
      if (row.day !== this.#day && row.day !== "") {
        this.#day = row.day;
        lines.push(this.#options.terminal.paint("strong", row.day));
      }
      lines.push(this.#lineOf(row));
    }
    return `${lines.join("\n")}\n`;
  }

  end(): string {
    return "";
  }

  #rowOf(match: Match): Row {
    const { terminal, time, note } = this.#options;
    const record = reportedRecord(match);
    const { event } = record;
    const shown = time.format(record.timestamp);
    const hasDay = this.#hasDays && shown.charAt(10) === " ";
    const log = event.json_log_location;
    const isHarmless = harmlessLine.test(match.line);
    const safe = isHarmless && !terminal.isAscii ? asItIs : terminal.safe;
    const type = safe(event.event_type);
    // The job may be that of the directory, which is not in the line.
    const jobText = jobIdOf(event) ?? "-";
    const job = this.#cutId(terminal.safe(jobText));
    const agent = this.#cutId(safe(agentIdOf(event) ?? "-"));
    const summary = safe(summaryOf(event));
    const correlation = safe(record.correlation_id);
    const isContext = this.#options.isContext?.(match) ?? false;
    return {
      day: hasDay ? shown.slice(0, 10) : "",
      time: terminal.safe(hasDay ? shown.slice(11) : shown),
      severity: severityOf(event),
      type,
      job,
      agent,
      summary,
      log: typeof log === "string" ? safe(log) : "",
      correlation,
      note: note === undefined || isContext ? "" : note(match, [type, job, agent, summary, correlation]),
      isContext,
      isPlain: isHarmless && isPlain(jobText),
    };
  }

  #cutId(text: string): string {
    const { terminal } = this.#options;
    return terminal.isTerminal ? cutTo(text, this.#widest, terminal.symbols.ellipsis) : text;
  }

  #widen(row: Row): void {
    const widths = this.#widths;
    widths.time = Math.max(widths.time, row.time.length);
    widths.type = Math.max(widths.type, Math.min(widthIn(row, row.type), this.#widest));
    widths.job = Math.max(widths.job, Math.min(widthIn(row, row.job), this.#widest));
    widths.agent = Math.max(widths.agent, Math.min(widthIn(row, row.agent), this.#widest));
  }

  #lineOf(row: Row): string {
    const { paint, symbols } = this.#options.terminal;
    const emphasize: Emphasis = row.isContext ? (text) => paint("dim", text) : this.#emphasize;
    const style = row.severity === "info" || row.isContext ? "dim" : row.severity;
    const isTypePainted = style !== "dim" && this.#options.highlight === undefined;
    const type = isTypePainted ? paint(style, row.type) : emphasize(row.type);
    let line = `${paint("dim", row.time)}${padding(row, row.time, this.#widths.time)} `;
    line += `${paint(style, symbols.severity[row.severity])} ${type}${padding(row, row.type, this.#widths.type)}`;
    if (this.#hasJob) line += `  ${emphasize(row.job)}${padding(row, row.job, this.#widths.job)}`;
    line += `  ${emphasize(row.agent)}`;
    const rest = this.#restOf(row, emphasize);
    return rest === "" ? line : line + padding(row, row.agent, this.#widths.agent) + rest;
  }

  #restOf(row: Row, emphasize: Emphasis): string {
    const { terminal } = this.#options;
    const summary = terminal.isTerminal ? this.#cutSummary(row) : row.summary;
    let rest = summary === "" ? "" : `  ${emphasize(summary)}`;
    if (row.note !== "") rest += `  ${emphasize(row.note)}`;
    if (row.log !== "") rest += `  ${terminal.paint("dim", "log:")} ${emphasize(row.log)}`;
    if (row.correlation !== "" && terminal.columns >= wideTerminal) {
      const { ellipsis } = terminal.symbols;
      const id = terminal.isTerminal ? cutTo(row.correlation, correlationColumns, ellipsis) : row.correlation;
      rest += `  ${terminal.paint("dim", "#")}${emphasize(id)}`;
    }
    return rest;
  }

  #cutSummary({ summary, log }: Row): string {
    const { columns, symbols } = this.#options.terminal;
    const { time, type, job, agent } = this.#widths;
    const before = time + 3 + type + (this.#hasJob ? 2 + job : 0) + 2 + agent + 2;
    const after =
      (columns >= wideTerminal ? correlationColumns + 3 : 0) + (log === "" ? 0 : textWidth(log) + 7);
    return cutTo(summary, Math.max(columns - before - after, narrowestSummary), symbols.ellipsis);
  }
}

function widthIn({ isPlain }: Row, text: string): number {
  return isPlain ? text.length : textWidth(text);
}

function padding(row: Row, text: string, columns: number): string {
  const missing = columns - widthIn(row, text);
  return missing > 0 ? " ".repeat(missing) : "";
}

/** Collects the texts that are measured, and not by their length. Only a terminal has a width that a summary has to fit. */
function collectWide({ type, job, agent, summary, log }: Row, isTerminal: boolean, wide: string[]): void {
  for (const text of isTerminal ? [type, job, agent, summary, log] : [type, job, agent]) {
    if (!isPlain(text)) wide.push(text);
  }
}
