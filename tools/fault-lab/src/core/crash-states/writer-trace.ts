import { jobDirectory } from "@prodigy-events/storage";
import { fakeClock } from "@prodigy-events/test-kit";
import { type SegmentWriter, segmentWriter } from "@prodigy-events/writer";
import { KnownLines } from "../known-lines.js";
import type { Random } from "../random.js";
import { DiskTree } from "../simulation/disk-tree.js";
import { type SimulatedFileSystem, simulatedFileSystem } from "../simulation/simulated-file-system.js";
import { batchFrom, firstRecordMs, jobId, repo } from "../test-records.js";
import type { Acknowledgement, Trace } from "./trace.js";

/** Where the simulated stores are: for each process elsewhere, since a clean holds a socket that all processes see. */
export const simulatedRoot = `/store-${process.pid}`;

/** The ids of the producers that may write in a trace. */
export const producerIds = ["alpha00001", "beta000002"] as const;

/** A disk that holds a store's root and nothing else. */
export async function emptyDisk(): Promise<SimulatedFileSystem> {
  const disk = simulatedFileSystem(new DiskTree(), () => firstRecordMs);
  await disk.fs.mkdir(simulatedRoot, 0o700);
  return disk;
}

/** What the writers of a trace do, drawn by chance. */
interface Schedule {
  readonly durability: "fsync" | "flush";
  readonly compress: boolean;
  readonly maxSegmentBytes: number;
  readonly batches: number;
  readonly producers: number;
  readonly end: "close" | "exit" | "nothing";
}

function scheduleFrom(random: Random): Schedule {
  return {
    durability: random.chance(0.75) ? "fsync" : "flush",
    compress: random.chance(0.8),
    maxSegmentBytes: 300 + random.below(2_500),
    batches: 3 + random.below(6),
    producers: random.chance(0.3) ? 2 : 1,
    end: random.pick(["close", "close", "exit", "nothing"]),
  };
}

/** Lets one or two segment writers write batches of chance size with rotation and compression, and ends them. */
export async function recordWriterTrace(random: Random, fixed: Partial<Schedule> = {}): Promise<Trace> {
  const schedule = { ...scheduleFrom(random), ...fixed };
  const { durability, compress, maxSegmentBytes } = schedule;
  const { fs, tree, operations } = await emptyDisk();
  const initial = tree.copy();
  operations.length = 0;
  const directory = jobDirectory(simulatedRoot, repo, jobId);
  const known = new KnownLines();
  const acknowledgements: Acknowledgement[] = [];
  const clock = fakeClock(firstRecordMs);

  const producer = async (producerId: string): Promise<void> => {
    const writer = segmentWriter({ durability, compress, maxSegmentBytes });
    await writer.open?.({
      ...{ root: simulatedRoot, repo, jobId, directory, producerId, fs, clock },
      onWarning: () => undefined,
    });
    let first = 0;
    for (let batch = 0; batch < schedule.batches; batch += 1) {
      const count = 1 + random.below(5);
      const text = "x".repeat(random.below(120));
      const lines = known.add(producerId, first, count, text);
      const isLast = batch === schedule.batches - 1;
      await write(writer, producerId, first, count, text, isLast && schedule.end === "exit");
      acknowledgements.push({ afterOperations: operations.length, lines });
      clock.advance(random.below(3));
      first += count;
      for (let turn = random.below(4); turn > 0; turn -= 1) await new Promise((next) => setImmediate(next));
    }
    if (schedule.end === "close") await writer.close();
  };
  await Promise.all(producerIds.slice(0, schedule.producers).map(producer));
  return {
    title: `writer ${JSON.stringify(schedule)}`,
    ...{ root: simulatedRoot, directory, initial, known, acknowledgements },
    operations: [...operations],
    isDurable: durability === "fsync",
  };
}

/** At an exit, the batch is saved synchronously while its asynchronous write is under way. */
async function write(
  writer: SegmentWriter,
  producerId: string,
  first: number,
  count: number,
  text: string,
  isExit: boolean,
): Promise<void> {
  const batch = batchFrom(producerId, first, count, text);
  const writing = writer.write(batch);
  if (isExit) {
    await Promise.resolve();
    writer.writeSync?.(batch);
  }
  await writing;
}
