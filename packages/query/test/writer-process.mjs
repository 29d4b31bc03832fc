// A process that logs: node writer-process.mjs <directory> <producer id> <records> <records per segment>
// It appends whole batches, now and then half a line first, rotates, and compresses what it has rotated.
import { appendFile, mkdir, rename, unlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { encodeRecord } from "@prodigy-events/schema";
import { compressSegment, formatSegmentName } from "@prodigy-events/storage";

const [directory, producerId, total, perSegment] = [
  process.argv[2],
  process.argv[3],
  +process.argv[4],
  +process.argv[5],
];
await mkdir(directory, { recursive: true });
let createdAtMs = Date.now();
let path = await nextSegment();
const compressing = [];

for (let sequence = 0; sequence < total; ) {
  const count = Math.min(1 + (sequence % 7), total - sequence);
  const lines = Array.from({ length: count }, (_, at) => line(sequence + at)).join("");
  sequence += count;
  const split = sequence % 5 === 0 ? lines.length - 20 : 0;
  if (split > 0) await appendFile(path, lines.slice(0, split));
  if (split > 0) await sleep(3);
  await appendFile(path, lines.slice(split));
  if (sequence % perSegment < count) await rotate();
  if (sequence % 50 < count) await sleep(5);
}
await Promise.all(compressing);

function line(sequence) {
  return encodeRecord({
    id: `${producerId}-${sequence}`,
    timestamp: new Date().toISOString(),
    correlation_id: "run",
    event: {
      event_type: "agent_progress",
      job_id: "job",
      agent_id: producerId,
      step: `${sequence}`,
      progress_pct: 1,
    },
    metadata: { host: "h", pid: process.pid, thread: "main", producer_id: producerId, sequence },
  });
}

async function nextSegment() {
  createdAtMs = Math.max(Date.now(), createdAtMs + 1);
  const next = join(directory, formatSegmentName(createdAtMs, producerId));
  await writeFile(next, "", { flag: "wx" });
  return next;
}

async function rotate() {
  const closed = path;
  path = await nextSegment();
  await rename(closed, `${closed}.rotated`);
  compressing.push(compress(`${closed}.rotated`));
}

async function compress(rotated) {
  await sleep(Math.random() * 30);
  await compressSegment(rotated, `${rotated}.gz`, { memberBytes: 2_000 });
  await unlink(rotated);
}
