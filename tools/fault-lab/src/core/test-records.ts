import { createHash } from "node:crypto";
import { encodeRecord } from "@prodigy-events/schema";
import {
  currentProcessIdentity,
  type FileSystem,
  nodeFileSystem,
  type ProducerIdentity,
} from "@prodigy-events/storage";
import { type EncodedBatch, encodeBatch } from "@prodigy-events/writer";

/** The repository and the job that the rows write. */
export const repo = "lab";
export const jobId = "job-1";

/** The instant of the record with sequence number 0, in milliseconds since the Unix epoch. */
export const firstRecordMs = Date.UTC(2026, 0, 1, 12);

/** The canonical line of a record, with its final `\n`; records are one millisecond apart. */
export function lineOf(
  producerId: string,
  sequence: number,
  text = "",
  eventType = "checkpoint_failed",
): string {
  return encodeRecord({
    id: idOf(producerId, sequence),
    timestamp: new Date(firstRecordMs + sequence).toISOString(),
    correlation_id: "run-1",
    event: { event_type: eventType, job_id: jobId, error: `error ${sequence} ${text}` },
    metadata: { host: "lab", pid: 1, thread: "main", producer_id: producerId, sequence },
  });
}

/** As random as a real id: damage to one record never gives it the id of another. */
function idOf(producerId: string, sequence: number): string {
  const digits = createHash("md5").update(`${producerId} ${sequence}`).digest("hex");
  return digits.replace(/^(.{8})(.{4}).(.{3})(.{4})(.{12})$/, "$1-$2-7$3-$4-$5");
}

/** A batch of so many records from `first` on. */
export function batchFrom(producerId: string, first: number, count: number, text = ""): EncodedBatch {
  return encodeBatch(
    Array.from({ length: count }, (_, index) => lineOf(producerId, first + index, text)),
    first,
  );
}

/** Who a producer is when its process is provably gone: our own pid, started at another time. */
export function deadIdentity(producerId: string): ProducerIdentity {
  const startedAt = new Date(firstRecordMs).toISOString();
  return { ...currentProcessIdentity(), processStartTime: "1", producerId, version: "0", startedAt };
}

/** The real disk without waiting for it: what survives the end of a process, not a power cut, does not need fsync. */
export const quickFileSystem: FileSystem = {
  ...nodeFileSystem,
  fsync: async () => undefined,
  fdatasync: async () => undefined,
};
