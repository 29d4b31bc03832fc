import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { encodeRecord } from "@prodigy-events/schema";
import { anEvent } from "@prodigy-events/schema/testing";
import { type Clock, type FileSystem, nodeFileSystem } from "@prodigy-events/storage";
import {
  type FakeClock,
  type Fault,
  type FaultyFileSystem,
  fakeClock,
  faultyFileSystem,
  temporaryDirectory,
} from "@prodigy-events/test-kit";
import { type EncodedBatch, encodeBatch, type WriterContext, type WriterWarning } from "../src/index.js";

export const producerId = "testproducer";

/** A job's directory on the real disk behind a file system that can be made to fail. */
export interface WriterScene {
  readonly directory: string;
  readonly disk: FaultyFileSystem<FileSystem>;
  readonly clock: FakeClock;
  readonly warnings: WriterWarning[];
  readonly context: WriterContext;
  /** Names in the directory that are not hidden, sorted. */
  names(): Promise<string[]>;
  /** How often an operation was called so far. */
  calls(operation: string, path?: RegExp): number;
}

export interface SceneOptions {
  readonly faults?: readonly Fault[];
  readonly clock?: Clock;
}

export async function writerScene({ faults = [] }: SceneOptions = {}): Promise<WriterScene> {
  const root = await temporaryDirectory();
  const directory = root.join("events", "repo", "job");
  const disk = faultyFileSystem<FileSystem>(nodeFileSystem, faults);
  const clock = fakeClock();
  const warnings: WriterWarning[] = [];
  const context: WriterContext = {
    root: root.path,
    repo: "repo",
    jobId: "job",
    directory,
    producerId,
    fs: disk.fs,
    clock,
    onWarning: (warning) => warnings.push(warning),
  };
  return {
    directory,
    disk,
    clock,
    warnings,
    context,
    names: async () => (await readdir(directory)).filter((name) => !name.startsWith(".")).sort(),
    calls: (operation, path) =>
      disk.calls.filter(
        (call) => call.operation === operation && (path === undefined || path.test(call.path ?? "")),
      ).length,
  };
}

/** A canonical line of this producer. */
export function lineOf(sequence: number, text = ""): string {
  return encodeRecord({
    id: `id-${sequence}`,
    timestamp: new Date(Date.UTC(2026, 0, 1, 12) + sequence).toISOString(),
    correlation_id: "run-1",
    event: anEvent("checkpoint_failed", { job_id: "job", error: `error ${sequence}${text}` }),
    metadata: { host: "host", pid: 1, thread: "main", producer_id: producerId, sequence },
  });
}

/** A batch of so many records from `firstSequence` on. */
export function batchFrom(firstSequence: number, count: number, text = ""): EncodedBatch {
  const lines = Array.from({ length: count }, (_, index) => lineOf(firstSequence + index, text));
  return encodeBatch(lines, firstSequence);
}

/** The path of something in the scene's directory. */
export function inDirectory(scene: WriterScene, ...parts: string[]): string {
  return join(scene.directory, ...parts);
}
