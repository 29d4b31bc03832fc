import { join } from "node:path";
import { lossOf } from "../evidence/loss.js";
import { readJob } from "../evidence/read-job.js";
import { sumOf } from "../evidence/sum.js";
import { startWriter, type WriterProcess } from "../process/writer-process.js";
import type { WriterOrder } from "../programs/writer-order.js";
import type { Row, RowContext, RowResult } from "../row.js";
import { mountFullDisk } from "./full-disk.js";
import { mountProblem } from "./mounts.js";

const events = 600;
const batchEvents = 10;
const pauseMs = 20;

/** A bound that the events of the full time do not fit into. */
const smallQueue = 60;

/** Rejected flushes before there is room again: with ten events each, more than the small queue holds. */
const leastRejections = 10;

const job = { repo: "full-disk", jobId: "job" };

/** Matrix row 8. */
export const fullDiskRow: Row = {
  id: "8",
  title: "a disk that is full and then freed",
  modes: ["quick", "full"],
  run: async (context) => {
    const skipped = await mountProblem(context.directory);
    if (skipped !== undefined) return skip(skipped);
    return [
      await fillAndFree("8 disk full, then freed, fsync", context, { durability: "fsync" }),
      await fillAndFree("8 disk full, then freed, flush", context, { durability: "flush" }),
      await fillAndFree("8 disk full past the queue's bound", context, { maxQueuedEvents: smallQueue }),
    ];
  },
};

function skip(skipped: string): RowResult {
  return { row: "8 disk full, then freed", n: 0, lost: 0, dup: 0, failures: [], skipped };
}

async function fillAndFree(
  row: string,
  { directory }: RowContext,
  limits: Partial<WriterOrder>,
): Promise<RowResult> {
  const disk = await mountFullDisk(join(directory, row.replaceAll(/\W+/g, "-")));
  const stop = new AbortController();
  try {
    const store = join(disk.path, "store");
    const order = { store, ...job, ...limits, events, batchEvents, pauseMs, compress: false };
    const writer = startWriter(order);
    const freed = disk.freeAfterFull(stop.signal, () => writer.rejections().length >= leastRejections);
    const { code } = await writer.ended;
    stop.abort();
    await freed;
    if (code !== 0) throw new Error(`the writer ended with ${code}: ${writer.stderr()}`);
    return await judge(row, order, writer);
  } finally {
    stop.abort();
    await disk.release();
  }
}

async function judge(row: string, order: WriterOrder, writer: WriterProcess): Promise<RowResult> {
  const failures: string[] = [];
  const require = (holds: boolean, what: string): void => {
    if (!holds) failures.push(what);
  };
  const rejections = writer.rejections();
  const end = writer.end();
  const { written = 0, dropped = 0, unwritten = 0, maxQueued = 0, thrown = 0 } = end ?? {};
  require(rejections.length > 0, "the disk was never full");
  const codes = new Set(rejections);
  codes.delete("ENOSPC");
  // A flush that has to tell of dropped events says so, once, when the others are safe.
  if (dropped > 0) codes.delete("EVENTS_LOST");
  require(codes.size === 0, `flushes rejected with ${[...codes].join(", ")}`);
  for (const told of ["WRITER_DEGRADED", "WRITER_RECOVERED"]) {
    const times = writer.problems().filter((problem) => problem === told).length;
    require(times === 1, `${told} was told ${times} times`);
  }
  require(thrown === 0, `log() threw ${thrown} times`);
  require(written + dropped === events && unwritten === 0, `the end: ${JSON.stringify(end)}`);
  const bound = order.maxQueuedEvents ?? events;
  require(maxQueued <= bound, `${maxQueued} events in a queue of ${bound}`);

  const content = await readJob(order.store, order.repo, order.jobId);
  const read = sumOf(content.byProducer.values(), ({ distinct }) => distinct);
  const toldDropped = sumOf(content.toldDropped.values(), (count) => count);
  require(read === written, `${written} events written, ${read} read`);
  require(toldDropped === dropped, `${dropped} events dropped, ${toldDropped} told by events_dropped`);
  require(content.outOfOrder === 0, `${content.outOfOrder} records out of order`);
  const isSmall = order.maxQueuedEvents !== undefined;
  require(dropped > 0 === isSmall, isSmall ? "nothing was dropped" : `${dropped} events dropped`);
  require(content.report.malformed + content.report.torn === 0, "lines were damaged");
  // With drops, an acknowledgement covers what was accepted; which numbers those are, the record of drops says.
  const acknowledged = isSmall ? [] : [[writer.producerId() ?? "", writer.acknowledged()] as const];
  const loss = lossOf(new Map(acknowledged), content);
  return {
    ...{ row, n: events, acked: isSmall ? written : loss.acked, lost: loss.lost, dup: loss.dup },
    failures: [...failures, ...loss.failures].map((failure) => `${row}: ${failure}`),
    figures: { read, rejectedFlushes: rejections.length, dropped, toldDropped, maxQueued },
  };
}
