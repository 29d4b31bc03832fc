import type { AgentEventMap } from "../payloads/agent.js";
import type { CategoryTraits } from "./traits.js";
import { beside, counted, elapsed, firstLine, grouped, labelled, lengthOf, phrase } from "./wording.js";

export const agentTraits: CategoryTraits<AgentEventMap> = {
  agent_started: {
    severity: "info",
    summary: (event) =>
      beside(firstLine(event.item_id), phrase("attempt ", grouped(event.attempt)), firstLine(event.worktree)),
  },
  agent_progress: {
    severity: "info",
    summary: (event) => beside(percentage(event.progress_pct), firstLine(event.step)),
  },
  agent_completed: {
    severity: "info",
    summary: (event) =>
      beside(
        elapsed(event.duration),
        counted(lengthOf(event.commits), "commit"),
        event.cleanup_status === "success" ? undefined : phrase("cleanup ", firstLine(event.cleanup_status)),
      ),
  },
  agent_failed: {
    severity: "error",
    summary: (event) => {
      const exitCode = phrase(" (exit ", grouped(event.exit_code), ")") ?? "";
      return beside(labelled(phrase("", firstLine(event.failure_reason), exitCode), firstLine(event.error)));
    },
  },
  agent_retrying: {
    severity: "warning",
    summary: (event) =>
      beside(phrase("attempt ", grouped(event.attempt)), phrase("in ", wait(event.backoff_ms))),
  },
};

function percentage(value: unknown) {
  return typeof value === "number" ? `${Math.round(value)}%` : undefined;
}

function wait(ms: unknown) {
  return typeof ms === "number" ? elapsed(ms / 1000) : undefined;
}
