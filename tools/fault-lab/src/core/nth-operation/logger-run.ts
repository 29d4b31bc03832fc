import { readdir } from "node:fs/promises";
import { createEventLogger, type EventLogger, type LoggerProblem } from "@prodigy-events/logger";
import type { FileSystem } from "@prodigy-events/storage";
import { type Fault, type FaultyFileSystem, faultyFileSystem } from "@prodigy-events/test-kit";
import { readBack, type Violations, violationsOf } from "../read-back.js";
import { brokenManifests } from "../store-scene.js";
import { jobId, quickFileSystem, repo } from "../test-records.js";

const batches = { count: 12, events: 50 } as const;

/** Events of one run: those of the table of the reliability page. */
export const eventsOfRun = batches.count * batches.events;

/** What a run under a fault gave. */
export interface LoggerRun extends Violations {
  readonly disk: FaultyFileSystem<FileSystem>;
  readonly acknowledged: number;
  /** What of the fault could be seen from outside. */
  readonly rejections: number;
  readonly problems: readonly LoggerProblem[];
  readonly retries: number;
}

/** Logs 600 events with rotation and compression while something fails, repairs it, and counts what arrived. */
export async function runLogger(root: string, faults: readonly Fault[]): Promise<LoggerRun> {
  const disk = faultyFileSystem<FileSystem>(quickFileSystem, faults);
  const problems: LoggerProblem[] = [];
  const logger = await createEventLogger({
    ...{ store: root, repo, jobId, env: {}, cwd: root, fs: disk.fs, maxSegmentBytes: 50_000 },
    onError: (problem) => problems.push(problem),
  });
  const texts: string[] = [];
  const { acknowledged, rejections } = await logAll(logger);
  texts.push(...(await missing(root, acknowledged, "while the fault lasts")));
  const unhealed = logger.stats();

  disk.heal();
  await logger.flush({ timeoutMs: 20_000 }).catch((error: Error) => {
    texts.push(`the flush after the repair rejects: ${error.message}`);
  });
  const report = await logger.shutdown({ timeoutMs: 20_000 });
  const { written, dropped, unwritten } = report;
  if (written !== eventsOfRun || dropped !== 0 || unwritten !== 0) {
    texts.push(`R10: ${written} written, ${dropped} dropped, ${unwritten} unwritten of ${eventsOfRun}`);
  }
  const { lines, report: reading } = await readBack({ root });
  const sequences = lines.map(sequenceOf);
  const read = new Set(sequences);
  const lost = everySequence.filter((sequence) => !read.has(sequence)).length;
  const found = violationsOf(
    { lines, report: reading },
    {
      required: [],
      isKnown: (line) => sequenceOf(line) < eventsOfRun,
      identityOf: (line) => ({ producerId: logger.producerId, sequence: sequenceOf(line) }),
    },
  );
  if (lost > 0) texts.push(`R1: ${eventsOfRun - lost} of ${eventsOfRun} arrived`);
  texts.push(...found.texts, ...(await brokenManifests(logger.directory, quickFileSystem)));
  const { retries } = unhealed;
  return { disk, acknowledged, rejections, problems, retries, lost, dup: found.dup, texts };
}

const everySequence = Array.from({ length: eventsOfRun }, (_, sequence) => sequence);

async function logAll(logger: EventLogger): Promise<{ acknowledged: number; rejections: number }> {
  let acknowledged = 0;
  let rejections = 0;
  for (let batch = 1; batch <= batches.count; batch += 1) {
    for (let event = 0; event < batches.events; event += 1) {
      logger.log({ event_type: "checkpoint_created", version: batch, agents_completed: event });
    }
    try {
      await logger.flush();
      acknowledged = batch * batches.events;
    } catch {
      rejections += 1;
    }
  }
  return { acknowledged, rejections };
}

/** R1 at once: what flush has acknowledged can be read, whatever else is broken. */
async function missing(root: string, acknowledged: number, when: string): Promise<string[]> {
  if (acknowledged === 0 || (await readdir(root)).length === 0) return [];
  const read = new Set((await readBack({ root })).lines.map(sequenceOf));
  const lost = everySequence.slice(0, acknowledged).filter((sequence) => !read.has(sequence)).length;
  return lost === 0 ? [] : [`R1: ${lost} of ${acknowledged} acknowledged events cannot be read ${when}`];
}

function sequenceOf(line: string): number {
  return Number(/"sequence":(\d+)/.exec(line)?.[1] ?? Number.NaN);
}
