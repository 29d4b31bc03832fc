import { optionTable } from "../arguments/option-table.js";

const group = "Filters (repeatable or comma-separated: any of)";
const time = "Time";

/** Which records: the same on every command that reads. */
export const filterOptions = optionTable({
  "job-id": { kind: "list", value: "ID", group, summary: "records of this job" },
  "agent-id": { kind: "list", value: "ID", group, summary: "records of this agent" },
  "item-id": { kind: "list", value: "ID", group, summary: "records of this work item" },
  "event-type": {
    kind: "list",
    value: "TYPE",
    group,
    summary: "agent_failed, AgentFailed, or a glob such as 'agent_*'",
  },
  "correlation-id": { kind: "list", value: "ID", group, summary: "records of this run" },
  severity: {
    kind: "list",
    value: "LEVEL",
    group,
    summary: "error, warning or info: follows from the type",
    choices: ["error", "warning", "info"],
  },
  category: {
    kind: "list",
    value: "NAME",
    group,
    summary: "job, agent, checkpoint, worktree, performance, dlq, claude, phase, system or other",
    choices: [
      "job",
      "agent",
      "checkpoint",
      "worktree",
      "performance",
      "dlq",
      "claude",
      "phase",
      "system",
      "other",
    ],
  },
  since: {
    kind: "text",
    value: "TIME",
    group: time,
    summary: "from here on: 30 (minutes), 90s, 2h, 7d, yesterday, 14:05, or RFC 3339",
  },
  until: { kind: "text", value: "TIME", group: time, summary: "up to here, in the same forms" },
  tz: {
    kind: "text",
    value: "ZONE",
    group: time,
    summary: "time zone of what is typed and shown, such as Europe/Berlin",
  },
});

/** How many records, in which order, and what a malformed line means. */
export const selectionOptions = optionTable({
  limit: { kind: "text", value: "N", group: "Selection", summary: "the N newest records; 0 is all" },
  order: {
    kind: "text",
    value: "ORDER",
    group: "Selection",
    summary: "which end --limit counts from: newest (default) or oldest",
    choices: ["newest", "oldest"],
  },
});

/** What a malformed line means. */
export const strictOption = optionTable({
  strict: { kind: "flag", group: "Selection", summary: "the first malformed line is an error (exit 3)" },
});
