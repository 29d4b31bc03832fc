import type { Writable } from "node:stream";
import { errnoOf } from "@prodigy-events/storage";
import type { EncodedBatch } from "./encoded-batch.js";
import type { EventWriter } from "./event-writer.js";
import { WriteError } from "./write-error.js";

/** Options of a stdout writer. */
export interface StdoutWriterOptions {
  /** Where the lines go. Default: `process.stdout`. It is never ended. */
  readonly stream?: Writable | undefined;
  /** Whether the logger's `flush()` depends on this writer. Default: false: a view, not a record. */
  readonly required?: boolean | undefined;
}

/** An {@link EventWriter} on a stream. */
export interface StdoutWriter extends EventWriter {
  /** Whether the reader has gone away (`EPIPE`): from then on batches are taken and left out. */
  readonly isStopped: boolean;
}

/**
 * Writes the canonical lines to a stream, at its pace: the next batch waits until the stream has handed over the
 * last. A reader that goes away (`| head`) ends the output quietly.
 */
export function stdoutWriter(options: StdoutWriterOptions = {}): StdoutWriter {
  return new StreamWriter(options.stream ?? process.stdout, options.required ?? false);
}

class StreamWriter implements StdoutWriter {
  readonly name = "stdout";
  readonly required: boolean;
  readonly #stream: Writable;
  #isStopped = false;
  #isListening = false;

  constructor(stream: Writable, required: boolean) {
    this.#stream = stream;
    this.required = required;
  }

  get isStopped(): boolean {
    return this.#isStopped;
  }

  async write(batch: EncodedBatch): Promise<void> {
    if (this.#isStopped) return;
    this.#listen();
    // A copy: a stream that hands its data on may still hold it when it says that it is done.
    const bytes = Buffer.from(batch.bytes);
    const error = await new Promise<Error | null | undefined>((resolve) => {
      this.#stream.write(bytes, resolve);
    });
    if (!error) return;
    if (isReaderGone(error)) {
      this.#isStopped = true;
      return;
    }
    const code = errnoOf(error) ?? "STREAM_FAILED";
    const message = `cannot write to the stream: ${error.message}`;
    throw new WriteError(message, { code, retryable: !this.#stream.destroyed, cause: error });
  }

  async flush(): Promise<void> {}

  async close(): Promise<void> {
    if (!this.#isListening) return;
    // The error event of a failed write comes after its callback.
    await new Promise((resolve) => setImmediate(resolve));
    this.#isListening = false;
    this.#stream.off("error", this.#onError);
  }

  /** Without a listener the stream's error event would end the process; the write's callback tells us the same. */
  #listen(): void {
    if (this.#isListening) return;
    this.#isListening = true;
    this.#stream.on("error", this.#onError);
  }

  readonly #onError = (error: Error): void => {
    if (isReaderGone(error)) this.#isStopped = true;
  };
}

function isReaderGone(error: Error): boolean {
  return errnoOf(error) === "EPIPE";
}
