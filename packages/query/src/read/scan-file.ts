import {
  type LineProblem,
  type ReadOptions,
  readContent,
  readLines,
  StorageError,
  supportsBackward,
} from "@prodigy-events/storage";
import { type Block, type BlockRun, planBlockRuns } from "../plan/block-runs.js";
import type { PlannedSegment } from "../plan/query-plan.js";
import { type Spool, spool } from "../source/spool.js";
import { BlockScan } from "./block-scan.js";
import { reportDamage, reportTail, reportUnreadable } from "./line-problems.js";
import type { ReadContext } from "./read-context.js";

/** A file that anybody may have written, with the runs in which its records can be merged by time. */
export interface ScannedFile {
  readonly planned: PlannedSegment;
  readonly runs: readonly BlockRun[];
  /** To be closed when the runs have been read. */
  readonly spool?: Spool;
}

/**
 * Reads a file once to learn in what order its records are. Of problems only an end of reading before the end of the
 * file is reported; the others are when the runs are read.
 *
 * A file out of order whose compression has no places to enter at is set down uncompressed in a temporary file.
 */
export async function scanFile(planned: PlannedSegment, context: ReadContext): Promise<ScannedFile> {
  const runs = planBlockRuns(await scanBlocks(planned, context), context.bounds.maxBlockBytes);
  if (runs.length <= 1 || (await supportsBackward(planned.source.segment, context.fs)))
    return { planned, runs };

  const inflated = await spool(linesInPlace(planned, context), context.fs);
  const segment = { ...planned.source.segment, path: inflated.path };
  return { planned: { ...planned, source: { ...planned.source, segment } }, runs, spool: inflated };
}

async function scanBlocks(planned: PlannedSegment, context: ReadContext): Promise<readonly Block[]> {
  const scan = new BlockScan();
  let end = 0;
  try {
    for await (const piece of readContent(
      planned.source.segment,
      readOptions(planned, context, () => {}),
    )) {
      scan.push(piece);
      end = piece.offset + piece.bytes.length;
    }
  } catch (error) {
    if (!(error instanceof StorageError)) throw error;
    reportUnreadable(planned.source.path, end, error, context);
  }
  return scan.finish();
}

/** The lines at their offsets, with line feeds, which readers skip, in place of what is no line; that is reported here. */
async function* linesInPlace(planned: PlannedSegment, context: ReadContext): AsyncGenerator<Buffer, void> {
  const { segment, path } = planned.source;
  const tails: LineProblem[] = [];
  const onProblem = (problem: LineProblem) => {
    if (problem.reason === "tail") tails.push(problem);
    else reportDamage(problem, path, context);
  };
  let written = 0;
  for await (const lines of readLines(segment, readOptions(planned, context, onProblem))) {
    const first = lines[0]!.offset;
    const last = lines.at(-1)!;
    for (; written < first; written += Math.min(first - written, context.bounds.maxChunkBytes)) {
      yield Buffer.alloc(Math.min(first - written, context.bounds.maxChunkBytes), "\n");
    }
    const bytes = Buffer.alloc(last.offset + last.length + 1 - first, "\n");
    for (const { text, offset } of lines) bytes.write(text, offset - first);
    yield bytes;
    written = first + bytes.length;
  }
  for (const tail of tails) reportTail(tail, path, await context.isClosed(segment), context);
}

function readOptions(
  { endOffset }: PlannedSegment,
  { fs, signal, bounds }: ReadContext,
  onProblem: ReadOptions["onProblem"],
): ReadOptions {
  const chunkBytes = bounds.maxChunkBytes;
  return {
    fs,
    onProblem,
    chunkBytes,
    maxInflatedBytes: bounds.maxInflatedBytes,
    endOffset: endOffset ?? Number.POSITIVE_INFINITY,
    ...(signal ? { signal } : {}),
  };
}
