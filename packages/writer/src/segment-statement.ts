import { decodeLine } from "@prodigy-events/schema";
import { ChecksumAccumulator, type Manifest } from "@prodigy-events/storage";
import { type EncodedBatch, firstLineOf, lastLineOf } from "./encoded-batch.js";

/** What is known about a segment besides its records. */
export interface SegmentIdentity {
  readonly segment: string;
  readonly producerId: string;
  readonly createdAtMs: number;
}

/** Collects, batch by batch, what the manifest of a segment will state: from what was written, not from the file. */
export class SegmentStatement {
  readonly #identity: SegmentIdentity;
  readonly #checksums = new ChecksumAccumulator();
  #lines = 0;
  #firstSequence = 0;
  #lastSequence = 0;
  #firstLine = "";
  #lastLine = "";

  constructor(identity: SegmentIdentity) {
    this.#identity = identity;
  }

  add(batch: EncodedBatch): void {
    this.#checksums.update(batch.bytes, batch.count);
    if (this.#lines === 0) {
      this.#firstSequence = batch.firstSequence;
      this.#firstLine = firstLineOf(batch.bytes);
    }
    this.#lines += batch.count;
    this.#lastSequence = batch.lastSequence;
    this.#lastLine = lastLineOf(batch.bytes);
  }

  /** The manifest, at the end; to be called once. */
  finish(closedAtMs: number): Manifest {
    const { bytes, sha256, blockBytes, blockCrc32 } = this.#checksums.finish();
    const firstTimestamp = timestampOf(this.#firstLine);
    const lastTimestamp = timestampOf(this.#lastLine);
    const onlyRecords = firstTimestamp !== undefined && lastTimestamp !== undefined;
    return {
      version: 1,
      segment: this.#identity.segment,
      producerId: this.#identity.producerId,
      bytes,
      lines: this.#lines,
      firstSequence: this.#firstSequence,
      lastSequence: this.#lastSequence,
      ...(firstTimestamp === undefined ? {} : { firstTimestamp }),
      ...(lastTimestamp === undefined ? {} : { lastTimestamp }),
      sha256,
      blockBytes,
      blockCrc32,
      ...(onlyRecords ? { onlyRecords } : {}),
      createdAt: new Date(this.#identity.createdAtMs).toISOString(),
      closedAt: new Date(closedAtMs).toISOString(),
    };
  }
}

/** A writer used on its own may be given lines that are no records; its manifest then has no times. */
function timestampOf(line: string): string | undefined {
  const decoded = decodeLine(line);
  return decoded.ok ? decoded.record.timestamp : undefined;
}
