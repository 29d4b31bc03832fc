export {
  agentIdOf,
  categoryOf,
  isKnownEvent,
  itemIdOf,
  jobIdOf,
  severityOf,
  summaryOf,
  validateEvent,
} from "./catalog/accessors.js";
export { builtinEvents } from "./catalog/builtin-events.js";
export type { Catalog } from "./catalog/catalog.js";
export { defineCatalog, type MapOf } from "./catalog/define-catalog.js";
export { type DefinedEvent, defineEvent, type EventTraits } from "./catalog/define-event.js";
export { DefinitionError, type DefinitionErrorCode } from "./catalog/definition-error.js";
export type { EventDefinition } from "./catalog/event-definition.js";
export { combinedSchema, eventSchema, recordSchema } from "./catalog/json-schema.js";
export {
  type InputOf,
  type StandardIssue,
  type StandardResult,
  type StandardSchema,
  unchecked,
} from "./catalog/standard-schema.js";
export {
  compareDurations,
  type Duration,
  durationFromMs,
  durationToMs,
  durationToNanos,
  formatDuration,
  parseDuration,
} from "./duration.js";
export type { AnyEvent, BuiltinEvent, EventInput, EventOf, KnownEvent } from "./events.js";
export { limits } from "./limits.js";
export { type Decoded, type DecodeReason, decodeLine } from "./line/decode.js";
export { encodeEvent, encodeMetadata, encodeRecord } from "./line/encode.js";
export { EncodeError, type EncodeErrorCode } from "./line/encode-error.js";
export { normalizeEvent, normalizeRecord } from "./normalize/event.js";
export { normalizeEventType } from "./normalize/event-type.js";
export { type ParsedFailureReason, parseFailureReason } from "./normalize/failure-reason.js";
export type {
  AgentCompleted,
  AgentEventMap,
  AgentFailed,
  AgentProgress,
  AgentRetrying,
  AgentStarted,
  FailureReason,
} from "./payloads/agent.js";
export type { BuiltinEventMap, EventType, SystemEventType } from "./payloads/builtin-event-map.js";
export type {
  CheckpointCreated,
  CheckpointEventMap,
  CheckpointFailed,
  CheckpointLoaded,
} from "./payloads/checkpoint.js";
export type {
  ClaudeEventMap,
  ClaudeMessage,
  ClaudeSessionStarted,
  ClaudeTokenUsage,
  ClaudeToolInvoked,
} from "./payloads/claude.js";
export type {
  DlqAnalysisGenerated,
  DlqEventMap,
  DlqItemAdded,
  DlqItemRemoved,
  DlqItemsEvicted,
  DlqItemsReprocessed,
} from "./payloads/dlq.js";
export { eventTypes } from "./payloads/event-types.js";
export type {
  JobCompleted,
  JobEventMap,
  JobFailed,
  JobPaused,
  JobResumed,
  JobStarted,
} from "./payloads/job.js";
export type { MemoryPressure, PerformanceEventMap, QueueDepthChanged } from "./payloads/performance.js";
export type {
  MapPhaseCompleted,
  MapPhaseStarted,
  PhaseEventMap,
  ReducePhaseCompleted,
  ReducePhaseStarted,
} from "./payloads/phase.js";
export type { EventRejected, EventsDropped, SystemEventMap } from "./payloads/system.js";
export type {
  WorktreeCleaned,
  WorktreeCreated,
  WorktreeEventMap,
  WorktreeMerged,
} from "./payloads/worktree.js";
export { type EventRecord, type RecordMetadata, reservedMetadataFields } from "./record.js";
export {
  canonicalTimestampLength,
  compareTimestamps,
  formatTimestamp,
  isTimestamp,
  parseTimestamp,
} from "./timestamp.js";
export type { Category, Severity } from "./traits/traits.js";
export type { EventSchema, SchemaNode } from "./validation/event-schema.js";
export type { FieldDescription } from "./validation/fields-of.js";
export type { ValidationIssue, ValidationLevel } from "./validation/issue.js";
