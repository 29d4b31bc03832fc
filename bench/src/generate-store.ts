import { closeSync, mkdirSync, openSync, writeSync } from "node:fs";
import { join } from "node:path";
import { encodeRecord } from "@prodigy-events/schema";
import { formatSegmentName, jobDirectory } from "@prodigy-events/storage";
import { drawEvent } from "./generate-events.js";
import { seededRandom } from "./random.js";

export interface StoreShape {
  root: string;
  repo: string;
  jobId: string;
  /** Size of all segments together, in bytes. */
  bytes: number;
  /** How many processes wrote at the same time. */
  producers: number;
  maxSegmentBytes: number;
  seed: number;
}

export interface GeneratedStore {
  records: number;
  bytes: number;
  files: string[];
}

interface Producer {
  id: string;
  pid: number;
  sequence: number;
  descriptor: number;
  segmentBytes: number;
  pending: string[];
  pendingBytes: number;
}

const startMs = Date.UTC(2026, 0, 1, 12);

/** Writes the segments of one job as several producers would have, interleaved in time. Deterministic by seed. */
export function generateStore(shape: StoreShape): GeneratedStore {
  const random = seededRandom(shape.seed);
  const directory = jobDirectory(shape.root, shape.repo, shape.jobId);
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const files: string[] = [];
  let nowMs = startMs;
  let records = 0;
  let bytes = 0;

  const openNext = (producer: Producer) => {
    const path = join(directory, `${formatSegmentName(nowMs, producer.id)}.rotated`);
    producer.descriptor = openSync(path, "wx", 0o600);
    producer.segmentBytes = 0;
    files.push(path);
  };
  const drain = (producer: Producer) => {
    writeSync(producer.descriptor, producer.pending.join(""));
    producer.pending = [];
    producer.pendingBytes = 0;
  };

  const producers = Array.from({ length: shape.producers }, (_, index): Producer => {
    const producer = {
      id: `bench${index.toString(36).padStart(3, "0")}`,
      pid: 1000 + index,
      sequence: 0,
      descriptor: -1,
      segmentBytes: 0,
      pending: [],
      pendingBytes: 0,
    };
    openNext(producer);
    return producer;
  });

  while (bytes < shape.bytes) {
    const producer = producers[Math.floor(random() * producers.length)] as Producer;
    nowMs += random() < 0.5 ? 0 : 1;
    const line = encodeRecord({
      id: uuidLike(nowMs, random),
      timestamp: new Date(nowMs).toISOString(),
      correlation_id: `workflow-${shape.seed}`,
      event: drawEvent(random, shape.jobId, 50),
      metadata: {
        host: "worker-01",
        pid: producer.pid,
        thread: "main",
        producer_id: producer.id,
        sequence: producer.sequence++,
      },
    });
    const length = Buffer.byteLength(line);
    producer.pending.push(line);
    producer.pendingBytes += length;
    producer.segmentBytes += length;
    bytes += length;
    records += 1;
    if (producer.pendingBytes > 1 << 20) drain(producer);
    if (producer.segmentBytes >= shape.maxSegmentBytes) {
      drain(producer);
      closeSync(producer.descriptor);
      openNext(producer);
    }
  }
  for (const producer of producers) {
    drain(producer);
    closeSync(producer.descriptor);
  }
  return { records, bytes, files };
}

function uuidLike(ms: number, random: () => number): string {
  const time = ms.toString(16).padStart(12, "0");
  const tail = Math.floor(random() * 2 ** 48)
    .toString(16)
    .padStart(12, "0");
  return `${time.slice(0, 8)}-${time.slice(8)}-7${tail.slice(0, 3)}-8${tail.slice(3, 6)}-${tail}`;
}
