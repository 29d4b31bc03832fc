import type { AnyEvent } from "@prodigy-events/schema";

const errors = [
  "ENOENT: no such file or directory, open 'src/auth/session.ts'",
  "timeout: agent did not answer within 600 s",
  "merge conflict in src/index.ts\n<<<<<<< HEAD",
  "tests failed: 3 of 214",
];

const prose =
  'I read the module and changed the "retry" path: the backoff doubled twice, so the third attempt waited 8 s ' +
  "instead of 4 s.\nThe tests in `retry.test.ts` pass — naïve callers see no difference. Größe: 12 KiB. ";

/** One event of a running job, drawn from the mixture a real job shows: mostly progress, tools and messages. */
export function drawEvent(random: () => number, jobId: string, agents: number): AnyEvent {
  const agentId = `agent-${Math.floor(random() * agents)}`;
  const item = `src/module-${Math.floor(random() * agents * 8)}.ts`;
  const draw = random();
  const bound = { job_id: jobId, agent_id: agentId };
  if (draw < 0.3) {
    return {
      event_type: "agent_progress",
      ...bound,
      step: `step ${Math.floor(random() * 12)}: run the tests of ${item}`,
      progress_pct: Math.floor(random() * 1000) / 10,
    };
  }
  if (draw < 0.5) {
    return {
      event_type: "claude_tool_invoked",
      ...bound,
      tool_name: random() < 0.5 ? "Bash" : "Edit",
      tool_id: `toolu_${Math.floor(random() * 1e12).toString(36)}`,
      parameters: {
        command: `pnpm exec vitest run ${item}`,
        timeout_ms: 120000,
        description: "Run one test file",
      },
    };
  }
  if (draw < 0.62) {
    return {
      event_type: "claude_message",
      ...bound,
      content: prose.repeat(1 + Math.floor(random() * 4)),
      message_type: "assistant",
    };
  }
  if (draw < 0.76) {
    return {
      event_type: "claude_token_usage",
      ...bound,
      input_tokens: Math.floor(random() * 60000),
      output_tokens: Math.floor(random() * 4000),
      cache_tokens: Math.floor(random() * 90000),
    };
  }
  if (draw < 0.84)
    return { event_type: "agent_started", ...bound, item_id: item, worktree: `wt-${agentId}`, attempt: 1 };
  if (draw < 0.91) {
    return {
      event_type: "agent_completed",
      ...bound,
      duration: { secs: Math.floor(random() * 900), nanos: Math.floor(random() * 1e9) },
      commits: [Math.floor(random() * 2 ** 40).toString(16)],
      json_log_location: `/var/log/agents/session-${Math.floor(random() * 1e9).toString(36)}.json`,
    };
  }
  if (draw < 0.94) {
    return {
      event_type: "agent_failed",
      ...bound,
      error: errors[Math.floor(random() * errors.length)],
      retry_eligible: random() < 0.7,
      failure_reason: random() < 0.5 ? "timeout" : "command_failed",
    };
  }
  if (draw < 0.96) return { event_type: "agent_retrying", ...bound, attempt: 2, backoff_ms: 1000 };
  const pending = Math.floor(random() * 400);
  return { event_type: "queue_depth_changed", job_id: jobId, pending, active: 8, completed: 400 - pending };
}
