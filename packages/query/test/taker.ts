import { expect } from "vitest";
import {
  type FollowInput,
  type FollowOptions,
  type FollowStream,
  type Gap,
  openStore,
  type Problem,
} from "../src/index.js";

/** Follows in the background, keeps what comes, and lets a test wait for it. */
export class Taker {
  readonly lines: string[] = [];
  /** Sequence numbers by producer, in the order in which they came. */
  readonly sequences = new Map<string, number[]>();
  readonly gaps: Gap[] = [];
  readonly problems: Problem[] = [];
  readonly stream: FollowStream;
  readonly #stop = new AbortController();
  readonly #done: Promise<void>;

  constructor(follow: (options: FollowOptions) => FollowStream, options: FollowOptions = {}) {
    this.stream = follow({
      signal: this.#stop.signal,
      pollIntervalMs: 50,
      onGap: (gap) => this.gaps.push(gap),
      onProblem: (problem) => this.problems.push(problem),
      ...options,
    });
    this.#done = this.#take();
  }

  /** Follows the repository `repo` of a store. */
  static async ofStore(root: string, input: FollowInput = {}, options: FollowOptions = {}): Promise<Taker> {
    const store = await openStore({ root, repo: "repo", local: false });
    return new Taker((all) => store.follow(input, all), options);
  }

  static async ofFiles(files: string[], options: FollowOptions = {}): Promise<Taker> {
    const store = await openStore({ files });
    return new Taker((all) => store.follow({}, all), options);
  }

  /** Resolves once so many records have come. */
  async has(count: number): Promise<void> {
    await expect
      .poll(() => this.lines.length, { timeout: 20_000, interval: 10 })
      .toBeGreaterThanOrEqual(count);
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#done;
  }

  async ended(): Promise<void> {
    await this.#done;
  }

  async #take(): Promise<void> {
    for await (const batch of this.stream.batches()) {
      for (const { line, record } of batch) {
        this.lines.push(line);
        const { producer_id: producer = "", sequence = -1 } = record.metadata;
        const sequences = this.sequences.get(producer);
        if (sequences) sequences.push(sequence);
        else this.sequences.set(producer, [sequence]);
      }
    }
  }
}
