import { constants, type Stats } from "node:fs";
import { dirname } from "node:path";
import { errnoOf, type FileSystem, privateFileMode, syncDirectory } from "@prodigy-events/storage";
import { limits } from "./limits.js";
import { toWriteError, WriteError } from "./write-error.js";

const lineFeed = 0x0a;

/** Created where it is missing, never through a link, never waiting for a FIFO, and every write at the end. */
export const sharedFileFlags =
  constants.O_RDWR |
  constants.O_CREAT |
  constants.O_APPEND |
  (constants.O_NOFOLLOW ?? 0) |
  (constants.O_NONBLOCK ?? 0);

/** Lines to append; `\n` comes first when what is there does not end with one. */
function payloadOf(lines: Uint8Array, endsTail: boolean): Uint8Array {
  return endsTail ? Buffer.concat([Buffer.of(lineFeed), lines]) : lines;
}

function isSameFile(one: Stats, other: Stats): boolean {
  return one.ino === other.ino && one.dev === other.dev;
}

/** The file was taken away under every write of a batch, so that nothing of it can be confirmed. */
export function takenAway(path: string): WriteError {
  const message =
    `cannot append to ${path}: somebody renames or removes it again and again; ` +
    "look who does, or give each writer a file of its own (SEGMENT_GONE)";
  return new WriteError(message, { code: "SEGMENT_GONE", retryable: true, path });
}

function notRegular(path: string): WriteError {
  const message = `${path} is not a regular file; events can only be appended to one`;
  return new WriteError(message, { code: "NOT_A_REGULAR_FILE", retryable: true, path });
}

/** An open file to which many processes append whole lines. Everything throws {@link WriteError}. */
export class SharedFile {
  readonly path: string;
  readonly #fd: number;
  readonly #fs: FileSystem;

  private constructor(path: string, fd: number, fs: FileSystem) {
    this.path = path;
    this.#fd = fd;
    this.#fs = fs;
  }

  /** Opens the file, or makes it. With `durable`, its name survives a power cut. */
  static async open(path: string, fs: FileSystem, durable: boolean): Promise<SharedFile> {
    let file: SharedFile | undefined;
    try {
      file = new SharedFile(path, await fs.open(path, sharedFileFlags, privateFileMode), fs);
      await file.#requireRegular();
      if (durable) await syncDirectory(dirname(path), fs);
      return file;
    } catch (error) {
      await file?.close();
      throw toWriteError(error, "open", path);
    }
  }

  /**
   * Whether the path still leads to this file: whoever cleans up renames it, and appenders follow the path. What was
   * written before this says yes is seen by all who look at the path, or at the file when they have renamed it.
   */
  async isCurrent(): Promise<boolean> {
    try {
      return isSameFile(await this.#fs.stat(this.path), await this.#fs.fstat(this.#fd));
    } catch (error) {
      if (errnoOf(error) === "ENOENT") return false;
      throw toWriteError(error, "examine", this.path);
    }
  }

  /**
   * Appends whole lines with one write and returns how many bytes of them count: all, or those of the lines that
   * are whole after a short write.
   */
  async append(lines: Uint8Array): Promise<number> {
    try {
      const endsTail = await this.#hasTail();
      const payload = payloadOf(lines, endsTail);
      const written = await this.#fs.write(this.#fd, payload, 0, payload.length);
      if (written === payload.length) return lines.length;
      const landed = written - (endsTail ? 1 : 0);
      return landed <= 0 ? 0 : lines.lastIndexOf(lineFeed, landed - 1) + 1;
    } catch (error) {
      throw toWriteError(error, "append to", this.path);
    }
  }

  /** After it failed, the file must be closed and opened again. */
  async sync(): Promise<void> {
    await this.#fs.fdatasync(this.#fd).catch((error: unknown) => {
      throw toWriteError(error, "fdatasync", this.path);
    });
  }

  async close(): Promise<void> {
    // Whatever close reports, the descriptor is gone, and what counts was confirmed before.
    await this.#fs.close(this.#fd).catch(() => undefined);
  }

  async #requireRegular(): Promise<void> {
    const stats = await this.#fs.fstat(this.#fd);
    if (!stats.isFile()) throw notRegular(this.path);
  }

  /** Whether the last line has no end: somebody was interrupted while writing it. */
  async #hasTail(): Promise<boolean> {
    const { size } = await this.#fs.fstat(this.#fd);
    if (size === 0) return false;
    const last = Buffer.alloc(1);
    const read = await this.#fs.read(this.#fd, last, 0, 1, size - 1);
    return read === 1 && last[0] !== lineFeed;
  }
}

/**
 * Appends whole lines synchronously through a descriptor of its own, behind a `\n` that ends any tail; once more when
 * the file was taken away meanwhile.
 */
export function appendSharedFileSync(path: string, lines: Uint8Array, fs: FileSystem): void {
  for (let files = 0; files < limits.maxFilesPerBatch; files += 1) {
    if (appendToPathSync(path, lines, fs)) return;
  }
  throw takenAway(path);
}

/** Returns whether the path leads to the file that has the lines now. */
function appendToPathSync(path: string, lines: Uint8Array, fs: FileSystem): boolean {
  let fd: number | undefined;
  try {
    fd = fs.openSync(path, sharedFileFlags, privateFileMode);
    const stats = fs.fstatSync(fd);
    if (!stats.isFile()) throw notRegular(path);
    const payload = payloadOf(lines, stats.size > 0);
    let written = 0;
    while (written < payload.length) written += fs.writeSync(fd, payload, written, payload.length - written);
    fs.fsyncSync(fd);
    return leadsToSync(path, fd, fs);
  } catch (error) {
    throw toWriteError(error, "append to", path);
  } finally {
    if (fd !== undefined) fs.closeSync(fd);
  }
}

function leadsToSync(path: string, fd: number, fs: FileSystem): boolean {
  try {
    return isSameFile(fs.statSync(path), fs.fstatSync(fd));
  } catch (error) {
    if (errnoOf(error) === "ENOENT") return false;
    throw error;
  }
}
