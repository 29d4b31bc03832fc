import { hostname } from "node:os";
import type { BuiltinEventMap } from "@prodigy-events/schema";
import { newProducerId } from "@prodigy-events/storage";
import type { EventWriter, WriterContext } from "@prodigy-events/writer";
import type { EventLogger } from "./event-logger.js";
import { joinExitHooks } from "./lifecycle/exit-hooks.js";
import { openLanes } from "./lifecycle/open-lanes.js";
import { Readiness } from "./lifecycle/readiness.js";
import { limits } from "./limits.js";
import { LoggerCore } from "./logger-core.js";
import { RootHandle } from "./logger-handle.js";
import type { EventLoggerOptions } from "./options/logger-options.js";
import { type LoggerSettings, normalizeOptions } from "./options/normalize-options.js";
import { ProblemReporter } from "./problems.js";
import { EventQueue } from "./queue/event-queue.js";
import { LaneBacklog, type LossEncoder } from "./queue/lane-backlog.js";
import { OpenBatch } from "./queue/open-batch.js";
import { WriterLane } from "./queue/writer-lane.js";
import { RecordClock } from "./record/record-clock.js";
import { RecordEncoder } from "./record/record-encoder.js";
import { RecordIds } from "./record/record-ids.js";
import { emptyScope, ScopeFactory } from "./record/scope.js";
import { currentThreadName } from "./record/thread-name.js";
import { Redactor } from "./redact/redactor.js";

/**
 * Makes a root logger: one producer for one job of one repository, whose directory it prepares.
 *
 * A store that cannot be written to does not reject: the logger is degraded, tries again, and says so through
 * `onError`, `stats()` and `flush()`. Required writers have 5 s to open, others are not waited for. The field `job_id` is bound to the option `jobId`.
 *
 * @throws LoggerOptionsError when an option cannot be used
 *
 * @example
 * const logger = await createEventLogger({ repo: "my-repo", jobId: "mapreduce-xyz789" });
 * try {
 *   logger.log({ event_type: "job_started", config: { max_parallel: 8 }, total_items: 200 });
 *   await logger.flush();
 * } finally {
 *   await logger.shutdown();
 * }
 */
export async function createEventLogger<M = BuiltinEventMap, Fields extends object = Record<never, never>>(
  options: EventLoggerOptions<M, Fields> = {},
): Promise<EventLogger<M, "job_id" | (keyof Fields & string)>> {
  const settings = await normalizeOptions(options);
  const problems = new ProblemReporter(settings.onError);
  const producerId = newProducerId();
  const redactor = settings.redaction && new Redactor(settings.redaction);
  const scopes = new ScopeFactory(problems, redactor);
  const scope = scopes.extend(emptyScope, { fields: settings.fields, metadata: settings.metadata });
  const open = new OpenBatch();
  const encoder = new RecordEncoder({
    open,
    origin: { host: hostname(), pid: process.pid, thread: currentThreadName(), producerId },
    clock: new RecordClock(settings.clock),
    ids: new RecordIds(),
    scopes,
    redactor,
  });
  const encodeLoss: LossEncoder = (loss) => encoder.encodeLoss(loss, scope, settings.correlationId);
  const readiness = new Readiness();
  const batchBounds = { maxEvents: settings.bufferSize, maxBytes: limits.maxBatchBytes };
  const lanes = namedWriters(settings.writers).map(
    ({ name, writer }) =>
      new WriterLane({
        name,
        writer,
        context: contextFor(settings, producerId, problems, name),
        backlog: new LaneBacklog(settings, encodeLoss),
        maxWriteBytes: limits.maxWriteBytes,
        problems,
        random: Math.random,
        sealIfWanted: () => queue.sealIfWanted(),
        onProgress: () => core.announceRoom(),
      }),
  );
  const queue = new EventQueue({
    open,
    lanes,
    batchBounds,
    flushIntervalMs: settings.flushIntervalMs,
    onRefusal: (lane) => {
      const message = `the queue of the ${lane.name} writer is full; events are dropped until there is room, and counted`;
      problems.report("EVENTS_DROPPED", message, { severity: "error", writer: lane.name });
    },
  });
  const core = new LoggerCore({
    settings,
    producerId,
    encoder,
    scopes,
    redactor,
    queue,
    lanes,
    problems,
    readiness,
  });
  joinExitHooks(core, settings.handleSignals);
  reportRepositoryProblem(settings, problems);
  for (const { name } of await openLanes(lanes)) {
    const message =
      `the ${name} writer has not answered for ${limits.openTimeoutMs} ms; its events wait in memory until it does, ` +
      "look whether what it writes to is there";
    problems.report("WRITER_NOT_OPENED", message, { severity: "error", writer: name });
  }
  return new RootHandle(core, scope);
}

/** Names that tell the writers apart: `segment`, `segment-2` … */
function namedWriters(writers: readonly EventWriter[]): { name: string; writer: EventWriter }[] {
  const counts = new Map<string, number>();
  return writers.map((writer) => {
    const count = (counts.get(writer.name) ?? 0) + 1;
    counts.set(writer.name, count);
    return { name: count === 1 ? writer.name : `${writer.name}-${count}`, writer };
  });
}

function contextFor(
  settings: LoggerSettings,
  producerId: string,
  problems: ProblemReporter,
  writer: string,
): WriterContext {
  const { root, repo, repoPath, jobId, directory, fs, clock } = settings;
  return {
    root,
    repo,
    ...(repoPath === undefined ? {} : { repoPath }),
    ...(jobId === undefined ? {} : { jobId }),
    directory,
    producerId,
    fs,
    clock,
    onWarning: ({ code, message, path }) =>
      problems.report(code, message, { severity: "warning", writer, path }),
  };
}

function reportRepositoryProblem({ repo, repoProblem }: LoggerSettings, problems: ProblemReporter): void {
  if (repoProblem === undefined) return;
  const reason = repoProblem instanceof Error ? repoProblem.message : String(repoProblem);
  const message = `the repository could not be looked at, so it is called ${JSON.stringify(repo)}: ${reason}`;
  problems.report("REPOSITORY_UNKNOWN", message, { severity: "warning", cause: repoProblem });
}
