import { exitCodes } from "../errors/exit-codes.js";

const signals = {
  SIGHUP: exitCodes.hungUp,
  SIGINT: exitCodes.interrupted,
  SIGTERM: exitCodes.terminated,
} as const;

/**
 * What happens on SIGHUP, SIGINT and SIGTERM. By default the program cleans up and ends at once; a command that can
 * stop by itself asks for `graceful()` and watches the signal. A second Ctrl-C always ends it.
 */
export class Interruption {
  readonly #controller = new AbortController();
  readonly #cleanups = new Set<() => void>();
  #isGraceful = false;
  #exitCode: number | undefined;

  constructor(processLike: Pick<NodeJS.Process, "on" | "exit">) {
    for (const [name, exitCode] of Object.entries(signals)) {
      processLike.on(name, () => {
        const isSecond = this.#exitCode !== undefined;
        this.#exitCode = exitCode;
        this.#controller.abort();
        if (this.#isGraceful && !isSecond) return;
        for (const cleanup of this.#cleanups) cleanup();
        processLike.exit(exitCode);
      });
    }
  }

  /** The code to end with, once a signal has arrived. */
  get exitCode(): number | undefined {
    return this.#exitCode;
  }

  /** From now on the first signal only aborts the returned signal. */
  graceful(): AbortSignal {
    this.#isGraceful = true;
    return this.#controller.signal;
  }

  /** Runs `cleanup` (which must not wait for anything) if the program is ended by a signal. Returns how to take it back. */
  onEnd(cleanup: () => void): () => void {
    this.#cleanups.add(cleanup);
    return () => this.#cleanups.delete(cleanup);
  }
}
