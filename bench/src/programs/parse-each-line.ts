/**
 * What a user would write instead, and what our answers are held against: JSON.parse of each line.
 * Usage: parse-each-line.js QUESTION FILE… with QUESTION `count` (records by event type) or `search` (how many records
 * have `error|failed` in any of their texts, in whatever case).
 */
import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";

const [question, ...files] = process.argv.slice(2);
const pattern = /error|failed/i;
const counts = new Map<string, number>();
let matching = 0;

for (const file of files) {
  const input = createReadStream(file, { highWaterMark: 1 << 20 });
  for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
    const record = JSON.parse(line);
    if (question === "search") matching += hasMatch(record) ? 1 : 0;
    else {
      const type = record.event.event_type;
      counts.set(type, (counts.get(type) ?? 0) + 1);
    }
  }
}
if (question === "search") process.stdout.write(`${matching}\n`);
else process.stdout.write([...counts].map(([type, count]) => `${type},${count}\n`).join(""));

/** Whether a text matches, at whatever depth; keys are no texts. */
function hasMatch(value: unknown): boolean {
  if (typeof value === "string") return pattern.test(value);
  if (typeof value !== "object" || value === null) return false;
  return Object.values(value).some(hasMatch);
}
