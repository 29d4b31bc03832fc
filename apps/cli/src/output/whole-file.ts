import { unlinkSync } from "node:fs";
import { type FileHandle, open, realpath, rename, stat } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import {
  describeFileError,
  errnoOf,
  nodeFileSystem,
  syncDirectory,
  temporaryName,
} from "@prodigy-events/storage";
import { CommandError } from "../errors/command-error.js";
import type { Interruption } from "../program/interruption.js";
import type { TextSink } from "./standard-output.js";

/** Text is handed to the system in pieces of about this size: fewer calls, little memory. */
const pieceCharacters = 1 << 20;

/**
 * A file that appears whole or not at all: everything goes to a temporary file beside it, which takes its name when
 * it is complete and on the disk. An existing file is replaced; a symbolic link keeps pointing where it points.
 */
export class WholeFile implements TextSink {
  readonly path: string;
  readonly #target: string;
  readonly #temporary: string;
  readonly #handle: FileHandle;
  readonly #forgetCleanup: () => void;
  #held: string[] = [];
  #heldCharacters = 0;
  #isFinished = false;
  /** Bytes written. */
  bytes = 0;

  private constructor(
    path: string,
    target: string,
    temporary: string,
    handle: FileHandle,
    interruption: Interruption,
  ) {
    this.path = path;
    this.#target = target;
    this.#temporary = temporary;
    this.#handle = handle;
    this.#forgetCleanup = interruption.onEnd(() => unlinkSync(temporary));
  }

  /**
   * Begins to write `path`, with permissions `mode`. Throws `CommandError` `NOT_A_FILE` for a directory, device or
   * pipe, and `StorageError` where the file cannot be created.
   */
  static async create(
    path: string,
    cwd: string,
    mode: number,
    interruption: Interruption,
  ): Promise<WholeFile> {
    const target = await targetOf(resolve(cwd, path), path);
    const temporary = join(dirname(target), temporaryName(basename(target)));
    try {
      const handle = await open(temporary, "wx", mode);
      await handle.chmod(mode);
      return new WholeFile(path, target, temporary, handle, interruption);
    } catch (error) {
      throw describeFileError(error, "create a file in", dirname(target));
    }
  }

  write(text: string): Promise<void> | undefined {
    if (text === "") return undefined;
    this.#held.push(text);
    this.#heldCharacters += text.length;
    return this.#heldCharacters < pieceCharacters ? undefined : this.#writeHeld();
  }

  /** Makes the file durable and gives it its name. Nothing is left behind when that fails. */
  async commit(): Promise<void> {
    try {
      await this.#writeHeld();
      await this.#handle.sync();
      await this.#handle.close();
      await rename(this.#temporary, this.#target);
      this.#finish();
    } catch (error) {
      await this.abandon();
      throw describeFileError(error, "write", this.path);
    }
    await syncDirectory(dirname(this.#target), nodeFileSystem);
  }

  /** Takes away what was written. May be called after `commit()`, to no effect. */
  async abandon(): Promise<void> {
    if (this.#isFinished) return;
    this.#finish();
    await this.#handle.close().catch(() => {}); // It may be closed already, and nothing of it is kept.
    unlinkSync(this.#temporary);
  }

  async #writeHeld(): Promise<void> {
    const bytes = Buffer.from(this.#held.join(""));
    this.#held = [];
    this.#heldCharacters = 0;
    try {
      await this.#handle.appendFile(bytes);
    } catch (error) {
      throw describeFileError(error, "write", this.path);
    }
    this.bytes += bytes.length;
  }

  #finish(): void {
    this.#isFinished = true;
    this.#forgetCleanup();
  }
}

/** The file that will be replaced. */
async function targetOf(path: string, given: string): Promise<string> {
  try {
    const stats = await stat(path);
    if (stats.isFile()) return await realpath(path);
    throw new CommandError(
      "NOT_A_FILE",
      `cannot replace ${given}: it is not a regular file; leave --output out to write to standard output`,
    );
  } catch (error) {
    if (errnoOf(error) === "ENOENT") return path;
    if (error instanceof CommandError) throw error;
    throw describeFileError(error, "look at", given);
  }
}
