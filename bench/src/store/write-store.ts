import { relative } from "node:path";
import { jobDirectory } from "@prodigy-events/storage";
import { EventPool, typeAndAgentOf, typeOf } from "./event-pool.js";
import { seededRandom } from "./random.js";
import { canonicalLine, foreignLine, type LineParts, malformedLine } from "./record-line.js";
import { SegmentOutput } from "./segment-output.js";
import { type GeneratedStore, newestCount, type StoreShape } from "./store-shape.js";

/** The repository that generated stores are of. */
export const repo = "bench";
const startMs = Date.UTC(2026, 0, 1, 12);
const agents = 50;

interface Producer {
  id: string;
  pid: number;
  correlationId: string;
  directory: string;
  pool: EventPool;
  sequence: number;
  segment: SegmentOutput | undefined;
}

/** Writes the segments of several jobs as their producers would have, interleaved in time, below `root`. */
export async function writeStore(root: string, shape: StoreShape): Promise<GeneratedStore> {
  const random = seededRandom(shape.seed);
  const pools = Array.from(
    { length: shape.jobs },
    (_, job) => new EventPool(random, `job-${job}`, agents, poolSize(shape)),
  );
  const producers = pools.flatMap((pool, job) =>
    Array.from({ length: shape.producersPerJob }, (_, index): Producer => {
      const number = job * shape.producersPerJob + index;
      return {
        id: `bench${String(number).padStart(3, "0")}`,
        pid: 1000 + number,
        correlationId: `workflow-${shape.seed}-${job}`,
        directory: jobDirectory(root, repo, `job-${job}`),
        pool,
        sequence: 0,
        segment: undefined,
      };
    }),
  );

  const files: string[] = [];
  const newest: string[] = [];
  let [nowMs, records, malformed, bytes, unclosedChars] = [startMs, 0, 0, 0, 0];
  const close = async (producer: Producer): Promise<void> => {
    if (producer.segment === undefined) return;
    files.push(relative(root, producer.segment.path));
    bytes += await producer.segment.close(nowMs);
    producer.segment = undefined;
  };
  while (bytes + unclosedChars < shape.bytes) {
    const producer = producers[Math.floor(random() * producers.length)] as Producer;
    nowMs += Math.floor(random() * 8);
    const kind = random();
    const isMalformed = kind < shape.malformedShare;
    const parts: LineParts = {
      id: uuidLike(nowMs, random),
      timestamp: new Date(nowMs).toISOString(),
      correlationId: producer.correlationId,
      event: producer.pool.take(random, !isMalformed),
      pid: producer.pid,
      producerId: producer.id,
      sequence: producer.sequence,
    };
    const line = isMalformed
      ? malformedLine(parts)
      : kind - shape.malformedShare < shape.foreignShare
        ? foreignLine(parts)
        : canonicalLine(parts);
    producer.segment ??= new SegmentOutput(producer.directory, producer.id, {
      createdAtMs: nowMs,
      firstSequence: producer.sequence,
      onlyRecords: shape.malformedShare === 0,
    });
    producer.segment.add(line, parts.timestamp);
    producer.sequence += 1;
    unclosedChars += line.length;
    if (isMalformed) malformed += 1;
    else {
      records += 1;
      if (newest.push(parts.timestamp) > 100 * newestCount) newest.splice(0, newest.length - newestCount);
    }
    if (producer.segment.size >= shape.maxSegmentBytes) {
      await close(producer);
      unclosedChars = producers.reduce((sum, { segment }) => sum + (segment?.size ?? 0), 0);
    }
  }
  for (const producer of producers) await close(producer);
  return {
    shape,
    records,
    malformed,
    bytes,
    files: files.sort(),
    byType: tally(pools, typeOf),
    byTypeAndAgent: tally(pools, typeAndAgentOf),
    newest: newest.slice(-newestCount),
  };
}

/** Enough different events that no tool profits from the repetition, few enough for small stores to be made at once. */
function poolSize({ bytes }: StoreShape): number {
  return Math.max(64, Math.min(16_384, Math.floor(bytes / 2000)));
}

function tally(pools: readonly EventPool[], keyOf: typeof typeOf): Record<string, number> {
  const counts = new Map<string, number>();
  for (const pool of pools) pool.count(counts, keyOf);
  return Object.fromEntries([...counts].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function uuidLike(ms: number, random: () => number): string {
  const time = hex(ms, 12);
  const bits = hex(random() * 2 ** 24, 6);
  const tail = hex(random() * 2 ** 24, 6) + hex(random() * 2 ** 24, 6);
  return `${time.slice(0, 8)}-${time.slice(8)}-7${bits.slice(0, 3)}-8${bits.slice(3)}-${tail}`;
}

function hex(number: number, digits: number): string {
  return Math.floor(number).toString(16).padStart(digits, "0");
}
