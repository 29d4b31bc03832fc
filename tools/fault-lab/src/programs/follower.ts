// Follows a job until it is told to stop and nothing new comes, and says what it has seen. Usage: follower.js ORDER (JSON)
import { setTimeout as sleep } from "node:timers/promises";
import { type Gap, openStore } from "@prodigy-events/query";
import { JobAudit } from "../evidence/read-job.js";
import type { FollowerReport, FollowOrder } from "./follower-report.js";

/** Once told to stop, it goes on until nothing has come for so long: several scans of the directory. */
const idleMs = 1_500;

const { store, repo, jobId } = JSON.parse(process.argv[2] ?? "{}") as FollowOrder;
const audit = new JobAudit();
const gaps: Gap[] = [];
const stop = new AbortController();
let records = 0;

process.stdin.once("data", async () => {
  for (let seen = -1; seen !== records; await sleep(idleMs)) seen = records;
  stop.abort();
});

const options = {
  signal: stop.signal,
  history: Number.POSITIVE_INFINITY,
  onGap: (gap: Gap) => {
    gaps.push(gap);
  },
};
const stream = (await openStore({ root: store, repo, local: false })).follow({ jobId }, options);
process.stdout.write("following\n");
for await (const batch of stream.batches()) {
  for (const { record } of batch) audit.add(record);
  records += batch.length;
}
process.stdin.pause();

const { byProducer, invented, outOfOrder } = audit.content();
const producers = [...byProducer].map(([producerId, counts]) => ({
  producerId,
  end: counts.end,
  repeated: counts.repeated,
  missing: counts.missingBelow(counts.end),
}));
const report: FollowerReport = { producers, gaps, invented, outOfOrder, records };
process.stdout.write(`${JSON.stringify(report)}\n`);
