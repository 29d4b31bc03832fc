import { drawProse } from "./prose.js";

/** What the events of one job are drawn from: a seeded stream of numbers, and names that fit together. */
export class Draw {
  readonly jobId: string;
  readonly #random: () => number;
  readonly #agents: number;
  #agentId = "";
  #item = "";

  constructor(random: () => number, jobId: string, agents: number) {
    this.#random = random;
    this.jobId = jobId;
    this.#agents = agents;
    this.turn();
  }

  /** The agent that acts until the next turn. */
  get agentId(): string {
    return this.#agentId;
  }

  /** The work item of that agent. */
  get item(): string {
    return this.#item;
  }

  /** Another agent acts, on another item. */
  turn(): void {
    this.#agentId = `agent-${this.whole(this.#agents)}`;
    this.#item = `src/${this.pick(folders)}/module-${this.whole(this.#agents * 8)}.ts`;
  }

  /** A whole number in [0, below). */
  whole(below: number): number {
    return Math.floor(this.#random() * below);
  }

  chance(share: number): boolean {
    return this.#random() < share;
  }

  pick<T>(list: readonly T[]): T {
    return list[this.whole(list.length)] as T;
  }

  /** So many lower-case letters and digits. */
  name(length: number): string {
    let text = "";
    while (text.length < length) text += this.whole(36).toString(36);
    return text;
  }

  /** As many sentences, with what sentences about code have: quotes, line ends, code, other scripts. */
  prose(sentences: number): string {
    return drawProse((below) => this.whole(below), this.#item, sentences);
  }

  duration(maxSeconds: number): { secs: number; nanos: number } {
    return { secs: this.whole(maxSeconds), nanos: this.whole(1e9) };
  }
}

const folders = ["auth", "billing", "search", "übersicht", "api/v2", "workers", "ui/components"];
