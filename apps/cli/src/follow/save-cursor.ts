import type { FollowCursor, FollowStream, Match } from "@prodigy-events/query";
import { limits } from "../limits.js";
import type { StandardOutput } from "../output/standard-output.js";
import type { CursorFile } from "./cursor-file.js";

/**
 * Passes batches on and saves how far the stream has come: once what was handed out has left the process, at most once
 * in `cursorSaveIntervalMs`, and when the stream ends. Nothing is saved of what a reader who went away did not get.
 */
export class CursorSaver {
  readonly #stream: FollowStream;
  readonly #file: CursorFile;
  readonly #out: StandardOutput;
  #isWriting = false;
  #isBehind = false;
  #savedAtMs = Number.NEGATIVE_INFINITY;
  #timer: NodeJS.Timeout | undefined;
  #saving: Promise<void> = Promise.resolve();
  #failure: unknown;

  constructor(stream: FollowStream, file: CursorFile, out: StandardOutput) {
    this.#stream = stream;
    this.#file = file;
    this.#out = out;
  }

  /** @throws StorageError when a cursor cannot be saved; ClosedPipe when the reader goes away */
  async *batches(): AsyncGenerator<Match[], void> {
    try {
      for await (const batch of this.#stream.batches()) {
        this.#isWriting = true;
        yield batch;
        this.#isWriting = false;
        this.#isBehind = true;
        this.#saveInTime();
        if (this.#failure !== undefined) throw this.#failure;
      }
      await this.#settle();
      await this.#save();
    } finally {
      clearTimeout(this.#timer);
      await this.#saving;
    }
    if (this.#failure !== undefined) throw this.#failure;
  }

  /** Now if the last time is long enough ago, else as soon as it is. */
  #saveInTime(): void {
    const waitMs = this.#savedAtMs + limits.cursorSaveIntervalMs - performance.now();
    if (waitMs <= 0) void this.#save();
    else this.#timer ??= setTimeout(() => this.#onTimer(), waitMs);
  }

  #onTimer(): void {
    this.#timer = undefined;
    // While a batch is being written its records count as handed out: the next save comes after it.
    if (this.#isBehind && !this.#isWriting) void this.#save();
  }

  #save(): Promise<void> {
    const cursor = this.#stream.cursor();
    if (cursor === undefined) return Promise.resolve();
    this.#isBehind = false;
    this.#savedAtMs = performance.now();
    this.#saving = this.#saving.then(() => this.#put(cursor));
    return this.#saving;
  }

  async #put(cursor: FollowCursor): Promise<void> {
    try {
      if (this.#failure !== undefined) return;
      await this.#out.flush();
      await this.#file.save(cursor);
    } catch (error) {
      this.#failure = error;
    }
  }

  async #settle(): Promise<void> {
    clearTimeout(this.#timer);
    await this.#saving;
  }
}
