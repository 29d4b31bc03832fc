// Logs the texts given, prints how many, and ends as told, without shutting the logger down: all that is written is
// written by the end of the process.
import { createEventLogger } from "@prodigy-events/logger";

const [store, how, texts] = process.argv.slice(2);
const logger = await createEventLogger({ store, repo: "repo", jobId: "job" });
for (const text of JSON.parse(texts)) {
  logger.log(
    { event_type: "claude_message", agent_id: "a", content: text, message_type: "user" },
    { metadata: { text } },
  );
}
process.stdout.write(`${logger.stats().logged}\n`);
if (how === "process.exit") process.exit(3);
if (how === "throw") throw new Error("thrown on purpose");
