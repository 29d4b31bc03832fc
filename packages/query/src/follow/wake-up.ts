import { type FSWatcher, watch } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { limits } from "../limits.js";

/**
 * Waits for the next scan: until the interval is over, or a directory seems to have changed. Watching is only a hint
 * that saves waiting, because it is deaf to renamed files and drops events in silence; the scan finds everything.
 */
export class WakeUp {
  readonly #intervalMs: number;
  readonly #watchers = new Map<string, FSWatcher>();
  #isDue = false;
  #wake: () => void = () => {};

  constructor(intervalMs: number) {
    this.#intervalMs = intervalMs;
  }

  /** Watches these directories, as many as are allowed, and no others. */
  watch(directories: readonly string[]): void {
    const wanted = new Set(directories.slice(0, limits.maxWatchedDirectories));
    for (const [directory, watcher] of this.#watchers) {
      if (!wanted.has(directory)) this.#unwatch(directory, watcher);
    }
    for (const directory of wanted) if (!this.#watchers.has(directory)) this.#watch(directory);
  }

  /** Resolves when the next scan is due, or the signal aborts. */
  async wait(signal: AbortSignal | undefined): Promise<void> {
    await pause(limits.minScanIntervalMs, signal);
    if (!this.#isDue && !signal?.aborted) {
      const ended = new AbortController();
      this.#wake = () => ended.abort();
      signal?.addEventListener("abort", this.#wake, { once: true });
      await pause(Math.max(0, this.#intervalMs - limits.minScanIntervalMs), ended.signal);
      signal?.removeEventListener("abort", this.#wake);
      this.#wake = () => {};
    }
    this.#isDue = false;
  }

  close(): void {
    for (const [directory, watcher] of this.#watchers) this.#unwatch(directory, watcher);
  }

  #watch(directory: string): void {
    try {
      const watcher = watch(directory, () => {
        this.#isDue = true;
        this.#wake();
      });
      watcher.on("error", () => this.#unwatch(directory, watcher)); // only a hint is lost
      this.#watchers.set(directory, watcher);
    } catch {
      // The directory does not exist yet, or the system watches enough already: only a hint is lost.
    }
  }

  #unwatch(directory: string, watcher: FSWatcher): void {
    this.#watchers.delete(directory);
    watcher.close();
  }
}

/** Ends early, without an error, when the signal aborts. */
async function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  await sleep(ms, undefined, signal ? { signal } : {}).catch((error: unknown) => {
    if (!signal?.aborted) throw error;
  });
}
