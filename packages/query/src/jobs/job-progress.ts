import {
  type AnyEvent,
  agentIdOf,
  type Duration,
  durationFromMs,
  type EventRecord,
  itemIdOf,
  normalizeEvent,
  parseDuration,
} from "@prodigy-events/schema";
import type { Match } from "../read/match.js";
import { instantOf } from "../time/instant.js";
import type { JobState, JobSummary } from "./job-summary.js";

type Lifecycle = Exclude<JobState, "stale">;

const lifecycle: ReadonlyMap<string, Lifecycle> = new Map([
  ["job_started", "running"],
  ["job_resumed", "running"],
  ["job_paused", "paused"],
  ["job_completed", "completed"],
  ["job_failed", "failed"],
]);

/**
 * What the records of one job say about it, taken in one after the other in time order. Memory grows with its agents
 * and items, not with its records.
 */
export class JobProgress {
  #records = 0;
  #state: Lifecycle | undefined;
  #started: EventRecord | undefined;
  #ended: EventRecord | undefined;
  #lastEventAt: string | undefined;
  #totalItems: number | undefined;
  #counted: { completed: number; failed: number } | undefined;
  #inputTokens = 0;
  #outputTokens = 0;
  /** Each agent, and the item it works on. */
  readonly #agents = new Map<string, string | undefined>();
  /** How the last attempt of each item ended. */
  readonly #items = new Map<string, "running" | "completed" | "failed">();
  readonly #dlq = new Set<string>();

  /** What the last lifecycle event says; `undefined` when there was none. */
  get state(): Lifecycle | undefined {
    return this.#state;
  }

  add({ record }: Match): void {
    const event = normalizeEvent(record.event);
    this.#records++;
    this.#lastEventAt = record.timestamp;
    this.#addLifecycle(record, event);
    this.#addAgent(event);
    this.#addDlq(event);
    if (event.event_type === "claude_token_usage") {
      this.#inputTokens += count(event.input_tokens) ?? 0;
      this.#outputTokens += count(event.output_tokens) ?? 0;
    }
  }

  summary(): Omit<JobSummary, "jobId" | "repo" | "state" | "bytes" | "segments"> {
    const outcomes = [...this.#items.values()];
    const completed = outcomes.filter((outcome) => outcome === "completed").length;
    const failed = outcomes.filter((outcome) => outcome === "failed").length;
    return {
      startedAt: this.#started?.timestamp,
      endedAt: this.#ended?.timestamp,
      duration: this.#duration(),
      totalItems: this.#totalItems,
      agents: this.#agents.size,
      // A job that logs no agents still says at its end how it went.
      itemsCompleted: outcomes.length > 0 ? completed : (this.#counted?.completed ?? 0),
      itemsFailed: outcomes.length > 0 ? failed : (this.#counted?.failed ?? 0),
      itemsDlq: this.#dlq.size,
      inputTokens: this.#inputTokens,
      outputTokens: this.#outputTokens,
      records: this.#records,
      lastEventAt: this.#lastEventAt,
    };
  }

  #addLifecycle(record: EventRecord, event: AnyEvent): void {
    const state = lifecycle.get(event.event_type);
    if (state === undefined) return;
    this.#state = state;
    this.#ended = state === "completed" || state === "failed" ? record : undefined;
    if (event.event_type === "job_started") {
      this.#started ??= record;
      this.#totalItems = count(event.total_items) ?? this.#totalItems;
    }
    if (event.event_type === "job_completed") {
      this.#counted = { completed: count(event.success_count) ?? 0, failed: count(event.failure_count) ?? 0 };
    }
  }

  #addAgent(event: AnyEvent): void {
    const agentId = agentIdOf(event);
    if (agentId === undefined) return;
    const itemId = itemIdOf(event) ?? this.#agents.get(agentId);
    this.#agents.set(agentId, itemId);
    const item = itemId ?? agentId;
    if (event.event_type === "agent_started" || event.event_type === "agent_retrying")
      this.#items.set(item, "running");
    if (event.event_type === "agent_completed") this.#items.set(item, "completed");
    if (event.event_type === "agent_failed") this.#items.set(item, "failed");
  }

  #addDlq(event: AnyEvent): void {
    const itemId = itemIdOf(event);
    if (itemId === undefined) return;
    if (event.event_type === "dlq_item_added") {
      this.#dlq.add(itemId);
      this.#items.set(itemId, "failed");
    }
    if (event.event_type === "dlq_item_removed") this.#dlq.delete(itemId);
  }

  #duration(): Duration | undefined {
    if (!this.#ended) return undefined;
    return (
      parseDuration(this.#ended.event.duration) ?? (this.#started && elapsed(this.#started, this.#ended))
    );
  }
}

function elapsed(from: EventRecord, to: EventRecord): Duration {
  return durationFromMs(
    Math.max(0, (instantOf(to.timestamp)?.ms ?? 0) - (instantOf(from.timestamp)?.ms ?? 0)),
  );
}

function count(value: unknown): number | undefined {
  return typeof value === "number" && Number.isFinite(value) ? value : undefined;
}
