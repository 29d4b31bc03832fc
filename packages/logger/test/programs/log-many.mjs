// Logs so many events of one agent into the run that the environment names, as an agent's process does.
import { createEventLogger } from "@prodigy-events/logger";

const [agentId, count] = process.argv.slice(2);
const logger = await createEventLogger({ maxSegmentBytes: 65_536, bufferSize: 100 });
const agent = logger.child({ agent_id: agentId });
for (let index = 0; index < Number(count); index += 1) {
  await logger.ready();
  agent.log({ event_type: "agent_progress", step: `step ${index}`, progress_pct: index % 101 });
}
const { written, dropped, unwritten } = await logger.shutdown();
process.stdout.write(JSON.stringify({ producerId: logger.producerId, written, dropped, unwritten }));
