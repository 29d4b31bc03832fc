import type { AgentEventMap } from "./agent.js";
import type { CheckpointEventMap } from "./checkpoint.js";
import type { ClaudeEventMap } from "./claude.js";
import type { DlqEventMap } from "./dlq.js";
import type { JobEventMap } from "./job.js";
import type { PerformanceEventMap } from "./performance.js";
import type { PhaseEventMap } from "./phase.js";
import type { SystemEventMap } from "./system.js";
import type { WorktreeEventMap } from "./worktree.js";

/**
 * Every built-in event type and its fields, without `event_type`.
 *
 * A project with types of its own writes a map of the same form and passes `BuiltinEventMap & MyEventMap` where
 * a type parameter asks for a map. Nothing is merged globally.
 */
export interface BuiltinEventMap
  extends JobEventMap,
    AgentEventMap,
    CheckpointEventMap,
    WorktreeEventMap,
    PerformanceEventMap,
    DlqEventMap,
    ClaudeEventMap,
    PhaseEventMap,
    SystemEventMap {}

/** The name of a built-in event type. */
export type EventType = keyof BuiltinEventMap;

/** The name of a type that only the logger itself writes. */
export type SystemEventType = keyof SystemEventMap;
