import { type FileSystem, type Line, readFully, writeFully } from "@prodigy-events/storage";
import { createTemporaryFile, type TemporaryFile } from "./spool.js";

/** Lines are read from a spool by so many bytes at once, if that is more than was asked for. */
const readAheadBytes = 8 * 1024;
/** Before each line stand its offset (a double) and its length in bytes (32 bits), little-endian. */
const headerBytes = 12;

/**
 * Lists of lines set down in one temporary file, in whatever order they are given, to be read again piece by piece.
 * The file is created when the first list is added; its disk space is given back by `close` or by the process's end.
 */
export class LineSpool {
  readonly #fs: FileSystem;
  #file: Promise<TemporaryFile> | undefined;
  #bytes = 0;
  /** Used for every list: lists are added one after the other. */
  #encoded = Buffer.alloc(0);

  constructor(fs: FileSystem) {
    this.#fs = fs;
  }

  /** @throws StorageError when the temporary file cannot be written */
  async add(lines: readonly Line[]): Promise<SpooledLines> {
    this.#file ??= createTemporaryFile(this.#fs);
    const { fd, path } = await this.#file;
    const bytes = this.#encode(lines);
    const start = this.#bytes;
    this.#bytes += bytes.length;
    await writeFully(fd, bytes, path, this.#fs);
    return new SpooledLines({ fd, path, fs: this.#fs, start, end: this.#bytes });
  }

  async close(): Promise<void> {
    await (await this.#file)?.close();
  }

  #encode(lines: readonly Line[]): Buffer {
    let length = 0;
    for (const line of lines) length += headerBytes + line.length;
    if (this.#encoded.length < length) this.#encoded = Buffer.allocUnsafe(length);
    const bytes = this.#encoded;
    let at = 0;
    for (const line of lines) {
      at = bytes.writeDoubleLE(line.offset, at);
      at = bytes.writeUInt32LE(line.length, at);
      at += bytes.write(line.text, at);
    }
    return bytes.subarray(0, length);
  }
}

/** Where a list of lines lies in a spool. */
interface SpooledRange {
  readonly fd: number;
  readonly path: string;
  readonly fs: FileSystem;
  readonly start: number;
  readonly end: number;
}

/** A list of lines in a spool, from its beginning. */
export class SpooledLines {
  readonly #range: SpooledRange;
  /** What was read and not handed over yet; the file's next byte is at `#position`. */
  #ahead: Buffer = Buffer.alloc(0);
  #position: number;

  constructor(range: SpooledRange) {
    this.#range = range;
    this.#position = range.start;
  }

  /** The next lines, about `chunkBytes` of them, at least one; none at the end. */
  async next(chunkBytes: number): Promise<Line[]> {
    const lines: Line[] = [];
    let taken = takeLines(this.#ahead, chunkBytes, lines);
    for (let wanted = chunkBytes; taken === 0 && (await this.#readOn(wanted)); wanted *= 2) {
      taken = takeLines(this.#ahead, chunkBytes, lines);
    }
    this.#ahead = this.#ahead.subarray(taken);
    return lines;
  }

  /** Reads more; false at the end. */
  async #readOn(wantedBytes: number): Promise<boolean> {
    const { fd, path, fs, end } = this.#range;
    const length = Math.min(end - this.#position, Math.max(wantedBytes, readAheadBytes));
    if (length === 0) return false;
    const bytes = Buffer.allocUnsafe(this.#ahead.length + length);
    this.#ahead.copy(bytes);
    await readFully(fd, bytes.subarray(this.#ahead.length), length, this.#position, path, fs);
    this.#ahead = bytes;
    this.#position += length;
    return true;
  }
}

/** Appends the first lines that `bytes` hold whole, about `chunkBytes` of them, and returns where the last ends. */
function takeLines(bytes: Buffer, chunkBytes: number, lines: Line[]): number {
  let at = 0;
  while (at < chunkBytes && at + headerBytes <= bytes.length) {
    const length = bytes.readUInt32LE(at + headerBytes - 4);
    const start = at + headerBytes;
    if (start + length > bytes.length) break;
    lines.push({
      text: bytes.toString("utf8", start, start + length),
      offset: bytes.readDoubleLE(at),
      length,
    });
    at = start + length;
  }
  return at;
}
