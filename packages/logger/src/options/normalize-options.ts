import { basename, resolve } from "node:path";
import { builtinEvents, type Catalog, type ValidationLevel } from "@prodigy-events/schema";
import {
  type Clock,
  type FileSystem,
  jobDirectory,
  nodeFileSystem,
  repositoryOf,
  resolveRoot,
  systemClock,
} from "@prodigy-events/storage";
import { type EventWriter, segmentWriter } from "@prodigy-events/writer";
import { v7 } from "uuid";
import { inheritedRun } from "../child-environment.js";
import { LoggerOptionsError } from "../errors.js";
import { limits } from "../limits.js";
import type { ProblemHandler } from "../problems.js";
import { RedactionRules, usualRules } from "../redact/redaction-rules.js";
import type { EventLoggerOptions } from "./logger-options.js";
import { requireCount, requireDelay, requireObject, requireOneOf, requireText } from "./option-checks.js";

/** The options with everything present, checked, and looked up. */
export interface LoggerSettings {
  readonly root: string;
  readonly repo: string;
  /** Known when the name was derived from it. */
  readonly repoPath: string | undefined;
  /** Why the repository could not be looked at, if so. */
  readonly repoProblem: unknown;
  readonly jobId: string | undefined;
  readonly directory: string;
  readonly bufferSize: number;
  readonly flushIntervalMs: number;
  readonly maxQueuedEvents: number;
  readonly maxQueuedBytes: number;
  readonly correlationId: string;
  readonly fields: Readonly<Record<string, unknown>>;
  readonly metadata: Readonly<Record<string, unknown>> | undefined;
  readonly catalog: Catalog<unknown>;
  readonly validation: ValidationLevel;
  /** Absent when secrets are left as they are. */
  readonly redaction: RedactionRules | undefined;
  readonly writers: readonly EventWriter[];
  readonly onError: ProblemHandler | undefined;
  readonly handleSignals: boolean;
  readonly clock: Clock;
  readonly fs: FileSystem;
}

/** Checks options and fills in what they leave open. Throws {@link LoggerOptionsError}. */
export async function normalizeOptions<M, Fields extends object>(
  options: EventLoggerOptions<M, Fields>,
): Promise<LoggerSettings> {
  const { env = process.env, fs = nodeFileSystem, clock = systemClock } = options;
  const inherited = inheritedRun(env);
  const root = usable("store", () => resolveRoot({ root: options.store, env }));
  const jobId = requireText("jobId", options.jobId) ?? inherited.jobId;
  const givenRepo = requireText("repo", options.repo) ?? inherited.repo;
  const repository = givenRepo === undefined ? await findRepository(options.cwd, fs) : { name: givenRepo };
  return {
    root,
    repo: repository.name,
    repoPath: repository.path,
    repoProblem: repository.problem,
    jobId,
    directory: usable("jobId", () => jobDirectory(root, repository.name, jobId)),
    bufferSize: requireCount("bufferSize", options.bufferSize, limits.defaultBufferSize),
    flushIntervalMs: requireDelay("flushIntervalMs", options.flushIntervalMs, limits.defaultFlushIntervalMs),
    maxQueuedEvents: requireCount("maxQueuedEvents", options.maxQueuedEvents, limits.defaultMaxQueuedEvents),
    maxQueuedBytes: requireCount("maxQueuedBytes", options.maxQueuedBytes, limits.defaultMaxQueuedBytes),
    correlationId: requireText("correlationId", options.correlationId) ?? inherited.correlationId ?? v7(),
    fields: { ...(jobId === undefined ? {} : { job_id: jobId }), ...requireObject("fields", options.fields) },
    metadata: requireObject("metadata", options.metadata),
    catalog: options.catalog ?? builtinEvents,
    validation: requireOneOf("validation", options.validation ?? "shape", ["off", "shape", "full"]),
    redaction: redactionOf(options.redact),
    writers: usable("writers", () => writersOf(options)),
    onError: options.onError,
    handleSignals: options.handleSignals ?? false,
    clock,
    fs,
  };
}

function redactionOf(redact: EventLoggerOptions["redact"] = true): RedactionRules | undefined {
  if (typeof redact === "boolean") return redact ? usualRules() : undefined;
  if (typeof redact === "object" && redact !== null && !Array.isArray(redact))
    return new RedactionRules(redact);
  throw new LoggerOptionsError(
    "redact",
    `the option redact is ${String(redact)}; give true, false or an object`,
  );
}

interface FoundRepository {
  readonly name: string;
  readonly path?: string;
  readonly problem?: unknown;
}

/** A repository that cannot be looked at is no reason not to log: its directory still has a name. */
async function findRepository(cwd: string | undefined, fs: FileSystem): Promise<FoundRepository> {
  const directory = resolve(cwd ?? process.cwd());
  try {
    return await repositoryOf(directory, fs);
  } catch (problem) {
    return { name: basename(directory) || "root", problem };
  }
}

function writersOf<M, Fields extends object>(options: EventLoggerOptions<M, Fields>): readonly EventWriter[] {
  const { writers, durability, maxSegmentBytes, maxSegmentAgeMs, compress } = options;
  if (writers === undefined) {
    return [segmentWriter({ durability, maxSegmentBytes, maxSegmentAgeMs, compress })];
  }
  const forDefault = { durability, maxSegmentBytes, maxSegmentAgeMs, compress };
  for (const [name, value] of Object.entries(forDefault)) {
    if (value === undefined) continue;
    throw new LoggerOptionsError(name, `${name} is for the default writer; give it to one of the writers`);
  }
  if (writers.length === 0)
    throw new LoggerOptionsError("writers", "writers is empty; give one, or leave it out");
  return writers;
}

/** Runs what checks an option by using it, and says which one it was. */
function usable<Result>(option: string, use: () => Result): Result {
  try {
    return use();
  } catch (error) {
    if (error instanceof LoggerOptionsError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new LoggerOptionsError(option, `the option ${option} cannot be used: ${reason}`, error);
  }
}
