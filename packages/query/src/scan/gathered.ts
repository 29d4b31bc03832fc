import { decodeLine } from "@prodigy-events/schema";
import { BinaryHeap } from "../merge/binary-heap.js";
import { compareRanks, type Rank } from "../merge/order.js";
import type { PlannedSegment, QueryPlan } from "../plan/query-plan.js";
import type { Entry } from "../read/match.js";
import { column, type Kernel, type Rows } from "./kernel.js";
import { maskOf } from "./row-filter.js";
import type { RowPlace, ScanTarget } from "./scan.js";

/** A wanted record that waits for its place in the order, as the line it is. */
interface Held extends Rank {
  readonly line: string;
  readonly planned: PlannedSegment;
}

/** Holds what a scan finds, as text: parsed, it would take five times the memory. */
export class Gathered implements ScanTarget {
  readonly mask: number | undefined;
  readonly #kernel: Kernel;
  readonly #producers: (string | undefined)[] = [""];
  /** What is held of each chain, which stays in its order; and of all other files, which has none. */
  readonly #chains: Held[][] = [];
  readonly #others: Held[] = [];
  /** By the number of a file, which an entry names: the file, and where its records are held. */
  readonly #files = new Map<number, { readonly planned: PlannedSegment; readonly held: Held[] }>();
  #heldBytes = 0;

  /** @param needsRecords whether more is asked of records than their columns tell */
  constructor(kernel: Kernel, plan: QueryPlan, needsRecords: boolean) {
    this.#kernel = kernel;
    this.mask = needsRecords ? undefined : maskOf([column.producer]);
    for (const { segments } of plan.chains) {
      const held: Held[] = [];
      this.#chains.push(held);
      for (const planned of segments) this.#files.set(planned.file, { planned, held });
    }
    for (const planned of plan.files) this.#files.set(planned.file, { planned, held: this.#others });
  }

  /** Bytes of the lines held. */
  get heldBytes(): number {
    return this.#heldBytes;
  }

  takeRow(rows: Rows, row: number, { planned, block, encoding }: RowPlace): void {
    const start = rows.starts[row]!;
    this.#hold({
      ms: rows.ms[row]!,
      nanos: rows.nanos[row]!,
      producer: this.#producer(rows.codes[column.producer]![row]!),
      sequence: rows.sequences[row]!,
      file: planned.file,
      offset: block.offset + start,
      line: block.bytes.toString(encoding, start, rows.ends[row]!),
      planned,
    });
  }

  takeEntries(entries: Entry[]): void {
    for (const { ms, nanos, producer, sequence, file, offset, line } of entries) {
      const { planned } = this.#files.get(file)!;
      this.#hold({ ms, nanos, producer, sequence, file, offset, line, planned });
    }
  }

  /** What was found, in the order of a merge: the last `limit` of it, or with 0 all, `batchRecords` at a time. */
  *inOrder(limit: number, batchRecords: number): Generator<Entry[], void> {
    const held = mergeLists([...this.#chains, this.#others.sort(compareRanks)]);
    const first = limit === 0 ? 0 : Math.max(0, held.length - limit);
    for (let at = first; at < held.length; at += batchRecords) {
      yield held.slice(at, at + batchRecords).map(parsed);
    }
  }

  #hold(held: Held): void {
    this.#files.get(held.file)!.held.push(held);
    this.#heldBytes += held.line.length;
  }

  #producer(code: number): string {
    this.#producers[code] ??= this.#kernel.text(column.producer, code);
    return this.#producers[code]!;
  }
}

/** Merges lists; one that goes back in time stays as it is, as in `mergeCursors`. */
function mergeLists(lists: readonly (readonly Held[])[]): Held[] {
  const heap = new BinaryHeap<{ readonly list: readonly Held[]; at: number }>((a, b) =>
    compareRanks(a.list[a.at]!, b.list[b.at]!),
  );
  for (const list of lists) if (list.length > 0) heap.push({ list, at: 0 });
  const merged: Held[] = [];
  for (let top = heap.top; top; top = heap.top) {
    merged.push(top.list[top.at++]!);
    if (top.at < top.list.length) heap.topChanged();
    else heap.pop();
  }
  return merged;
}

function parsed({ line, planned: { source }, ...rank }: Held): Entry {
  const decoded = decodeLine(line);
  if (!decoded.ok) throw new Error(`a line was taken for a record, and is none: ${decoded.message}`);
  const { record } = decoded;
  const { event } = record;
  if (source.jobId !== undefined) event.job_id ??= source.jobId;
  const jobId = typeof event.job_id === "string" ? event.job_id : undefined;
  return { record, line, path: source.path, jobId, repo: source.repo, ...rank };
}
