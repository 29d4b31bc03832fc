import { existsSync } from "node:fs";
import { join } from "node:path";
import { openStore, type QueryReport } from "@prodigy-events/query";
import type { EventRecord } from "@prodigy-events/schema";
import { archiveDirectory } from "@prodigy-events/storage";
import { stepOf } from "../programs/writer-order.js";
import { SequenceCounts } from "./sequence-counts.js";

/** What the real query package reads of one job. */
export interface JobContent {
  readonly byProducer: ReadonlyMap<string, SequenceCounts>;
  /** Records that no writer of ours has logged like this: damaged, or made up. */
  readonly invented: number;
  /** Records of a producer that came after one with a higher number. */
  readonly outOfOrder: number;
  /** Events that `events_dropped` records say were dropped, by producer. */
  readonly toldDropped: ReadonlyMap<string, number>;
  readonly report: QueryReport;
}

/** Reads a whole job back. */
export async function readJob(store: string, repo: string, jobId: string): Promise<JobContent> {
  const stream = (await openStore({ root: store, repo, local: false })).query({ jobId });
  const audit = new JobAudit();
  for await (const batch of stream.batches()) for (const { record } of batch) audit.add(record);
  return { ...audit.content(), report: stream.report };
}

/** Reads what is left of a job together with what clean has archived of it. */
export async function readLiveAndArchive(
  store: string,
  repo: string,
  jobId: string,
  archive = join(archiveDirectory(store), repo, jobId),
): Promise<JobContent> {
  const audit = new JobAudit();
  const live = (await openStore({ root: store, repo, local: false })).query({ jobId });
  for await (const batch of live.batches()) for (const { record } of batch) audit.add(record);
  const isArchived = existsSync(archive);
  const archived = isArchived ? (await openStore({ files: [archive] })).query() : undefined;
  for await (const batch of archived?.batches() ?? []) for (const { record } of batch) audit.add(record);
  const of = (count: (report: QueryReport) => number): number =>
    count(live.report) + (archived === undefined ? 0 : count(archived.report));
  const report = {
    ...live.report,
    malformed: of(({ malformed }) => malformed),
    unreadable: of(({ unreadable }) => unreadable),
    pending: of(({ pending }) => pending),
    torn: of(({ torn }) => torn),
    records: of(({ records }) => records),
    duplicates: of(({ duplicates }) => duplicates),
  };
  return { ...audit.content(), report };
}

/** Counts records as they are read. */
export class JobAudit {
  readonly #byProducer = new Map<string, SequenceCounts>();
  readonly #toldDropped = new Map<string, number>();
  #invented = 0;
  #outOfOrder = 0;

  add({ event, metadata }: EventRecord): void {
    const { producer_id: producerId, sequence } = metadata;
    if (producerId === undefined || sequence === undefined) {
      this.#invented += 1;
      return;
    }
    if (event.event_type === "events_dropped") {
      this.#toldDropped.set(producerId, (this.#toldDropped.get(producerId) ?? 0) + Number(event.count));
      return;
    }
    if (event.step !== stepOf(sequence)) this.#invented += 1;
    const counts = this.#byProducer.get(producerId) ?? new SequenceCounts();
    this.#byProducer.set(producerId, counts);
    if (sequence < counts.end) this.#outOfOrder += 1;
    counts.add(sequence);
  }

  content(): Omit<JobContent, "report"> {
    return {
      byProducer: this.#byProducer,
      invented: this.#invented,
      outOfOrder: this.#outOfOrder,
      toldDropped: this.#toldDropped,
    };
  }
}
