import { agentEvents } from "./agent.js";
import { checkpointEvents } from "./checkpoint.js";
import { claudeEvents } from "./claude.js";
import { dlqEvents } from "./dlq.js";
import { jobEvents } from "./job.js";
import { performanceEvents } from "./performance.js";
import { phaseEvents } from "./phase.js";
import { systemEvents } from "./system.js";
import { worktreeEvents } from "./worktree.js";

/** Every built-in event type with the TypeBox schema of its fields, in the order in which we list them. */
export const definitions = {
  ...jobEvents,
  ...agentEvents,
  ...checkpointEvents,
  ...worktreeEvents,
  ...performanceEvents,
  ...dlqEvents,
  ...claudeEvents,
  ...phaseEvents,
  ...systemEvents,
};
