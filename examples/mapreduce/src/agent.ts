// An agent: one process, one worktree (its working directory), one item, one attempt.
//   node agent.js AGENT ITEM ATTEMPT JSON_LOG
// It logs to the orchestrator's job without being told which: createEventLogger() finds the store, the
// repository, the job and the correlation id in the environment that logger.childEnv() made.

import { appendFileSync, mkdirSync } from "node:fs";
import { basename, dirname } from "node:path";
import { createEventLogger } from "@prodigy-events/logger";
import { CheckFailed, checkItem, countItem, writeReport } from "./work.js";
import { commitAll } from "./worktree.js";

const [agentId = "", item = "", attempt = "1", jsonLog = ""] = process.argv.slice(2);

const logger = await createEventLogger({
  // The orchestrator ends an agent that takes too long with SIGTERM: what is logged by then is still written.
  handleSignals: true,
  metadata: { attempt: Number(attempt) },
});
const log = logger.child({ agent_id: agentId, item_id: item });

// The agent's own log holds what is too long for an event; json_log_location in the events leads to it.
mkdirSync(dirname(jsonLog), { recursive: true });
const note = (entry: object) => appendFileSync(jsonLog, `${JSON.stringify(entry)}\n`);

try {
  log.log({
    event_type: "agent_started",
    item_id: item,
    worktree: basename(process.cwd()),
    attempt: Number(attempt),
  });
  const counts = countItem(item);
  note({ counts });
  log.log({ event_type: "agent_progress", step: "counted", progress_pct: 25 });

  // The check may hang or take this process down with it: what led to it should be on disk by then.
  await logger.flush();
  const checkedBy = await checkItem(item, note);
  log.log({ event_type: "agent_progress", step: `checked by ${checkedBy}`, progress_pct: 75 });

  writeReport({ ...counts, checkedBy });
  await commitAll(".", `report on ${item}`);
  log.log({ event_type: "agent_progress", step: "committed", progress_pct: 100 });
} catch (error) {
  // The orchestrator logs how the attempt ended, for every kind of end: it alone sees timeouts and merges.
  const { message } = error as Error;
  note({ error: message });
  process.stderr.write(`${message.replaceAll("\n", " ")}\n`);
  process.exitCode = error instanceof CheckFailed ? error.exitCode : 70;
} finally {
  await logger.shutdown();
}
