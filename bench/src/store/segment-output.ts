import { closeSync, mkdirSync, openSync, writeSync } from "node:fs";
import { dirname, join } from "node:path";
import {
  ChecksumAccumulator,
  type FileSystem,
  formatSegmentName,
  nodeFileSystem,
  writeManifest,
} from "@prodigy-events/storage";

/** Lines are collected up to so many characters and written in one go. */
const batchChars = 1 << 20;

/** Nothing of a store that can be generated again has to survive a power cut. */
const unsynced: FileSystem = { ...nodeFileSystem, fsync: async () => {}, fdatasync: async () => {} };

/** What is known of a segment when it is begun. */
interface SegmentBeginning {
  readonly createdAtMs: number;
  readonly firstSequence: number;
  /** Whether every line will be a record. */
  readonly onlyRecords: boolean;
}

/** One rotated segment of one producer while it is written, closed with its manifest as our writer would. */
export class SegmentOutput {
  readonly path: string;
  readonly #name: string;
  readonly #producerId: string;
  readonly #createdAtMs: number;
  readonly #firstSequence: number;
  readonly #onlyRecords: boolean;
  readonly #descriptor: number;
  readonly #sums = new ChecksumAccumulator();
  #lines: string[] = [];
  #chars = 0;
  #count = 0;
  #firstTimestamp = "";
  #lastTimestamp = "";

  constructor(
    directory: string,
    producerId: string,
    { createdAtMs, firstSequence, onlyRecords }: SegmentBeginning,
  ) {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    this.#name = formatSegmentName(createdAtMs, producerId);
    this.#producerId = producerId;
    this.#createdAtMs = createdAtMs;
    this.#firstSequence = firstSequence;
    this.#onlyRecords = onlyRecords;
    this.path = join(directory, `${this.#name}.rotated`);
    this.#descriptor = openSync(this.path, "wx", 0o600);
  }

  /** Size so far: bytes of what is written, characters of what is not yet. */
  get size(): number {
    return this.#sums.bytes + this.#chars;
  }

  add(line: string, timestamp: string): void {
    if (this.#count === 0) this.#firstTimestamp = timestamp;
    this.#lastTimestamp = timestamp;
    this.#count += 1;
    this.#lines.push(line);
    this.#chars += line.length;
    if (this.#chars >= batchChars) this.#write();
  }

  /** Writes what is left and the manifest; gives the size in bytes. */
  async close(closedAtMs: number): Promise<number> {
    this.#write();
    closeSync(this.#descriptor);
    const sums = this.#sums.finish();
    await writeManifest(
      dirname(this.path),
      {
        version: 1,
        segment: this.#name,
        producerId: this.#producerId,
        ...sums,
        firstSequence: this.#firstSequence,
        lastSequence: this.#firstSequence + this.#count - 1,
        ...(this.#count === 0
          ? {}
          : { firstTimestamp: this.#firstTimestamp, lastTimestamp: this.#lastTimestamp }),
        ...(this.#onlyRecords ? { onlyRecords: true } : {}),
        createdAt: new Date(this.#createdAtMs).toISOString(),
        closedAt: new Date(closedAtMs).toISOString(),
      },
      unsynced,
    );
    return sums.bytes;
  }

  #write(): void {
    if (this.#lines.length === 0) return;
    const bytes = Buffer.from(this.#lines.join(""));
    for (let at = 0; at < bytes.length; ) at += writeSync(this.#descriptor, bytes, at);
    this.#sums.update(bytes, this.#lines.length);
    this.#lines = [];
    this.#chars = 0;
  }
}
