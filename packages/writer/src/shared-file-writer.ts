import { dirname, join } from "node:path";
import { ensurePrivateDirectory, type FileSystem, sharedSegmentName } from "@prodigy-events/storage";
import { type Durability, requireDurability } from "./durability.js";
import type { EncodedBatch } from "./encoded-batch.js";
import type { EventWriter, WriterContext } from "./event-writer.js";
import { prepareJobDirectory, refuseLinkedJobDirectorySync } from "./job-directory.js";
import { limits } from "./limits.js";
import { SerialTasks } from "./serial-tasks.js";
import { appendSharedFileSync, SharedFile, takenAway } from "./shared-file.js";
import { closedError, notOpenError, toWriteError, WriteError } from "./write-error.js";

/** Options of a shared-file writer. */
export interface SharedFileWriterOptions {
  /** The file. Default: `events-shared.jsonl` in the job's directory. */
  readonly path?: string | undefined;
  /** Default: `"fsync"`. */
  readonly durability?: Durability | undefined;
  /** Whether the logger's `flush()` depends on this writer. Default: true. */
  readonly required?: boolean | undefined;
}

/** How much of a batch is in the open file. */
interface Progress {
  readonly firstSequence: number;
  readonly lastSequence: number;
  offset: number;
}

/**
 * Appends batches to one file that many processes share, a whole batch per write. A line that somebody left
 * without its end is ended first; after a short write the torn line is ended and its record sent again. When the
 * file was renamed or removed, before the batch or while it was written, the path is opened again and the batch goes
 * whole into the file there: a batch is confirmed only when the path leads to what has it.
 *
 * For single events and for files that other programs expect: there is no rotation and no manifest, and a batch
 * that is written at exit while another write of it is in flight may be there twice.
 *
 * @throws RangeError when `durability` is no known word
 */
export function sharedFileWriter(options: SharedFileWriterOptions = {}): EventWriter {
  return new SharedFileEventWriter(options);
}

class SharedFileEventWriter implements EventWriter {
  readonly name = "shared-file";
  readonly required: boolean;
  readonly durability: Durability;
  readonly #givenPath: string | undefined;
  readonly #tasks = new SerialTasks();
  #context: WriterContext | undefined;
  #file: SharedFile | undefined;
  #progress: Progress | undefined;
  #confirmedThrough = -1;
  #closing: Promise<void> | undefined;

  constructor({ path, durability = "fsync", required = true }: SharedFileWriterOptions) {
    this.#givenPath = path;
    this.durability = requireDurability(durability);
    this.required = required;
  }

  async open(context: WriterContext): Promise<void> {
    this.#context = context;
    await this.#prepareDirectory(context);
  }

  write(batch: EncodedBatch): Promise<void> {
    return this.#tasks.run(() => this.#write(batch));
  }

  writeSync(batch: EncodedBatch): void {
    if (batch.lastSequence <= this.#confirmedThrough) return;
    const { context, fs, path } = this.#target();
    if (this.#givenPath === undefined) refuseLinkedJobDirectorySync(context);
    appendSharedFileSync(path, batch.bytes, fs);
    this.#confirmedThrough = batch.lastSequence;
  }

  /** Nothing is held back: what `write` confirmed is as safe as it gets. */
  async flush(): Promise<void> {}

  close(): Promise<void> {
    this.#closing ??= this.#tasks.run(() => this.#release());
    return this.#closing;
  }

  async #write(batch: EncodedBatch): Promise<void> {
    if (batch.lastSequence <= this.#confirmedThrough) return;
    if (this.#closing !== undefined) throw closedError(this.name);
    for (let files = 0; files < limits.maxFilesPerBatch; files += 1) {
      const file = await this.#currentFile();
      await this.#append(batch, file);
      if (this.#isDurable) await this.#sync(file);
      if (!(await file.isCurrent())) continue;
      this.#confirmedThrough = Math.max(this.#confirmedThrough, batch.lastSequence);
      return;
    }
    throw takenAway(this.#target().path);
  }

  async #append(batch: EncodedBatch, file: SharedFile): Promise<void> {
    const progress = this.#progressOf(batch);
    while (progress.offset < batch.bytes.length) {
      const appended = await file.append(batch.bytes.subarray(progress.offset));
      if (appended === 0) throw shortWrite(file.path);
      progress.offset += appended;
    }
  }

  /** After a failed sync nothing of the batch counts, and the descriptor is not used again. */
  async #sync(file: SharedFile): Promise<void> {
    try {
      await file.sync();
    } catch (error) {
      await this.#release();
      throw error;
    }
  }

  async #currentFile(): Promise<SharedFile> {
    if (this.#file !== undefined && (await this.#file.isCurrent())) return this.#file;
    await this.#release();
    const { path, fs, context } = this.#target();
    try {
      this.#file = await SharedFile.open(path, fs, this.#isDurable);
    } catch (error) {
      if (!(error instanceof WriteError && error.code === "ENOENT")) throw error;
      await this.#prepareDirectory(context);
      this.#file = await SharedFile.open(path, fs, this.#isDurable);
    }
    return this.#file;
  }

  #progressOf({ firstSequence, lastSequence }: EncodedBatch): Progress {
    const known = this.#progress;
    if (known?.firstSequence === firstSequence && known.lastSequence === lastSequence) return known;
    this.#progress = { firstSequence, lastSequence, offset: 0 };
    return this.#progress;
  }

  #target(): { context: WriterContext; fs: FileSystem; path: string } {
    const context = this.#context;
    if (context === undefined) throw notOpenError(this.name);
    const path = this.#givenPath ?? join(context.directory, sharedSegmentName);
    return { context, fs: context.fs, path };
  }

  async #prepareDirectory(context: WriterContext): Promise<void> {
    if (this.#givenPath === undefined) return prepareJobDirectory(context);
    const directory = dirname(this.#givenPath);
    await ensurePrivateDirectory(directory, context.fs).catch((error: unknown) => {
      throw toWriteError(error, "create the directory", directory);
    });
  }

  get #isDurable(): boolean {
    return this.durability === "fsync";
  }

  /** Lets the file go; what it has of a batch counts no more. */
  async #release(): Promise<void> {
    const file = this.#file;
    this.#file = undefined;
    this.#progress = undefined;
    await file?.close();
  }
}

function shortWrite(path: string): WriteError {
  const message = `cannot append to ${path}: the system took no whole line; free space on the device (df -h)`;
  return new WriteError(message, { code: "NO_PROGRESS", retryable: true, path });
}
