import type { Writable } from "node:stream";
import { CommandError } from "../errors/command-error.js";

/** Thrown to unwind a command whose reader has closed the pipe. The program ends quietly with 0. */
export class ClosedPipe extends Error {
  readonly code = "CLOSED_PIPE";

  constructor() {
    super("the reader of standard output closed the pipe");
    this.name = "ClosedPipe";
  }
}

/** A place for text that can be slower than the program. */
export interface TextSink {
  /** Writes `text`. A returned promise is to be awaited before more is written: that is the backpressure. */
  write(text: string): Promise<void> | undefined;
}

/**
 * Standard output with backpressure. A closed pipe is {@link ClosedPipe}, any other failure a
 * {@link CommandError} `STDOUT`; either is thrown by the write after it, or by `flush()`.
 */
export class StandardOutput implements TextSink {
  readonly #stream: Writable;
  #failure: Error | undefined;
  readonly #waiting = new Set<() => void>();
  /** Called before anything is written: the progress line is taken away first. */
  beforeWrite: (() => void) | undefined;

  constructor(stream: Writable) {
    this.#stream = stream;
    stream.on("error", (error: NodeJS.ErrnoException) => this.#fail(error));
    stream.on("drain", () => this.#wakeAll());
  }

  write(text: string): Promise<void> | undefined {
    if (this.#failure !== undefined) throw this.#failure;
    if (text === "") return undefined;
    this.beforeWrite?.();
    if (this.#stream.write(text)) return undefined;
    return this.#drained();
  }

  /** Resolves when everything written has left the process. Throws what went wrong on the way. */
  async flush(): Promise<void> {
    if (this.#failure !== undefined) throw this.#failure;
    await new Promise<void>((resolve) => {
      this.#waiting.add(resolve);
      this.#stream.write("", () => resolve());
    });
    if (this.#failure !== undefined) throw this.#failure;
  }

  /** Resolves when the reader goes away, so that a command that has nothing to write can notice it. */
  onClosed(listener: () => void): void {
    this.#stream.on("close", listener);
    this.#stream.on("error", listener);
  }

  async #drained(): Promise<void> {
    await new Promise<void>((resolve) => this.#waiting.add(resolve));
    if (this.#failure !== undefined) throw this.#failure;
  }

  #fail(error: NodeJS.ErrnoException): void {
    this.#failure ??=
      error.code === "EPIPE" || error.code === "ECONNRESET"
        ? new ClosedPipe()
        : new CommandError(
            "STDOUT",
            `cannot write to standard output: ${error.message}${error.code === "ENOSPC" ? "; free some space and run it again" : ""}`,
            { cause: error },
          );
    this.#wakeAll();
  }

  #wakeAll(): void {
    for (const wake of this.#waiting) wake();
    this.#waiting.clear();
  }
}
