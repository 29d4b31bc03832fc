import { decodeLine, type EventRecord, normalizeEventType } from "@prodigy-events/schema";
import type { Line } from "@prodigy-events/storage";
import type { PlannedSegment } from "../plan/query-plan.js";
import { InstantReader } from "../time/instant-reader.js";
import type { CopyFilter } from "./copy-filter.js";
import { reportMalformedLine } from "./line-problems.js";
import type { Entry } from "./match.js";
import type { ReadContext } from "./read-context.js";
import { type Direction, TimeOrder } from "./time-order.js";

/**
 * Turns lines into the entries that are wanted, and counts everything else. One decoder reads one chain (or one
 * file): it remembers what time it has met, and its filter which records.
 */
export class LineDecoder {
  readonly #context: ReadContext;
  /** Knows copies, where there can be some. */
  readonly #copies: CopyFilter | undefined;
  readonly #instant = new InstantReader();
  /** What it knows of the times of a chain. */
  readonly order: TimeOrder;

  constructor(context: ReadContext, copies?: CopyFilter, direction: Direction = "forward") {
    this.#context = context;
    this.#copies = copies;
    this.order = new TimeOrder(context.report, direction);
  }

  /** The wanted entries among `lines`, in their order. */
  decode(planned: PlannedSegment, lines: readonly Line[]): Entry[] {
    const { chunkLimit } = this.#context;
    return chunkLimit ? chunkLimit(() => this.#decode(planned, lines)) : this.#decode(planned, lines);
  }

  /** In two loops, each of which is small enough for the compiler to make one piece of. */
  #decode(planned: PlannedSegment, lines: readonly Line[]): Entry[] {
    return this.#select(planned, lines, this.#parse(planned, lines));
  }

  /** The record of each line; `undefined` for those that are none, which are reported. */
  #parse({ source }: PlannedSegment, lines: readonly Line[]): (EventRecord | undefined)[] {
    const { report } = this.#context;
    const records: (EventRecord | undefined)[] = [];
    report.parsedLines += lines.length;
    for (const line of lines) {
      const decoded = decodeLine(line.text);
      report.linesRead++;
      report.bytesRead += line.length + 1;
      records.push(decoded.ok ? decoded.record : undefined);
      if (decoded.ok) report.records++;
      else reportMalformedLine(decoded.reason, decoded.message, line, source.path, this.#context);
    }
    return records;
  }

  /** The entries of those records that are no copies and that are wanted. */
  #select(
    { source, file }: PlannedSegment,
    lines: readonly Line[],
    records: readonly (EventRecord | undefined)[],
  ): Entry[] {
    const { report, accepts } = this.#context;
    const instant = this.#instant;
    const entries: Entry[] = [];
    for (let at = 0; at < records.length; at++) {
      const record = records[at];
      const line = lines[at]!;
      if (!record) continue;
      const { event } = record;
      const { producer_id: producerId, sequence } = record.metadata;
      const number = Number.isSafeInteger(sequence) ? (sequence as number) : -1;
      instant.read(record.timestamp);
      if (this.#copies) {
        if (this.#copies.isCopy(record, number, source.path)) {
          report.duplicates++;
          continue;
        }
        if (this.#copies.isOneProducer) this.order.add(instant.ms, instant.nanos);
      }
      if (source.jobId !== undefined) event.job_id ??= source.jobId;
      if (!accepts(record, instant, line.text)) {
        report.exclude(normalizeEventType(event.event_type));
        continue;
      }
      report.matched++;
      entries.push({
        record,
        line: line.text,
        path: source.path,
        offset: line.offset,
        jobId: typeof event.job_id === "string" ? event.job_id : undefined,
        repo: source.repo,
        ms: instant.ms,
        nanos: instant.nanos,
        producer: typeof producerId === "string" ? producerId : "",
        sequence: number,
        file,
      });
    }
    return entries;
  }
}
