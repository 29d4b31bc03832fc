import type { AnyEvent } from "@prodigy-events/schema";
import { agentIdOf, encodeEvent } from "@prodigy-events/schema";
import { Draw } from "./draw.js";
import { drawEvents } from "./draw-event.js";

/**
 * Events of one job, encoded once and used again and again, with another id, time and sequence number each: encoding
 * gigabytes of different ones would take minutes, and no tool can tell the difference.
 */
export class EventPool {
  readonly #events: AnyEvent[];
  readonly #json: string[];
  readonly #uses: Uint32Array;

  constructor(random: () => number, jobId: string, agents: number, size: number) {
    this.#events = drawEvents(new Draw(random, jobId, agents), size);
    this.#json = this.#events.map(encodeEvent);
    this.#uses = new Uint32Array(size);
  }

  /** The JSON of one event; it is counted unless it goes into a line that nobody can read. */
  take(random: () => number, isCounted: boolean): string {
    const at = Math.floor(random() * this.#json.length);
    if (isCounted) this.#uses[at] = (this.#uses[at] as number) + 1;
    return this.#json[at] as string;
  }

  /** Adds to `counts`, by a key of each event, how often it was taken. */
  count(counts: Map<string, number>, keyOf: (event: AnyEvent) => string): void {
    for (const [at, event] of this.#events.entries()) {
      const uses = this.#uses[at] as number;
      if (uses > 0) counts.set(keyOf(event), (counts.get(keyOf(event)) ?? 0) + uses);
    }
  }
}

export const typeOf = (event: AnyEvent): string => event.event_type;
export const typeAndAgentOf = (event: AnyEvent): string => `${event.event_type} ${agentIdOf(event) ?? ""}`;
