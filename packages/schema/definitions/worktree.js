import { Type } from "@sinclair/typebox";
import { agentId, jobId, text } from "./fields.js";

const worktreeName = text("Name of the git worktree.");

export const worktreeEvents = {
  worktree_created: Type.Object(
    {
      job_id: jobId,
      agent_id: agentId,
      worktree_name: worktreeName,
      branch: text("The branch checked out in it."),
    },
    { description: "A git worktree was made for an agent." },
  ),
  worktree_merged: Type.Object(
    { job_id: jobId, agent_id: agentId, target_branch: text("The branch that took the changes.") },
    { description: "The changes of an agent were merged." },
  ),
  worktree_cleaned: Type.Object(
    { job_id: jobId, agent_id: agentId, worktree_name: worktreeName },
    { description: "The worktree of an agent was removed." },
  ),
};
