export { createEventLogger } from "./create-event-logger.js";
export { FlushError, type FlushErrorDetails, LoggerOptionsError } from "./errors.js";
export type {
  ChildLogger,
  ChildOptions,
  EventLogger,
  FlushOptions,
  LogOptions,
  ShutdownOptions,
  ShutdownReport,
} from "./event-logger.js";
export { limits } from "./limits.js";
export type { EventLoggerOptions } from "./options/logger-options.js";
export { LoggerProblem, type ProblemCode, type ProblemDetails, type ProblemHandler } from "./problems.js";
export type { RedactionOptions, RedactionPattern } from "./redact/redaction-options.js";
export { createSecretScanner, type SecretFinding, type SecretScanner } from "./redact/secret-scanner.js";
export type { LastError, LoggerStats, WriterStats } from "./stats.js";
