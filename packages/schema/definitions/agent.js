import { Type } from "@sinclair/typebox";
import {
  agentId,
  attempt,
  count,
  duration,
  error,
  itemId,
  jobId,
  logLocation,
  text,
  textList,
} from "./fields.js";

const failureReason = Type.Union(
  [
    Type.Literal("timeout"),
    Type.Literal("command_failed"),
    Type.Literal("commit_validation_failed"),
    Type.Literal("merge_conflict"),
    Type.Literal("worktree_error"),
    Type.Literal("unknown"),
  ],
  { description: "The class of the failure." },
);

export const agentEvents = {
  agent_started: Type.Object(
    {
      job_id: jobId,
      agent_id: agentId,
      item_id: itemId,
      worktree: text("Name of the git worktree that the agent works in."),
      attempt,
    },
    { description: "An agent begins to work on an item." },
  ),
  agent_progress: Type.Object(
    {
      job_id: jobId,
      agent_id: agentId,
      step: text("What the agent is doing now."),
      progress_pct: Type.Number({ minimum: 0, maximum: 100, description: "How much is done, in per cent." }),
    },
    { description: "An agent reports how far it is." },
  ),
  agent_completed: Type.Object(
    {
      job_id: jobId,
      agent_id: agentId,
      duration: duration("From the start of this attempt to its end."),
      commits: textList("Hashes of the commits that the agent made."),
      json_log_location: Type.Optional(logLocation),
      item_id: Type.Optional(itemId),
      cleanup_status: Type.Optional(
        text("How removing the worktree went: `success`, `skipped`, or `failed: ` and why."),
      ),
    },
    { description: "An agent finished its item." },
  ),
  agent_failed: Type.Object(
    {
      job_id: jobId,
      agent_id: agentId,
      error,
      retry_eligible: Type.Boolean({ description: "Whether the item may be tried again." }),
      item_id: Type.Optional(itemId),
      failure_reason: Type.Optional(failureReason),
      exit_code: Type.Optional(Type.Integer({ description: "Exit code of the command that failed." })),
      json_log_location: Type.Optional(logLocation),
    },
    { description: "An attempt of an agent failed." },
  ),
  agent_retrying: Type.Object(
    {
      job_id: jobId,
      agent_id: agentId,
      attempt,
      backoff_ms: count("Wait before this attempt starts, in milliseconds."),
      item_id: Type.Optional(itemId),
    },
    { description: "An item will be tried again after a wait." },
  ),
};
