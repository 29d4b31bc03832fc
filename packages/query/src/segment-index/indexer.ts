import { type FileSystem, removeIndex, type Segment, StorageError } from "@prodigy-events/storage";
import type { Bounds } from "../bounds.js";
import { buildSegmentIndex } from "./build-segment-index.js";
import { checkIndexHeader, checkSegmentIndex, type IndexState } from "./check-segment-index.js";
import type { IndexHeader } from "./index-header.js";
import type { SegmentIndexReport } from "./index-report.js";
import { indexWork } from "./index-work.js";
import { openSegmentIndex } from "./open-segment-index.js";
import { ReusedKernel } from "./reused-kernel.js";
import type { SegmentIndex } from "./segment-index.js";
import { writeSegmentIndex } from "./write-segment-index.js";

/** What indexing takes. */
export interface IndexerContext {
  readonly fs: FileSystem;
  readonly bounds: Bounds;
  readonly signal: AbortSignal | undefined;
  isClosed(segment: Segment): Promise<boolean>;
  /** Is told how many bytes of content have been read. */
  onRead(bytes: number): void;
}

/** Builds, checks and removes the indexes of segments, one after the other. What cannot be done is in the report. */
export class Indexer {
  readonly #context: IndexerContext;
  readonly #kernel: ReusedKernel;
  #bytesRead = 0;

  constructor(context: IndexerContext) {
    this.#context = context;
    this.#kernel = new ReusedKernel(context.bounds.maxScannedBytes || 1);
  }

  /** When nothing further will be indexed. */
  close(): void {
    this.#kernel.close();
  }

  /** Bytes of content that were read. */
  get bytesRead(): number {
    return this.#bytesRead;
  }

  /** Builds what is missing or does not fit, if it is worth it. */
  async update(segment: Segment): Promise<SegmentIndexReport> {
    const { fs, bounds } = this.#context;
    const { maxInflatedBytes } = bounds;
    const { bytes } = segment;
    const { index, reason } = await openSegmentIndex(segment, { fs, maxInflatedBytes });
    const state = reason ?? (index.isGrown ? "grown" : "fresh");
    try {
      const isClosed = await this.#context.isClosed(segment);
      const found = reason ?? { endOffset: index.header.endOffset, isGrown: index.isGrown };
      const work = indexWork({ bytes, isClosed, isShared: segment.kind === "shared", index: found }, bounds);
      if (work === "keep" && index)
        return { ...of(segment, state), action: "kept", ...amountsOf(index.header), indexBytes: index.bytes };
      if (work === "skip") return skipped(segment, state, isClosed);
      return await this.#build(segment, state, work === "extend" ? index : undefined);
    } catch (error) {
      return failed(segment, state, error);
    } finally {
      await index?.close();
    }
  }

  /** Reads an index to its end, or only its header, and changes nothing. */
  async check(segment: Segment, part: "all" | "header"): Promise<SegmentIndexReport> {
    const check = part === "all" ? checkSegmentIndex : checkIndexHeader;
    const { state, header, bytes } = await check(segment, this.#context.fs);
    return {
      ...{ ...of(segment, state), action: "checked" },
      ...(header && { ...amountsOf(header), indexBytes: bytes }),
    };
  }

  /** Removes an index; `undefined` where there was none. */
  async drop(segment: Segment): Promise<SegmentIndexReport | undefined> {
    const { fs } = this.#context;
    const { directory, logicalName } = segment;
    const { index, reason } = await openSegmentIndex(segment, { fs });
    await index?.close();
    if (reason === "absent") return undefined;
    const state = reason ?? (index.isGrown ? "grown" : "fresh");
    try {
      await removeIndex(directory, logicalName, fs);
      return { ...of(segment, state), action: "dropped", ...(index && { indexBytes: index.bytes }) };
    } catch (error) {
      return failed(segment, state, error);
    }
  }

  async #build(
    segment: Segment,
    state: IndexState,
    extended: SegmentIndex | undefined,
  ): Promise<SegmentIndexReport> {
    const { fs, bounds, signal, onRead } = this.#context;
    const { directory, logicalName } = segment;
    const built = await buildSegmentIndex(segment, {
      ...{ fs, signal, extended, kernel: this.#kernel },
      chunkBytes: bounds.maxChunkBytes,
      maxInflatedBytes: bounds.maxInflatedBytes,
      onRead: (bytes) => onRead(this.#bytesRead + bytes),
    });
    if (typeof built === "string") {
      await removeIndex(directory, logicalName, fs);
      return { ...of(segment, state), action: "refused", reason: built };
    }
    this.#bytesRead += built.bytesRead;
    const indexBytes = await writeSegmentIndex(segment, built, fs);
    const action = built.isExtended ? "extended" : "built";
    return { ...of(segment, state), action, ...amountsOf(built.header), indexBytes };
  }
}

function of({ path, bytes }: Segment, state: IndexState) {
  return { path, storedBytes: bytes, state };
}

function amountsOf({ rows, decided, endOffset }: IndexHeader) {
  return { lines: rows, undecided: rows - decided, contentBytes: endOffset };
}

function skipped(segment: Segment, state: IndexState, isClosed: boolean): SegmentIndexReport {
  if (state === "too large")
    return { ...of(segment, state), action: "refused", reason: "it inflates to more than is allowed" };
  const reason = isClosed
    ? "it is small, and read as fast as its index"
    : "it is still written, and not large yet";
  return { ...of(segment, state), action: "skipped", reason };
}

/** A file that cannot be read or written is a part of the answer. */
function failed(segment: Segment, state: IndexState, error: unknown): SegmentIndexReport {
  if (!(error instanceof StorageError)) throw error;
  return { ...of(segment, state), action: "failed", reason: error.message };
}
