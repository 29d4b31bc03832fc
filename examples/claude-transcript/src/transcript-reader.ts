import type { ClaudeEvent } from "./claude-event.js";
import {
  array,
  type Block,
  blocksOf,
  parseLine,
  record,
  string,
  type TranscriptLine,
  textOf,
} from "./transcript-line.js";
import { toUsage, UsageLedger } from "./usage-ledger.js";

/** What became of every line: nothing disappears without a count. */
export interface TranscriptReport {
  lines: number;
  /** Lines that are not JSON objects with a `type`, by number from 1. */
  malformedLines: number[];
  /** Lines and parts of messages that yield no event, counted by their type. */
  notLogged: Map<string, number>;
  /** Lines that repeat an earlier one, and usage that repeats that of its message. */
  repeats: number;
}

export interface TranscriptReaderOptions {
  /** The agent that the session belongs to; its sub-agents become `<agent>/<id>`. */
  readonly agentId: string;
  /** Where the transcript is, for `json_log_location`. */
  readonly location?: string;
}

/** Turns the lines of one Claude Code session, of either form, into events. No I/O. */
export class TranscriptReader {
  readonly report: TranscriptReport = { lines: 0, malformedLines: [], notLogged: new Map(), repeats: 0 };
  readonly #options: TranscriptReaderOptions;
  readonly #ledger = new UsageLedger();
  readonly #sessions = new Set<string>();
  readonly #seen = new Set<string>();
  readonly #costUsd = new Map<string, number>();
  #usageLogged = false;

  constructor(options: TranscriptReaderOptions) {
    this.#options = options;
  }

  /** The events of one line, in order. */
  read(text: string): ClaudeEvent[] {
    this.report.lines++;
    if (text.trim() === "") return this.#skip("empty line");
    const line = parseLine(text);
    if (line === undefined) {
      this.report.malformedLines.push(this.report.lines);
      return [];
    }
    if (this.#isRepeat(string(line.uuid))) return [];
    if (line.type === "system" && line.subtype === "init")
      return this.#sessionStarted(line, line.model, line.tools);
    if (line.type === "assistant" || line.type === "user") return this.#message(line);
    if (line.type === "result") return this.#result(line);
    return this.#skip(string(line.subtype) === undefined ? line.type : `${line.type}/${line.subtype}`);
  }

  /** The usage that was held back in case more of its message follows. Call it after the last line. */
  end(): ClaudeEvent[] {
    const events = this.#ledger.settle();
    this.report.repeats += this.#ledger.repeats;
    this.#ledger.repeats = 0;
    return events;
  }

  #sessionStarted(line: TranscriptLine, model: unknown, tools: unknown): ClaudeEvent[] {
    const sessionId = sessionOf(line);
    // A session that takes several prompts announces itself before each.
    if (this.#sessions.has(sessionId)) return this.#skip("session announced again");
    this.#sessions.add(sessionId);
    return [
      {
        event_type: "claude_session_started",
        agent_id: this.#agentOf(line),
        session_id: sessionId,
        model: string(model) ?? "unknown",
        tools: array(tools).filter((tool) => typeof tool === "string"),
      },
    ];
  }

  #message(line: TranscriptLine): ClaudeEvent[] {
    const message = record(line.message);
    const agentId = this.#agentOf(line);
    // A transcript does not announce its session; the first answer shows which model it is, and nothing its tools.
    const isNewSession = line.type === "assistant" && !this.#sessions.has(sessionOf(line));
    const usage = line.type === "assistant" ? this.#ledger.add(agentId, message) : [];
    this.#usageLogged ||= message.usage !== undefined;
    return [
      ...(isNewSession ? this.#sessionStarted(line, message.model, []) : []),
      ...usage,
      ...blocksOf(message.content).flatMap((block) => this.#block(block, line, agentId)),
    ];
  }

  #block(block: Block, line: TranscriptLine, agentId: string): ClaudeEvent[] {
    switch (block.type) {
      case "text":
        return this.#said(agentId, string(block.text), line.type);
      case "thinking":
        return this.#said(agentId, string(block.thinking), "thinking");
      case "tool_result":
        return this.#said(agentId, textOf(block.content), "tool_result");
      case "tool_use":
      case "server_tool_use":
      case "mcp_tool_use": {
        const toolId = string(block.id);
        if (this.#isRepeat(toolId)) return [];
        const timestamp = string(line.timestamp);
        return [
          {
            event_type: "claude_tool_invoked",
            agent_id: agentId,
            tool_name: string(block.name) ?? "unknown",
            tool_id: toolId ?? "unknown",
            parameters: block.input ?? null,
            ...(timestamp !== undefined && { timestamp }),
          },
        ];
      }
      default:
        return this.#skip(`${line.type} part: ${block.type}`);
    }
  }

  #said(agentId: string, content: string | undefined, messageType: string): ClaudeEvent[] {
    if (content === undefined) return this.#skip(`${messageType} without text`);
    const { location } = this.#options;
    return [
      {
        event_type: "claude_message",
        agent_id: agentId,
        content,
        message_type: messageType,
        ...(location !== undefined && { json_log_location: location }),
      },
    ];
  }

  /**
   * The end of a turn knows its cost: the last usage of the turn carries it. `total_cost_usd` grows over the
   * turns of a session, and starts anew when a session is resumed.
   */
  #result(line: TranscriptLine): ClaudeEvent[] {
    const agentId = this.#agentOf(line);
    const sessionId = sessionOf(line);
    const usage = this.#ledger.settle();
    const total = typeof line.total_cost_usd === "number" ? line.total_cost_usd : 0;
    const before = this.#costUsd.get(sessionId) ?? 0;
    this.#costUsd.set(sessionId, total);
    const costMicros = Math.round((total < before ? total : total - before) * 1e6);

    // `--output-format json` prints nothing but this line, and then it alone has the usage.
    const own = toUsage(agentId, this.#usageLogged ? {} : line.usage, undefined);
    this.#usageLogged = true;
    const last = usage.pop() ?? own;
    if (costMicros > 0 || last !== own || last.input_tokens + last.output_tokens > 0) {
      usage.push({ ...last, ...(costMicros > 0 && { cost_usd_micros: costMicros }) });
    }
    // The text of a good result was the last message; what went wrong stands nowhere else.
    if (line.is_error !== true) return usage;
    return [...usage, ...this.#said(agentId, string(line.result) ?? string(line.subtype), "error")];
  }

  #agentOf(line: TranscriptLine): string {
    const subAgent =
      string(line.parent_tool_use_id) ?? (line.isSidechain === true ? string(line.agentId) : undefined);
    return subAgent === undefined ? this.#options.agentId : `${this.#options.agentId}/${subAgent}`;
  }

  #isRepeat(id: string | undefined): boolean {
    if (id === undefined) return false;
    const isRepeat = this.#seen.has(id);
    this.#seen.add(id);
    if (isRepeat) this.report.repeats++;
    return isRepeat;
  }

  #skip(what: string): ClaudeEvent[] {
    this.report.notLogged.set(what, (this.report.notLogged.get(what) ?? 0) + 1);
    return [];
  }
}

function sessionOf(line: TranscriptLine): string {
  return string(line.session_id) ?? string(line.sessionId) ?? "unknown";
}
