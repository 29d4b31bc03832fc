// Logs a Claude Code session: a transcript, or the output of `claude -p --output-format stream-json`.
//   node dist/main.js FILE --agent-id agent-1 --job-id mapreduce-xyz789
//   claude -p "…" --output-format stream-json --verbose | node dist/main.js - --agent-id agent-1
// Started by an orchestrator with logger.childEnv(), it needs no job id: it is in the environment.

import { createReadStream } from "node:fs";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { createEventLogger } from "@prodigy-events/logger";
import type { ClaudeEvent } from "./claude-event.js";
import { splitLines } from "./lines.js";
import { TranscriptReader } from "./transcript-reader.js";

/** As many malformed lines are named; of more, only the number is said. */
const shownLines = 10;

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: { "agent-id": { type: "string", default: "claude" }, "job-id": { type: "string" } },
});
const [file] = positionals;

if (file === undefined || positionals.length > 1) {
  process.stderr.write("usage: main.js FILE|- [--agent-id ID] [--job-id ID]\n");
  process.exitCode = 2;
} else {
  try {
    await logTranscript(file);
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n`);
    process.exitCode = 1;
  }
}

async function logTranscript(source: string): Promise<void> {
  const location = source === "-" ? undefined : resolve(source);
  const reader = new TranscriptReader({
    agentId: options["agent-id"],
    ...(location !== undefined && { location }),
  });
  const jobId = options["job-id"];
  const logger = await createEventLogger({
    ...(jobId !== undefined && { jobId }),
    handleSignals: true,
    onError: (problem) => process.stderr.write(`events: ${problem.message}\n`),
  });
  const counts = new Map<string, number>();
  const log = async (events: ClaudeEvent[]) => {
    for (const event of events) {
      // A long transcript is read faster than it is written; waiting here is what keeps memory bounded.
      if (!logger.canAccept) await logger.ready();
      // The record is dated now; where the event comes from stays findable in its metadata.
      logger.log(event, { metadata: { transcript_line: reader.report.lines } });
      counts.set(event.event_type, (counts.get(event.event_type) ?? 0) + 1);
    }
  };
  try {
    const input = location === undefined ? process.stdin : createReadStream(location);
    for await (const line of splitLines(input)) await log(reader.read(line));
    await log(reader.end());
  } finally {
    const { unwritten, dropped } = await logger.shutdown();
    if (unwritten + dropped > 0) {
      process.stderr.write(`events: ${unwritten} not written, ${dropped} dropped\n`);
      process.exitCode = 1;
    }
  }

  const { lines, malformedLines, notLogged, repeats } = reader.report;
  say(`${lines} lines read; events in ${logger.directory}`);
  for (const [type, count] of counts) say(`  ${count} ${type}`);
  for (const [type, count] of notLogged) say(`  not logged: ${count} ${type}`);
  if (repeats > 0) say(`  repeated, counted once: ${repeats}`);
  if (malformedLines.length > 0) {
    const more = malformedLines.length > shownLines ? ", …" : "";
    say(
      `  malformed: ${malformedLines.length}, line ${malformedLines.slice(0, shownLines).join(", ")}${more}`,
    );
  }
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
