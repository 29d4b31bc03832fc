import { agentTraits } from "./agent.js";
import { checkpointTraits } from "./checkpoint.js";
import { claudeTraits } from "./claude.js";
import { dlqTraits } from "./dlq.js";
import { jobTraits } from "./job.js";
import { performanceTraits } from "./performance.js";
import { phaseTraits } from "./phase.js";
import { systemTraits } from "./system.js";
import type { Category, Traits } from "./traits.js";
import { worktreeTraits } from "./worktree.js";

/** The traits of every built-in type, by category and type. */
export const builtinTraits: { readonly [C in Category]: Readonly<Record<string, Traits<object>>> } = {
  job: { ...jobTraits },
  agent: { ...agentTraits },
  checkpoint: { ...checkpointTraits },
  worktree: { ...worktreeTraits },
  performance: { ...performanceTraits },
  dlq: { ...dlqTraits },
  claude: { ...claudeTraits },
  phase: { ...phaseTraits },
  system: { ...systemTraits },
};
