// Asks one question of a file and says how many records it gave. Usage: reader.js ORDER (JSON)
import { openStore } from "@prodigy-events/query";
import type { ReaderOrder, ReaderReport } from "./reader-order.js";

const { file, question } = JSON.parse(process.argv[2] ?? "{}") as ReaderOrder;
const store = await openStore({ files: [file] });
let records = 0;
let malformed = 0;
if (question === "stats") {
  const { total, report } = await store.stats({ groupBy: ["job_id", "event_type"] });
  records = total;
  malformed = report.malformed;
} else {
  const stream = question === "all" ? store.query() : store.search("error \\d*7 ");
  for await (const batch of stream.batches()) records += batch.length;
  malformed = stream.report.malformed;
}
const report: ReaderReport = {
  ...{ records, malformed },
  maxRssBytes: process.resourceUsage().maxRSS * 1024,
};
process.stdout.write(`${JSON.stringify(report)}\n`);
