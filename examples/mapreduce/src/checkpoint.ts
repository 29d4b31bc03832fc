import { join } from "node:path";
import type { JobOptions } from "./job.js";
import { readJsonFile, writeJsonFile } from "./json-file.js";

/** One item and how far it is. `dead` items are in the dead letter queue. */
export interface ItemState {
  readonly item: string;
  readonly agentId: string;
  /** Attempts that have ended. They are numbered through, also over a resume and a reprocessing. */
  attempts: number;
  /** After so many attempts the item is given up. */
  maxAttempts: number;
  status: "pending" | "completed" | "dead";
}

/** Everything a later process needs to go on with a job. */
export interface Checkpoint {
  /** Counts the saves: `checkpoint_created`, `job_paused` and `job_resumed` name it. */
  version: number;
  readonly job: JobOptions;
  /** The correlation id of the whole run: a resumed run is the same run. */
  readonly runId: string;
  readonly startedAtMs: number;
  readonly items: ItemState[];
}

const fileName = "checkpoint.json";

export function newCheckpoint(job: JobOptions, runId: string, items: readonly string[]): Checkpoint {
  return {
    version: 0,
    job,
    runId,
    startedAtMs: Date.now(),
    items: items.map((item, index) => ({
      item,
      agentId: `agent-${index + 1}`,
      attempts: 0,
      maxAttempts: job.maxAttempts,
      status: "pending",
    })),
  };
}

export function saveCheckpoint(folder: string, checkpoint: Checkpoint): void {
  writeJsonFile(join(folder, fileName), checkpoint);
}

/** Reads the checkpoint of a job. Throws when there is none: without one nothing can be resumed. */
export function loadCheckpoint(folder: string): Checkpoint {
  const checkpoint = readJsonFile<Checkpoint>(join(folder, fileName));
  if (checkpoint === undefined)
    throw new Error(`no ${fileName} in ${folder}: is that the folder that "run" printed?`);
  return checkpoint;
}
