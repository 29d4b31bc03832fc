import {
  type Clock,
  describeFileError,
  errnoOf,
  type FileSystem,
  nodeFileSystem,
  StorageError,
  systemClock,
} from "@prodigy-events/storage";
import { takeBackArchive } from "../archive/take-back-archive.js";
import { RetentionError } from "../errors.js";
import { noAmount } from "../plan/amount.js";
import type { PlannedSegment, RetentionPlan } from "../plan/retention-plan.js";
import type { ActionResult, ApplyContext } from "./apply-context.js";
import { finishInterrupted } from "./clean-directory.js";
import { CleanLock } from "./clean-lock.js";
import { CleanLog, logEntry } from "./clean-log.js";
import { CleanSockets } from "./clean-socket.js";
import { guardedPlaces } from "./guarded-places.js";
import { removeSegment } from "./remove-segment.js";
import { requirePrivateRoot } from "./require-private-root.js";
import { type RetentionReport, reportOf, type SegmentOutcome } from "./retention-report.js";
import { rewriteSegment } from "./rewrite-segment.js";
import { isOfChange, SourceChanged, takeSource } from "./take-source.js";

/** How a plan is carried out. */
export interface ApplyOptions {
  /** Work although other users can reach the store. */
  force?: boolean;
  /** Take the lock file of another clean that is not known to be dead. The socket of one that is alive stays its. */
  breakLock?: boolean;
  fs?: FileSystem;
  clock?: Clock;
  /** Stops between two segments, and where much is read or written. What was not attempted is reported so. */
  signal?: AbortSignal;
  /** Called after each segment that something was to be done to. */
  onProgress?(progress: { done: number; total: number; path: string }): void;
}

/**
 * Carries out a plan, segment by segment. Each source is checked to be what was planned for; one that is not is
 * skipped. The first failure ends the run; what it was about is still there, and running clean again goes on from
 * there. Problems of single segments are in the report, not thrown.
 *
 * @throws RetentionError `BAD_PLAN`, `ROOT_NOT_PRIVATE`, `LOCKED`, before anything is changed; StorageError when a
 *   directory cannot be prepared
 */
export async function applyRetention(
  plan: RetentionPlan,
  options: ApplyOptions = {},
): Promise<RetentionReport> {
  if (plan.version !== 1) {
    throw new RetentionError("BAD_PLAN", "the plan was made by another version of this program; plan again");
  }
  const {
    fs = nodeFileSystem,
    clock = systemClock,
    signal,
    onProgress,
    force = false,
    breakLock = false,
  } = options;
  const actions = actionsOf(plan);
  // With nothing to do it waits for nobody, and a store that cannot be written is clean.
  if (actions.length === 0) return reportOf([], []);
  await requirePrivacy(plan, actions, force, fs);
  const directories = actions.map(({ directory }) => directory);
  const sockets = await CleanSockets.acquire(guardedPlaces(plan.root, directories), fs);
  let contexts: ReadonlyMap<string, ApplyContext> = new Map();
  try {
    contexts = await openDirectories(plan, actions, { fs, clock, signal, breakLock });
    for (const directory of contexts.keys()) await finishInterrupted(directory, fs);
    const outcomes: SegmentOutcome[] = [];
    let hasFailed = false;
    for (const segment of actions) {
      const isOver: boolean = hasFailed || signal?.aborted === true;
      const context = contexts.get(segment.directory)!;
      const outcome: SegmentOutcome = isOver ? notAttempted(segment) : await carryOut(segment, context);
      hasFailed ||= outcome.status === "failed";
      outcomes.push(outcome);
      onProgress?.({ done: outcomes.length, total: actions.length, path: segment.path });
    }
    return reportOf(outcomes, await settleLogs(contexts));
  } finally {
    for (const { lock } of contexts.values()) await lock.release();
    await sockets.release();
  }
}

const nothingDone = { before: noAmount, kept: noAmount, removed: noAmount, freedBytes: 0 };

/** What is to be done, removals first: they make the room that writing segments anew needs on a full disk. */
function actionsOf({ segments }: RetentionPlan): PlannedSegment[] {
  const removals = segments.filter(({ action }) => action === "remove");
  const others = segments.filter(({ action }) => action !== "remove" && action !== "keep");
  return [...removals, ...others];
}

async function requirePrivacy(
  { root }: RetentionPlan,
  actions: readonly PlannedSegment[],
  force: boolean,
  fs: FileSystem,
): Promise<void> {
  if (force || root === undefined) return;
  const directories = actions.map(({ directory }) => directory);
  if (guardedPlaces(root, directories).has(root)) await requirePrivateRoot(root, fs);
}

/** Takes the locks of all directories, or none. */
async function openDirectories(
  { jobIds }: RetentionPlan,
  actions: readonly PlannedSegment[],
  { fs, clock, signal, breakLock }: Pick<ApplyContext, "fs" | "clock" | "signal"> & { breakLock: boolean },
): Promise<Map<string, ApplyContext>> {
  const contexts = new Map<string, ApplyContext>();
  const at = new Date(clock.now()).toISOString();
  try {
    for (const directory of new Set(actions.map((segment) => segment.directory))) {
      const lock = await CleanLock.acquire(directory, { fs, breakLock, at });
      const log = new CleanLog(directory, fs);
      contexts.set(directory, { fs, clock, signal, jobIds, lock, log });
    }
    return contexts;
  } catch (error) {
    for (const { lock } of contexts.values()) await lock.release();
    throw error;
  }
}

/** Writes log lines that a full disk did not take before; in words, what could not be written even now. */
async function settleLogs(contexts: ReadonlyMap<string, ApplyContext>): Promise<string[]> {
  const warnings: string[] = [];
  for (const { log } of contexts.values()) {
    await log
      .settle()
      .catch((error: unknown) => warnings.push(asFailure(error, "write the log of", log.path).message));
  }
  return warnings;
}

async function carryOut(segment: PlannedSegment, context: ApplyContext): Promise<SegmentOutcome> {
  const { path, action } = segment;
  try {
    const { archivePath, keptPath, kept, freedBytes } = await act(segment, context);
    return {
      ...{ path, action, status: "done", before: segment.before, kept, removed: segment.removed, freedBytes },
      ...(archivePath === undefined ? {} : { archivePath }),
      ...(keptPath === undefined ? {} : { keptPath }),
    };
  } catch (error) {
    if (error instanceof SourceChanged) return skipped(segment, "changed");
    if (context.signal?.aborted === true && error === context.signal.reason) return notAttempted(segment);
    const { code, message } = asFailure(error, action, path);
    const entry = logEntry("failed", segment, segment.removed, context.clock, { error: message });
    await context.log.append(entry).catch(() => undefined); // the report says it, whatever becomes of the log
    return { path, action, status: "failed", error: { code, message }, ...nothingDone };
  }
}

/** An error of the file system or of ours as it is to be reported; any other is a bug and thrown. */
function asFailure(error: unknown, action: string, path: string): StorageError | RetentionError {
  if (error instanceof RetentionError) return error;
  if (error instanceof StorageError || errnoOf(error) !== undefined)
    return describeFileError(error, action, path);
  throw error;
}

async function act(segment: PlannedSegment, context: ApplyContext): Promise<ActionResult> {
  const source = await takeSource(segment, context);
  try {
    switch (segment.action) {
      case "remove":
        return await removeSegment(segment, source, context);
      case "rewrite":
        return await rewriteSegment(segment, source, context);
      default: // set aside by now, and nothing else is to be done
        return { archivePath: undefined, keptPath: source.path, kept: segment.before, freedBytes: 0 };
    }
  } catch (error) {
    if (!(await isOfChange(error, source, context.fs))) throw error;
    if (source.copy && !source.isRemoving) await takeBackArchive(source.copy, segment, context.fs);
    if (source.isLogged) {
      const entry = logEntry("failed", segment, segment.removed, context.clock, {
        error: "it changed meanwhile",
      });
      await context.log.append(entry).catch(() => undefined); // written at the end, or told there
    }
    throw error instanceof SourceChanged ? error : new SourceChanged(segment.path);
  } finally {
    await source.late?.close();
  }
}

function skipped({ path, action }: PlannedSegment, skipReason: "changed" | "not-attempted"): SegmentOutcome {
  return { path, action, status: "skipped", skipReason, ...nothingDone };
}

function notAttempted(segment: PlannedSegment): SegmentOutcome {
  return skipped(segment, "not-attempted");
}
