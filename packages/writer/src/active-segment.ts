import type { FileSystem } from "@prodigy-events/storage";
import type { EncodedBatch } from "./encoded-batch.js";
import type { FailedOperation } from "./failure-policy.js";
import { type SegmentIdentity, SegmentStatement } from "./segment-statement.js";
import { toWriteError, WriteError } from "./write-error.js";

/** A batch of which the file holds none, a part, or (not yet known) all. */
interface UnfinishedBatch {
  readonly firstSequence: number;
  readonly lastSequence: number;
  readonly byteLength: number;
}

/** A failed operation on an open segment; `operation` decides what becomes of the segment. */
export class SegmentFailure extends Error {
  override readonly name = "SegmentFailure";
  readonly operation: FailedOperation;
  readonly reason: WriteError;

  constructor(operation: FailedOperation, reason: WriteError) {
    super(reason.message, { cause: reason });
    this.operation = operation;
    this.reason = reason;
  }
}

/**
 * One open segment that only this object appends to.
 *
 * Whether bytes have arrived is read from the file's size, never from the result of a write alone: the kernel may
 * have taken a part of a write that was reported as failed, and somebody else may have cut the file.
 */
export class ActiveSegment {
  readonly identity: SegmentIdentity;
  readonly path: string;
  readonly statement: SegmentStatement;
  readonly #fd: number;
  readonly #fs: FileSystem;
  #confirmedBytes = 0;
  #syncedBytes = 0;
  #unfinished: UnfinishedBatch | undefined;
  #fsyncFailed = false;

  constructor(identity: SegmentIdentity, path: string, fd: number, fs: FileSystem) {
    this.identity = identity;
    this.path = path;
    this.statement = new SegmentStatement(identity);
    this.#fd = fd;
    this.#fs = fs;
  }

  /** Bytes of whole batches in the file. */
  get confirmedBytes(): number {
    return this.#confirmedBytes;
  }

  /** Of those, bytes that are on the disk. */
  get syncedBytes(): number {
    return this.#syncedBytes;
  }

  /** Whether a part of some batch may be in the file. */
  get isUnfinished(): boolean {
    return this.#unfinished !== undefined;
  }

  /** Whether `batch` may be appended: nothing is unfinished, or it is this very batch. */
  accepts(batch: EncodedBatch): boolean {
    const unfinished = this.#unfinished;
    return (
      unfinished === undefined ||
      (unfinished.firstSequence === batch.firstSequence &&
        unfinished.lastSequence === batch.lastSequence &&
        unfinished.byteLength === batch.bytes.length)
    );
  }

  /** Appends the batch, or what is missing of it, and confirms it by the file's size. Throws {@link SegmentFailure}. */
  async append(batch: EncodedBatch): Promise<void> {
    const { bytes } = batch;
    let landed = this.#unfinished === undefined ? 0 : await this.#landedBytes(bytes.length);
    this.#unfinished = {
      firstSequence: batch.firstSequence,
      lastSequence: batch.lastSequence,
      byteLength: bytes.length,
    };
    while (landed < bytes.length) {
      const expected = landed + (await this.#writeFrom(bytes, landed));
      const before = landed;
      landed = await this.#landedBytes(bytes.length);
      if (landed !== expected)
        throw this.#failure("fstat", "SEGMENT_DISTURBED", "somebody else changed its size");
      if (landed === before) throw this.#failure("write", "NO_PROGRESS", "the system took no bytes");
    }
    this.#unfinished = undefined;
    this.#confirmedBytes += bytes.length;
    this.statement.add(batch);
  }

  /** Makes what was appended durable. Throws {@link SegmentFailure}, after which it must not be called again. */
  async sync(): Promise<void> {
    if (this.#fsyncFailed) throw this.#failure("fsync", "EIO", "an earlier fsync failed");
    if (this.#syncedBytes === this.#confirmedBytes) return;
    const bytes = this.#confirmedBytes;
    await this.#attempt("fsync", () => this.#fs.fdatasync(this.#fd)).catch((error: unknown) => {
      this.#fsyncFailed = true;
      throw error;
    });
    this.#syncedBytes = bytes;
  }

  /** Closes the descriptor. Nothing else may be called afterwards. */
  async close(): Promise<void> {
    await this.#fs.close(this.#fd);
  }

  #writeFrom(bytes: Uint8Array, start: number): Promise<number> {
    return this.#attempt("write", () => this.#fs.write(this.#fd, bytes, start, bytes.length - start));
  }

  /** How many bytes of the unfinished batch the file holds. */
  async #landedBytes(batchBytes: number): Promise<number> {
    const { size, nlink } = await this.#attempt("fstat", () => this.#fs.fstat(this.#fd));
    if (nlink === 0) throw this.#failure("fstat", "SEGMENT_GONE", "somebody removed the file");
    const landed = size - this.#confirmedBytes;
    if (landed < 0 || landed > batchBytes) {
      throw this.#failure("fstat", "SEGMENT_DISTURBED", "somebody else changed its size");
    }
    return landed;
  }

  async #attempt<Result>(operation: FailedOperation, action: () => Promise<Result>): Promise<Result> {
    try {
      return await action();
    } catch (error) {
      throw new SegmentFailure(operation, toWriteError(error, operation, this.path));
    }
  }

  #failure(operation: FailedOperation, code: string, reason: string): SegmentFailure {
    const message = `cannot append to ${this.path}: ${reason} (${code})`;
    return new SegmentFailure(operation, new WriteError(message, { code, retryable: true, path: this.path }));
  }
}
