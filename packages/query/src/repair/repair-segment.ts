import { basename, join } from "node:path";
import {
  type FileSystem,
  limits,
  type Manifest,
  readManifest,
  StorageError,
  writeManifest,
} from "@prodigy-events/storage";
import { QueryError } from "../errors.js";
import type { SourceSegment } from "../source/source-segment.js";
import { judgeManifest, type Stretch } from "../verify/judge-manifest.js";
import type { ProducerNumbers } from "../verify/producer-numbers.js";
import { type BadLine, type ReadThrough, type RecordLine, readThrough } from "../verify/read-through.js";
import { SegmentRecords } from "../verify/segment-records.js";
import type { LeftOutReason, SegmentRepair } from "./repair-report.js";
import { LeftOut, PortionCount } from "./tally.js";
import { TargetFile, targetFailed } from "./target-file.js";
import { strayName, targetName } from "./target-names.js";

/** What the repairs of the segments of one directory share. */
export interface RepairDirectory {
  readonly fs: FileSystem;
  readonly signal: AbortSignal | undefined;
  readonly isClosed: (source: SourceSegment) => Promise<boolean>;
  /** Where the copies go. */
  readonly target: string;
  /** Names of copies so far, and of those whose names are sure. */
  readonly takenNames: Set<string>;
  /** Knows the records that were copied. */
  readonly numbers: ProducerNumbers;
  onProgress(): void;
}

/** Copies what can be read of one segment, and says what it leaves behind. */
export async function repairSegment(
  source: SourceSegment,
  directory: RepairDirectory,
): Promise<SegmentRepair> {
  const { segment } = source;
  const { fs, signal } = directory;
  const manifest = segment.kind === "own" ? await intactManifest(source, fs) : undefined;
  const copy = new SegmentCopy(source, directory, manifest?.blockBytes ?? limits.checksumBlockBytes);
  let read: ReadThrough | undefined;
  let error: string | undefined;
  try {
    const isClosed = await directory.isClosed(source);
    await copy.open();
    read = await readThrough(segment, {
      ...{ fs, signal, isClosed, blockBytes: manifest?.blockBytes },
      onRecords: (records) => copy.take(records),
      onBadLine: (bad) => copy.leaveOut(bad),
    });
    copy.finishReading(read, source.path);
  } catch (caught) {
    if (!(caught instanceof StorageError)) {
      await copy.close();
      throw caught;
    }
    error = caught.message;
  }
  return copy.finish(manifest, read, error);
}

async function intactManifest({ segment }: SourceSegment, fs: FileSystem): Promise<Manifest | undefined> {
  try {
    return await readManifest(segment.directory, segment.logicalName, fs);
  } catch (error) {
    if (error instanceof StorageError) return undefined; // damaged or unreadable: it states nothing then
    throw error;
  }
}

/** The copy of one segment while it is made. */
class SegmentCopy {
  readonly #source: SourceSegment;
  readonly #directory: RepairDirectory;
  readonly #records: SegmentRecords;
  readonly #copied = new PortionCount();
  readonly #leftOut = new LeftOut();
  readonly #damaged: Stretch[] = [];
  readonly #blockBytes: number;
  /** How many copied lines begin in each block. */
  readonly #linesByBlock: number[] = [];
  #file: TargetFile | undefined;
  #strays: TargetFile | undefined;

  constructor(source: SourceSegment, directory: RepairDirectory, blockBytes: number) {
    this.#source = source;
    this.#directory = directory;
    this.#records = new SegmentRecords(source, directory.numbers);
    this.#blockBytes = blockBytes;
  }

  async open(): Promise<void> {
    this.#file = await this.#create();
  }

  async take(records: readonly RecordLine[]): Promise<void> {
    for (const each of records) {
      const bytes = each.length + 1;
      const place = this.#records.take(each);
      if (place === "copy") {
        this.#leftOut.add("duplicate", 1, bytes);
        continue;
      }
      if (place === "stray") this.#strays ??= await this.#create();
      (place === "stray" ? this.#strays : this.#file)!.add(each.text);
      this.#copied.add(1, bytes);
      const block = Math.floor(each.offset / this.#blockBytes);
      this.#linesByBlock[block] = (this.#linesByBlock[block] ?? 0) + 1;
    }
    await this.#file!.settle();
    await this.#strays?.settle();
    this.#directory.onProgress();
  }

  leaveOut({ kind, reason, offset, length, isEnded }: BadLine): void {
    if (kind === "damaged_compression") this.#damaged.push({ offset, length });
    else this.#leftOut.add(reasonOf(kind, reason), 1, length + (isEnded ? 1 : 0));
  }

  /** @throws QueryError `NOT_CONSERVED` when what was read is not what was copied and left out, to the byte */
  finishReading({ bytes, blank, skippedBytes, checksums }: ReadThrough, path: string): void {
    if (skippedBytes > 0) this.#leftOut.add("blank", blank, skippedBytes);
    const left = this.#leftOut.sum();
    const accounted = this.#copied.bytes + left.bytes;
    const unended = ["torn", "pending", "tail"] as const;
    const unendedLines = unended.reduce((sum, reason) => sum + (this.#leftOut.get(reason)?.lines ?? 0), 0);
    const ended = this.#copied.lines + left.lines - unendedLines;
    if (accounted === bytes && ended === checksums.lines) return;
    const message = `the copy of ${path} does not add up (${accounted} of ${bytes} bytes, ${ended} of ${checksums.lines} line ends); report this`;
    throw new QueryError("NOT_CONSERVED", message, { path });
  }

  async finish(
    manifest: Manifest | undefined,
    read: ReadThrough | undefined,
    error: string | undefined,
  ): Promise<SegmentRepair> {
    const { segment, path } = this.#source;
    const { target, takenNames, fs } = this.#directory;
    const sums = await this.#file?.finish();
    const isWhole =
      manifest !== undefined && sums?.sha256 === manifest.sha256 && sums.bytes === manifest.bytes;
    const targetPath = join(target, targetName(segment, isWhole, takenNames));
    const strayPath = join(target, strayName(segment.logicalName));
    if (manifest !== undefined && isWhole) {
      const { supersedes: _, ...stated } = manifest;
      await writeManifest(target, stated, fs).catch((failure: unknown) => {
        throw targetFailed(failure, target);
      });
    }
    // An empty copy is worth nothing, unless it is what the manifest says.
    const isWorthPlacing = isWhole || (sums?.bytes ?? 0) > 0;
    if (isWorthPlacing) takenNames.add(basename(targetPath));
    await (isWorthPlacing ? this.#file?.place(targetPath) : this.#file?.discard());
    await this.#strays?.finish();
    await this.#strays?.place(strayPath);
    return {
      path,
      targetPath: isWorthPlacing ? targetPath : undefined,
      strayPath: this.#strays === undefined ? undefined : strayPath,
      isWhole,
      copied: this.#copied,
      leftOut: this.#leftOut,
      suspectLines: this.#suspectLines(manifest, read),
      error,
    };
  }

  async close(): Promise<void> {
    await this.#file?.close();
    await this.#strays?.close();
  }

  #create(): Promise<TargetFile> {
    return TargetFile.create(
      join(this.#directory.target, this.#source.segment.logicalName),
      this.#directory.fs,
    );
  }

  /** Copied lines that begin where the checksum of a block does not match, or compressed data is damaged. */
  #suspectLines(manifest: Manifest | undefined, read: ReadThrough | undefined): number {
    const { firstSequence, lastSequence, foreignCount: foreignRecords } = this.#records;
    const content = read && { checksums: read.checksums, firstSequence, lastSequence, foreignRecords };
    const bad = [...this.#damaged];
    if (manifest !== undefined && content !== undefined) bad.push(...judgeManifest(manifest, content).blocks);
    return this.#linesByBlock.reduce((sum, lines, block) => {
      const [start, end] = [block * this.#blockBytes, (block + 1) * this.#blockBytes];
      return bad.some(({ offset, length }) => offset < end && offset + length > start) ? sum + lines : sum;
    }, 0);
  }
}

function reasonOf(kind: BadLine["kind"], reason: BadLine["reason"]): LeftOutReason {
  if (kind === "pending_tail") return "pending";
  return kind === "malformed_line" ? reason : "torn";
}
