import type { WorktreeEventMap } from "../payloads/worktree.js";
import type { CategoryTraits } from "./traits.js";
import { beside, firstLine, phrase } from "./wording.js";

export const worktreeTraits: CategoryTraits<WorktreeEventMap> = {
  worktree_created: {
    severity: "info",
    summary: (event) => beside(firstLine(event.worktree_name), phrase("branch ", firstLine(event.branch))),
  },
  worktree_merged: {
    severity: "info",
    summary: (event) => beside(phrase("into ", firstLine(event.target_branch))),
  },
  worktree_cleaned: {
    severity: "info",
    summary: (event) => beside(firstLine(event.worktree_name)),
  },
};
