import type { BuiltinEventMap, EventType } from "@prodigy-events/schema";
import type { Draw } from "./draw.js";

/** How often a type occurs, in parts of the sum of all weights, and how one of it is drawn. */
interface Share<K extends EventType> {
  weight: number;
  draw: (draw: Draw) => BuiltinEventMap[K];
}

const errors = [
  "ENOENT: no such file or directory, open 'src/auth/session.ts'",
  "timeout: agent did not answer within 600 s",
  "merge conflict in src/index.ts\n<<<<<<< HEAD",
  "Tests failed: 3 of 214",
  'command "pnpm test" exited with 1: AssertionError: expected "naïve" to equal "naive"',
];
const failureReasons = ["timeout", "command_failed", "merge_conflict", "commit_validation_failed"] as const;
const tools = ["Bash", "Edit", "Read", "Grep", "Write"];
const model = "claude-sonnet-4-5-20250929";

const job = (draw: Draw) => ({ job_id: draw.jobId });
const agent = (draw: Draw) => ({ job_id: draw.jobId, agent_id: draw.agentId });
const log = (draw: Draw) => `/var/log/agents/${draw.agentId}/session-${draw.name(8)}.json`;

/** What the jobs of a day consist of: mostly progress, tools, messages and tokens, and a little of each other type. */
export const mixture: { readonly [K in EventType]: Share<K> } = {
  job_started: {
    weight: 0.02,
    draw: (d) => ({
      ...job(d),
      config: { max_parallel: 8, model, retry: { max: 3, backoff: "exponential" } },
      total_items: 400,
    }),
  },
  job_completed: {
    weight: 0.02,
    draw: (d) => ({ ...job(d), duration: d.duration(9000), success_count: 391, failure_count: 9 }),
  },
  job_failed: {
    weight: 0.02,
    draw: (d) => ({ ...job(d), error: d.pick(errors), partial_results: d.whole(400) }),
  },
  job_paused: { weight: 0.02, draw: (d) => ({ ...job(d), checkpoint_version: d.whole(90) }) },
  job_resumed: {
    weight: 0.02,
    draw: (d) => ({ ...job(d), checkpoint_version: d.whole(90), pending_items: d.whole(400) }),
  },
  agent_started: {
    weight: 5,
    draw: (d) => ({ ...agent(d), item_id: d.item, worktree: `wt-${d.agentId}`, attempt: 1 + d.whole(3) }),
  },
  agent_progress: {
    weight: 25,
    draw: (d) => ({
      ...agent(d),
      step: `step ${d.whole(12)}: run the tests of ${d.item}`,
      progress_pct: d.whole(1000) / 10,
    }),
  },
  agent_completed: {
    weight: 5,
    draw: (d) => ({
      ...agent(d),
      duration: d.duration(900),
      commits: Array.from({ length: 1 + d.whole(3) }, () => d.whole(2 ** 40).toString(16)),
      json_log_location: log(d),
      item_id: d.item,
      cleanup_status: "success",
    }),
  },
  agent_failed: {
    weight: 3,
    draw: (d) => ({
      ...agent(d),
      error: d.pick(errors),
      retry_eligible: d.chance(0.7),
      item_id: d.item,
      failure_reason: d.pick(failureReasons),
      exit_code: d.whole(3),
      json_log_location: log(d),
    }),
  },
  agent_retrying: {
    weight: 2,
    draw: (d) => ({ ...agent(d), attempt: 2, backoff_ms: 1000 << d.whole(4), item_id: d.item }),
  },
  checkpoint_created: {
    weight: 1,
    draw: (d) => ({ ...job(d), version: d.whole(900), agents_completed: d.whole(400) }),
  },
  checkpoint_loaded: { weight: 0.05, draw: (d) => ({ ...job(d), version: d.whole(900) }) },
  checkpoint_failed: { weight: 0.05, draw: (d) => ({ ...job(d), error: d.pick(errors) }) },
  worktree_created: {
    weight: 1.5,
    draw: (d) => ({
      ...agent(d),
      worktree_name: `wt-${d.agentId}`,
      branch: `prodigy/${d.agentId}-${d.name(6)}`,
    }),
  },
  worktree_merged: { weight: 1, draw: (d) => ({ ...agent(d), target_branch: "main" }) },
  worktree_cleaned: { weight: 1, draw: (d) => ({ ...agent(d), worktree_name: `wt-${d.agentId}` }) },
  queue_depth_changed: {
    weight: 4,
    draw: (d) => {
      const pending = d.whole(400);
      return { ...job(d), pending, active: 8, completed: 400 - pending };
    },
  },
  memory_pressure: {
    weight: 0.5,
    draw: (d) => ({ ...job(d), used_mb: 3000 + d.whole(1000), limit_mb: 4096 }),
  },
  dlq_item_added: {
    weight: 0.3,
    draw: (d) => ({ ...job(d), item_id: d.item, error_signature: `timeout:${d.name(8)}`, failure_count: 3 }),
  },
  dlq_item_removed: { weight: 0.1, draw: (d) => ({ ...job(d), item_id: d.item }) },
  dlq_items_reprocessed: { weight: 0.05, draw: (d) => ({ ...job(d), count: d.whole(40) }) },
  dlq_items_evicted: { weight: 0.05, draw: (d) => ({ ...job(d), count: d.whole(40) }) },
  dlq_analysis_generated: { weight: 0.05, draw: (d) => ({ ...job(d), patterns: d.whole(9) }) },
  claude_tool_invoked: {
    weight: 21,
    draw: (d) => ({
      agent_id: d.agentId,
      tool_name: d.pick(tools),
      tool_id: `toolu_${d.name(16)}`,
      parameters: {
        command: `pnpm exec vitest run ${d.item} --reporter="dot"`,
        timeout_ms: 120000,
      },
      job_id: d.jobId,
    }),
  },
  claude_token_usage: {
    weight: 13,
    draw: (d) => ({
      agent_id: d.agentId,
      input_tokens: d.whole(60000),
      output_tokens: d.whole(4000),
      cache_tokens: d.whole(90000),
      job_id: d.jobId,
      model,
    }),
  },
  claude_session_started: {
    weight: 1,
    draw: (d) => ({ agent_id: d.agentId, session_id: d.name(24), model, tools, job_id: d.jobId }),
  },
  claude_message: {
    weight: 14,
    draw: (d) => ({
      agent_id: d.agentId,
      content: d.prose(1 + d.whole(d.chance(0.05) ? 24 : 5)),
      message_type: d.chance(0.9) ? "assistant" : "user",
      job_id: d.jobId,
    }),
  },
  map_phase_started: { weight: 0.02, draw: (d) => ({ ...job(d), total_items: 400 }) },
  map_phase_completed: { weight: 0.02, draw: (d) => ({ ...job(d), successful: 391, failed: 9 }) },
  reduce_phase_started: { weight: 0.02, draw: job },
  reduce_phase_completed: { weight: 0.02, draw: job },
  events_dropped: {
    weight: 0.02,
    draw: (d) => {
      const from = d.whole(1e6);
      return { count: 10, from_sequence: from, to_sequence: from + 9, reason: "the queue was full" };
    },
  },
  event_rejected: {
    weight: 0.02,
    draw: () => ({ reason: "larger than 1 MiB", rejected_type: "claude_message", bytes: 1_400_000 }),
  },
};
