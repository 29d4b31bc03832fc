import { setTimeout } from "node:timers/promises";
import type { WriterContext } from "../event-writer.js";
import { limits } from "../limits.js";
import { recoverDirectory } from "./recover-directory.js";

/**
 * Brings the directory of a writer in order while that writes. Compressions, which take long, give way: to the end of
 * the writer, to a disk that fails it, and to the end of a process that has nothing else left to do. The next writer goes
 * on with them.
 */
export class BackgroundRecovery {
  /** Resolves when nothing is done any more. */
  readonly end: Promise<unknown>;
  readonly #stop = new AbortController();

  constructor(context: WriterContext, compress: boolean) {
    const { directory, fs, clock } = context;
    const { signal } = this.#stop;
    // A timer that keeps no process alive: one that has come to its end waits for the segment under way, not for the next.
    const beforeCompression = () =>
      setTimeout(limits.recoveryPauseMs, undefined, { ref: false, signal }).catch(() => undefined);
    const onWarning: WriterContext["onWarning"] = (warning) => context.onWarning(warning);
    this.end = recoverDirectory(directory, { fs, clock, compress, signal, beforeCompression, onWarning });
  }

  stopCompressing(): void {
    this.#stop.abort();
  }
}
