import type { ValidationIssue } from "@prodigy-events/schema";

/** What a problem is about. Codes of writers' warnings (`ROTATION_POSTPONED` …) are passed on as they are. */
export type ProblemCode =
  | "INVALID_EVENT"
  | "EVENT_REJECTED"
  | "EVENTS_DROPPED"
  | "EVENTS_LOST_AT_EXIT"
  | "RESERVED_METADATA"
  | "METADATA_TRUNCATED"
  | "UNENCODABLE_VALUES"
  | "WRITER_DEGRADED"
  | "WRITER_RECOVERED"
  | "WRITER_NOT_OPENED"
  | "WRITER_NOT_CLOSED"
  | "REPOSITORY_UNKNOWN"
  | "LOGGING_FAILED"
  | (string & {});

/** Facts about a problem, where they apply. */
export interface ProblemDetails {
  readonly severity: "warning" | "error";
  /** The writer concerned. */
  readonly writer?: string | undefined;
  readonly path?: string | undefined;
  /** Of `INVALID_EVENT`: in what the event does not fit its type. */
  readonly issues?: readonly ValidationIssue[];
  /** The type of the event concerned. */
  readonly eventType?: string | undefined;
  readonly cause?: unknown;
}

/** Something that went wrong without anybody waiting for it: what `onError` is given. */
export class LoggerProblem extends Error {
  override readonly name = "LoggerProblem";
  readonly code: ProblemCode;
  readonly severity: "warning" | "error";
  readonly writer: string | undefined;
  readonly path: string | undefined;
  readonly issues: readonly ValidationIssue[] | undefined;
  readonly eventType: string | undefined;

  constructor(code: ProblemCode, message: string, details: ProblemDetails) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.severity = details.severity;
    this.writer = details.writer;
    this.path = details.path;
    this.issues = details.issues;
    this.eventType = details.eventType;
  }
}

/** Told of every problem. Whatever it throws is swallowed. */
export type ProblemHandler = (problem: LoggerProblem) => void;

/** Hands problems to the user, and never lets anything come back. */
export class ProblemReporter {
  readonly #handler: ProblemHandler;
  #isReporting = false;

  constructor(handler: ProblemHandler | undefined) {
    this.#handler = handler ?? warnOncePerCode();
  }

  report(code: ProblemCode, message: string, details: ProblemDetails): void {
    // A handler that logs can cause the next problem: it is counted where it arises, but not reported again.
    if (this.#isReporting) return;
    this.#isReporting = true;
    try {
      const result: unknown = this.#handler(new LoggerProblem(code, message, details));
      // An async function passes as a handler; its rejection would otherwise end the process.
      if (result instanceof Promise) result.catch(() => undefined);
    } catch {
      // The handler is the user's; its errors must not reach the code that logs an event.
    } finally {
      this.#isReporting = false;
    }
  }
}

/** Without a handler, problems are still not silent: Node's process warnings, one for each code. */
function warnOncePerCode(): ProblemHandler {
  const seen = new Set<string>();
  return ({ code, message }) => {
    if (seen.has(code)) return;
    seen.add(code);
    process.emitWarning(message, { type: "ProdigyEventsWarning", code });
  };
}
