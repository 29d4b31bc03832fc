import { basename, dirname, join } from "node:path";
import {
  type FileSystem,
  formatAsideName,
  openForReading,
  readFully,
  writeFileDurably,
} from "@prodigy-events/storage";
import type { FileIdentity } from "../content/file-identity.js";

/**
 * Watches over a file that others append to by name. An appender looks at the name, then writes: when it is
 * replaced or removed in between, the line lands in a file that nobody can see any more. As long as this is open
 * such lines can still be read; `rescue` puts them into a segment of their own.
 */
export class LateAppends {
  readonly #fd: number;
  readonly #fs: FileSystem;
  readonly #bytes: number;
  readonly #path: string;

  private constructor(fd: number, file: FileIdentity, fs: FileSystem) {
    this.#fd = fd;
    this.#path = file.path;
    this.#bytes = file.bytes;
    this.#fs = fs;
  }

  /** Opens the file; to be done before it is renamed, so that it is certainly this one. */
  static async watch(file: FileIdentity, fs: FileSystem): Promise<LateAppends> {
    const { fd } = await openForReading(file.path, fs);
    return new LateAppends(fd, file, fs);
  }

  /** Saves what was appended beyond the bytes that were dealt with; returns the path of the new segment, if any. */
  async rescue(nowMs: number): Promise<string | undefined> {
    const { size } = await this.#fs.fstat(this.#fd);
    if (size <= this.#bytes) return undefined;
    const late = Buffer.alloc(size - this.#bytes);
    const length = await readFully(this.#fd, late, late.length, this.#bytes, this.#path, this.#fs);
    const path = await freeAsidePath(this.#path, nowMs, this.#fs);
    await writeFileDurably(path, late.subarray(0, length), this.#fs);
    return path;
  }

  async close(): Promise<void> {
    await this.#fs.close(this.#fd);
  }
}

/**
 * A closed name beside `path` that no file has in any state, by which readers find what was set aside:
 * `events-shared.jsonl` gives `events-shared-20261122_063000_123.jsonl.rotated`.
 */
export async function freeAsidePath(path: string, nowMs: number, fs: FileSystem): Promise<string> {
  const directory = dirname(path);
  const names = await fs.readdir(directory);
  for (let asideAtMs = nowMs; ; asideAtMs += 1) {
    const logicalName = formatAsideName(basename(path), asideAtMs);
    if (!names.some((name) => name.startsWith(logicalName))) return join(directory, `${logicalName}.rotated`);
  }
}
