import type { BuiltinEventMap, EventInput } from "@prodigy-events/schema";

/** The events that a Claude Code session yields; the logger adds the job id. */
export type ClaudeEvent = Extract<EventInput<BuiltinEventMap, "job_id">, { event_type: `claude_${string}` }>;
