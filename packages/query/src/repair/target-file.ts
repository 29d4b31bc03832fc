import { dirname, join } from "node:path";
import {
  ChecksumAccumulator,
  type Checksums,
  createPrivateFile,
  ensurePrivateDirectory,
  type FileSystem,
  readContent,
  removeQuietly,
  renameDurably,
  syncFile,
  temporaryName,
  writeFully,
} from "@prodigy-events/storage";
import { QueryError } from "../errors.js";
import { limits } from "../limits.js";

/**
 * A new file of the repaired store. It is written under a temporary name, made durable, read back, and only then gets
 * the name that it is to have. Whatever fails is a QueryError `TARGET_FAILED`.
 */
export class TargetFile {
  readonly #temporary: string;
  readonly #fs: FileSystem;
  readonly #sums = new ChecksumAccumulator();
  #fd: number | undefined;
  #waiting: string[] = [];
  #waitingChars = 0;

  private constructor(temporary: string, fs: FileSystem) {
    this.#temporary = temporary;
    this.#fs = fs;
  }

  /** @param path in the directory that the file will be in, which is made if it is not there */
  static async create(path: string, fs: FileSystem): Promise<TargetFile> {
    const directory = dirname(path);
    const file = new TargetFile(join(directory, temporaryName("repaired")), fs);
    await file.#guarded(async () => {
      await ensurePrivateDirectory(directory, fs);
      file.#fd = await createPrivateFile(file.#temporary, fs);
    });
    return file;
  }

  /** Adds a line. */
  add(text: string): void {
    this.#waiting.push(text, "\n");
    this.#waitingChars += text.length + 1;
  }

  /** Writes what was added, if it is worth a call. */
  async settle(): Promise<void> {
    if (this.#waitingChars >= limits.copyChunkChars) await this.#write();
  }

  /** Makes everything durable and reads it back. Returns the sums of what is on the disk. */
  async finish(): Promise<Checksums> {
    await this.#write();
    return this.#guarded(async () => {
      await syncFile(this.#fd!, this.#temporary, this.#fs);
      const written = this.#sums.finish();
      const found = new ChecksumAccumulator();
      const onProblem = () => undefined; // it is plain
      for await (const { bytes } of readContent(this.#temporary, { fs: this.#fs, onProblem }))
        found.update(bytes);
      if (found.finish().sha256 === written.sha256) return written;
      throw new Error(`${this.#temporary} does not read back as it was written; check that disk`);
    });
  }

  /** Gives the file its name. */
  async place(path: string): Promise<void> {
    await this.#guarded(async () => {
      await this.close();
      await renameDurably(this.#temporary, path, this.#fs);
    });
  }

  /** Removes the file. */
  async discard(): Promise<void> {
    await this.close();
    await removeQuietly(this.#temporary, this.#fs);
  }

  /** Closes the file. Does nothing to one that is closed. */
  async close(): Promise<void> {
    const fd = this.#fd;
    this.#fd = undefined;
    if (fd !== undefined) await this.#fs.close(fd);
  }

  async #write(): Promise<void> {
    const bytes = Buffer.from(this.#waiting.join(""));
    this.#waiting = [];
    this.#waitingChars = 0;
    await this.#guarded(() => writeFully(this.#fd!, bytes, this.#temporary, this.#fs));
    this.#sums.update(bytes);
  }

  async #guarded<Result>(work: () => Promise<Result>): Promise<Result> {
    try {
      return await work();
    } catch (error) {
      throw targetFailed(error, this.#temporary);
    }
  }
}

/** An error in writing the repaired store, told from errors in reading the damaged one. */
export function targetFailed(error: unknown, path: string): QueryError {
  if (error instanceof QueryError) return error;
  const reason = error instanceof Error ? error.message : String(error);
  return new QueryError("TARGET_FAILED", `${reason}; the repaired store is incomplete, remove it`, {
    cause: error,
    path,
  });
}
