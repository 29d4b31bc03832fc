/**
 * What a user would write instead: readline, JSON.parse, a loop. Usage: readline-peer.js OPERATION FILE…
 * with OPERATION one of `count` (by event type), `failed` (the lines of failed agents), `search` (a regular expression
 * over the error texts) and `copy`.
 */
import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";

const [operation, ...files] = process.argv.slice(2);
const pattern = /error|failed/;
const counts = new Map<string, number>();
let output: string[] = [];

async function emit(line: string): Promise<void> {
  output.push(line);
  if (output.length < 1000) return;
  const text = `${output.join("\n")}\n`;
  output = [];
  if (!process.stdout.write(text)) await new Promise((resolve) => process.stdout.once("drain", resolve));
}

for (const file of files) {
  for await (const line of createInterface({
    input: createReadStream(file),
    crlfDelay: Number.POSITIVE_INFINITY,
  })) {
    const { event } = JSON.parse(line);
    if (operation === "count") counts.set(event.event_type, (counts.get(event.event_type) ?? 0) + 1);
    else if (operation === "failed") {
      if (event.event_type === "agent_failed") await emit(line);
    } else if (operation === "search") {
      if (Object.values(event).some((value) => typeof value === "string" && pattern.test(value)))
        await emit(line);
    } else await emit(line);
  }
}
for (const [type, count] of counts) output.push(`${count} ${type}`);
if (output.length > 0) process.stdout.write(`${output.join("\n")}\n`);
