import type { ClaudeEvent } from "./claude-event.js";
import { count, record, string } from "./transcript-line.js";

type Usage = Extract<ClaudeEvent, { event_type: "claude_token_usage" }>;

/**
 * Claude Code writes one line per part of a message, and each repeats the usage of the whole message, the
 * early ones with the output counted so far. The ledger holds a message's usage back until the same agent
 * begins another message, keeps the highest count, and gives it out once.
 */
export class UsageLedger {
  readonly #open = new Map<string, { messageId: string; usage: Usage }>();
  readonly #settled = new Set<string>();
  /** Lines whose usage was that of a message already seen. */
  repeats = 0;

  /** Takes in the usage of one line; returns that of the agent's previous message, if this line ends it. */
  add(agentId: string, message: Record<string, unknown>): Usage[] {
    if (message.usage === undefined) return [];
    const usage = toUsage(agentId, message.usage, string(message.model));
    const messageId = string(message.id);
    if (messageId === undefined) return [...this.settle(agentId), usage];

    const open = this.#open.get(agentId);
    if (open?.messageId === messageId) {
      this.repeats++;
      if (usage.output_tokens >= open.usage.output_tokens) open.usage = usage;
      return [];
    }
    if (this.#settled.has(messageId)) {
      // A resumed session repeats its history.
      this.repeats++;
      return [];
    }
    const ended = this.settle(agentId);
    this.#open.set(agentId, { messageId, usage });
    return ended;
  }

  /** Gives out what is held back for one agent, or for all. */
  settle(agentId?: string): Usage[] {
    const agents = agentId === undefined ? [...this.#open.keys()] : [agentId];
    return agents.flatMap((agent) => {
      const open = this.#open.get(agent);
      if (open === undefined) return [];
      this.#open.delete(agent);
      this.#settled.add(open.messageId);
      return [open.usage];
    });
  }
}

/** The usage object of the Claude API as an event. */
export function toUsage(agentId: string, usage: unknown, model: string | undefined): Usage {
  const tokens = record(usage);
  const read = count(tokens.cache_read_input_tokens);
  const creation = count(tokens.cache_creation_input_tokens);
  return {
    event_type: "claude_token_usage",
    agent_id: agentId,
    input_tokens: count(tokens.input_tokens),
    output_tokens: count(tokens.output_tokens),
    cache_tokens: read + creation,
    cache_read_tokens: read,
    cache_creation_tokens: creation,
    ...(model !== undefined && { model }),
  };
}
