import { decodeLine, type EventRecord } from "@prodigy-events/schema";
import { type FileSystem, listSegments, nodeFileSystem, readLines } from "@prodigy-events/storage";
import {
  type Fault,
  type FaultyFileSystem,
  faultyFileSystem,
  temporaryDirectory,
} from "@prodigy-events/test-kit";
import { batchOf, type EncodedBatch, type EventWriter } from "@prodigy-events/writer";
import { onTestFinished } from "vitest";
import {
  createEventLogger,
  type EventLogger,
  type EventLoggerOptions,
  type LoggerProblem,
} from "../src/index.js";

/** A logger of a temporary store on the real disk, behind a file system that can be made to fail. */
export interface LoggerScene {
  readonly logger: EventLogger;
  readonly store: string;
  readonly disk: FaultyFileSystem<FileSystem>;
  readonly problems: LoggerProblem[];
  /** Codes of the problems so far. */
  codes(): string[];
}

/** Makes a logger, and shuts it down when the test ends. */
export async function loggerScene(
  options: EventLoggerOptions = {},
  faults: readonly Fault[] = [],
): Promise<LoggerScene> {
  const store = await temporaryDirectory();
  const disk = faultyFileSystem<FileSystem>(nodeFileSystem, faults);
  const problems: LoggerProblem[] = [];
  const logger = await createEventLogger({
    store: store.path,
    repo: "repo",
    jobId: "job-1",
    correlationId: "run-1",
    env: {},
    fs: disk.fs,
    onError: (problem) => problems.push(problem),
    ...options,
  });
  onTestFinished(async () => {
    await logger.shutdown({ timeoutMs: 1_000 });
  });
  return { logger, store: store.path, disk, problems, codes: () => problems.map(({ code }) => code) };
}

/** The records of a directory in the order of segments and lines, each (producer, sequence) once. */
export async function recordsIn(directory: string): Promise<EventRecord[]> {
  const records = new Map<string, EventRecord>();
  for (const segment of await listSegments(directory)) {
    for await (const lines of readLines(segment, { onProblem: () => undefined })) {
      for (const { text } of lines) {
        const decoded = decodeLine(text);
        if (!decoded.ok) throw new Error(`not a record: ${text.slice(0, 200)}`);
        const { producer_id: producer, sequence } = decoded.record.metadata;
        records.set(`${producer} ${sequence}`, decoded.record);
      }
    }
  }
  return [...records.values()];
}

/** The sequence numbers in a directory, in order. */
export async function sequencesIn(directory: string): Promise<number[]> {
  return (await recordsIn(directory)).map(sequenceOf).sort((a, b) => a - b);
}

export function sequenceOf({ metadata }: EventRecord): number {
  return metadata.sequence ?? -1;
}

/** The whole numbers from `first`, so many. */
export function numbers(count: number, first = 0): number[] {
  return Array.from({ length: count }, (_, index) => first + index);
}

/** Logs so many events. */
export function logMany(logger: EventLogger, count: number, text = ""): (string | null)[] {
  return numbers(count).map((index) =>
    logger.log({ event_type: "checkpoint_created", version: index, agents_completed: text.length }),
  );
}

/** Lets everything that is ready happen. */
export async function turns(count = 5): Promise<void> {
  for (let turn = 0; turn < count; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

/** A writer whose every batch is answered by the test. */
export interface ManualWriter extends EventWriter {
  /** Batches given so far. */
  readonly batches: EncodedBatch[];
  /** Sequence numbers of each confirmed batch. */
  readonly confirmed: [first: number, last: number][];
  flushes: number;
  closes: number;
  /** Confirms the batch under way. */
  confirm(): Promise<void>;
  /** Rejects the batch under way. */
  fail(code: string, retryable?: boolean): Promise<void>;
  /** Confirms every batch from now on by itself. */
  letGo(): Promise<void>;
}

export function manualWriter(name = "manual", required = true): ManualWriter {
  let answer: { resolve(): void; reject(error: Error): void } | undefined;
  let isLetGo = false;
  const writer: ManualWriter = {
    name,
    required,
    batches: [],
    confirmed: [],
    flushes: 0,
    closes: 0,
    write: (batch) => {
      // A copy: the batch is valid until it is answered.
      writer.batches.push(batchOf({ ...batch, bytes: Uint8Array.from(batch.bytes) }));
      const confirm = (): void => void writer.confirmed.push([batch.firstSequence, batch.lastSequence]);
      if (isLetGo) return Promise.resolve().then(confirm);
      return new Promise<void>((resolve, reject) => {
        answer = { resolve, reject };
      }).then(confirm);
    },
    flush: async () => {
      writer.flushes += 1;
    },
    close: async () => {
      writer.closes += 1;
    },
    confirm: async () => {
      const current = answer;
      answer = undefined;
      current?.resolve();
      await turns();
    },
    fail: async (code, retryable = true) => {
      const current = answer;
      answer = undefined;
      current?.reject(Object.assign(new Error(`the test says ${code}`), { code, retryable }));
      await turns();
    },
    letGo: async () => {
      isLetGo = true;
      await writer.confirm();
    },
  };
  return writer;
}
