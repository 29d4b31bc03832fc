import { join } from "node:path";
import { type AnyEvent, normalizeEvent, validateEvent } from "@prodigy-events/schema";
import { sharedSegmentName } from "@prodigy-events/storage";
import { CommandError } from "../errors/command-error.js";
import { UsageError } from "../errors/usage-error.js";
import type { Context } from "../program/context.js";

export interface EventRequest {
  readonly event: AnyEvent;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly jobId: string | undefined;
  readonly correlationId: string | undefined;
  readonly repo: string | undefined;
  readonly store: string | undefined;
}

/** An event that is on the disk. */
export type LoggedEvent = Readonly<Record<"id" | "path", string>>;

/**
 * Logs one event into the shared file of its job and waits until it is on the disk. Throws `UsageError` for an event
 * that does not fit its type, and `CommandError` `NOT_WRITTEN` when it could not be written; then nothing is written
 * later either, so that it can be emitted again. Only after a failed fsync may its line be in the file and stay there.
 */
export async function logOneEvent(request: EventRequest, { env, cwd }: Context): Promise<LoggedEvent> {
  const event = withJob(normalizeEvent(request.event), request.jobId);
  requireValid(event);
  const { createEventLogger } = await import("@prodigy-events/logger");
  const { sharedFileWriter } = await import("@prodigy-events/writer");
  const { RevocableWriter } = await import("./revocable-writer.js");
  const writer = new RevocableWriter(sharedFileWriter());
  let reason: string | undefined;
  const logger = await createEventLogger({
    env,
    cwd,
    repo: request.repo,
    jobId: request.jobId,
    store: request.store,
    correlationId: request.correlationId,
    writers: [writer],
    validation: "off",
    onError: ({ severity, message, cause }) => {
      if (severity === "error") reason ??= cause instanceof Error ? cause.message : message;
    },
  });
  const path = join(logger.directory, sharedSegmentName);
  try {
    const id = logger.log(event as Parameters<typeof logger.log>[0], { metadata: request.metadata });
    // What failed once may succeed by another way: there is no second chance after the report.
    await logger.flush().catch(() => logger.flushSync());
    if (id === null || logger.stats().written === 0) throw new Error("it was dropped");
    return { id, path };
  } catch (error) {
    writer.revoke();
    const why = reason ?? (error instanceof Error ? error.message : String(error));
    throw new CommandError("NOT_WRITTEN", `the event was not written to ${path}: ${why}`, { cause: error });
  } finally {
    await logger.shutdown({ timeoutMs: 0 }).catch(() => {}); // What is left was reported above.
  }
}

function withJob(event: AnyEvent, jobId: string | undefined): AnyEvent {
  if (jobId === undefined || event.job_id !== undefined) return event;
  const { event_type, ...fields } = event;
  return { event_type, job_id: jobId, ...fields };
}

function requireValid(event: AnyEvent): void {
  const issues = validateEvent(event, "full");
  if (issues.length === 0) return;
  const what = issues.map(({ path, expected, received }) =>
    received === "nothing"
      ? `${path} (${expected}) is missing`
      : `${path} must be ${expected}, not ${received}`,
  );
  const isJobMissing = issues.some(({ path }) => path === "job_id");
  throw new UsageError(
    `${event.event_type} does not fit its type: ${what.join("; ")}; ` +
      (isJobMissing
        ? "give --job-id, and fields with --set"
        : `set them with --set, see: schema ${event.event_type}`),
  );
}
