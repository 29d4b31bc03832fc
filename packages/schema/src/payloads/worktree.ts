/** A git worktree was made for an agent. */
export interface WorktreeCreated {
  job_id: string;
  agent_id: string;
  worktree_name: string;
  branch: string;
}

/** The changes of an agent were merged. */
export interface WorktreeMerged {
  job_id: string;
  agent_id: string;
  target_branch: string;
}

/** The worktree of an agent was removed. */
export interface WorktreeCleaned {
  job_id: string;
  agent_id: string;
  worktree_name: string;
}

export interface WorktreeEventMap {
  worktree_created: WorktreeCreated;
  worktree_merged: WorktreeMerged;
  worktree_cleaned: WorktreeCleaned;
}
