import { type Checksums, errnoOf, findAlteredMember, StorageError } from "@prodigy-events/storage";
import type { SourceSegment } from "../source/source-segment.js";
import { checkIndex } from "./check-index.js";
import { checkManifest, openManifest } from "./manifest-check.js";
import type { ProducerNumbers } from "./producer-numbers.js";
import { type BadLine, type ReadThrough, readThrough } from "./read-through.js";
import { ownerOf, SegmentRecords } from "./segment-records.js";
import type { VerifyContext } from "./verify-context.js";

/** What the directory wants to know of a segment afterwards. */
export interface VerifiedSegment {
  readonly checksums: Checksums;
  readonly fitsManifest: boolean;
}

/**
 * Verifies one segment and tells what it finds; `undefined` when it could not be read.
 *
 * @param numbers takes the numbers of its records
 */
export async function verifySegment(
  source: SourceSegment,
  numbers: ProducerNumbers,
  context: VerifyContext,
): Promise<VerifiedSegment | undefined> {
  const { segment, path } = source;
  const { findings, fs, signal } = context;
  // First of all: a segment that is closed, or sealed, only while it is read may have been read before its end.
  const isClosed = await context.isClosed(segment);
  const manifest = segment.kind === "own" ? await openManifest(segment, context) : undefined;
  const blockBytes = typeof manifest === "object" ? manifest.blockBytes : undefined;
  const records = new SegmentRecords(source, numbers);
  const read = await reported(source, context, () =>
    readThrough(segment, {
      ...{ fs, signal, isClosed, blockBytes },
      onRecords: (batch) => {
        findings.totals.records += batch.length;
        findings.totals.lines += batch.length;
        for (const each of batch) records.take(each);
        context.onProgress();
      },
      onBadLine: (bad) => tellBadLine(bad, path, context),
    }),
  );
  if (read === undefined) return undefined;
  count(read, segment.bytes, context);
  tellForeignRecords(records, source, context);
  if (!read.isDamaged && source.origin !== "stdin") await checkMembers(source, context);
  await checkIndex(source, context);
  if (manifest === undefined && isClosed && segment.kind === "own") {
    const message = "it is closed and has no manifest: there is nothing to compare it with";
    findings.add("unsealed_segment", path, message, { producerId: segment.producerId });
  }
  if (typeof manifest !== "object") return { checksums: read.checksums, fitsManifest: false };
  findings.totals.sealed++;
  const { firstSequence, lastSequence, foreignCount: foreignRecords } = records;
  const content = { checksums: read.checksums, firstSequence, lastSequence, foreignRecords };
  const fitsManifest = await checkManifest(manifest, content, source, context);
  return { checksums: read.checksums, fitsManifest };
}

/** Runs something that reads a segment, and tells why when it cannot. */
async function reported<Result>(
  { path }: SourceSegment,
  { findings }: VerifyContext,
  read: () => Promise<Result>,
): Promise<Result | undefined> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof StorageError)) throw error;
    if (errnoOf(error) === "ENOENT")
      findings.add("vanished_segment", path, "it was taken away while it was to be read");
    else findings.add("unreadable", path, error.message);
    return undefined;
  }
}

function tellBadLine(bad: BadLine, path: string, { findings }: VerifyContext): void {
  const { kind, message, isEnded: _, ...place } = bad;
  findings.add(kind, path, message, place);
}

function count(read: ReadThrough, storedBytes: number, { findings: { totals } }: VerifyContext): void {
  const { malformed, torn, pending, blank, bytes } = read;
  totals.segments++;
  totals.storedBytes += storedBytes;
  totals.lines += malformed + torn + pending;
  totals.malformed += malformed;
  totals.torn += torn;
  totals.pending += pending;
  totals.blank += blank;
  totals.bytes += bytes;
}

function tellForeignRecords(
  { foreignCount, firstForeign }: SegmentRecords,
  source: SourceSegment,
  { findings }: VerifyContext,
): void {
  if (firstForeign === undefined) return;
  const { producerId, line } = firstForeign;
  const who = producerId === "" ? "no producer or no number" : `producer ${producerId}`;
  const message = `records that are not those of producer ${ownerOf(source)}, whose segment it is: ${foreignCount}, the first one, in line ${line}, of ${who}`;
  findings.add("foreign_record", source.path, message, { ...firstForeign, count: foreignCount });
}

/**
 * Changes in the headers of our gzip do no harm to the content, and are no less a sign that the disk does some. Of a
 * segment that is gone, now that it was read, there is nothing more to be told.
 */
async function checkMembers(source: SourceSegment, context: VerifyContext): Promise<void> {
  const altered = await reported(source, context, () =>
    findAlteredMember(source.segment, context.fs).catch((error: unknown) => {
      if (errnoOf(error) === "ENOENT") return undefined;
      throw error;
    }),
  );
  if (altered === undefined) return;
  const { offset: fileOffset, logicalOffset: offset } = altered;
  const message = `the gzip member at byte ${fileOffset} of the file is not as it was written; its content could be read`;
  context.findings.add("damaged_compression", source.path, message, {
    offset,
    length: 0,
    reason: "compression",
  });
}
