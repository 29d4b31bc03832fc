import { decodeLine } from "@prodigy-events/schema";
import { BinaryHeap } from "../merge/binary-heap.js";
import { compareRanks, type Rank } from "../merge/order.js";
import type { PlannedSegment, QueryPlan } from "../plan/query-plan.js";
import type { Entry } from "../read/match.js";
import { FoundLinesPacker } from "./found-lines.js";
import type { Kernel, Rows } from "./kernel.js";
import type { RowPlace } from "./scan.js";
import { type CountedGroups, type FoundLines, foundFields } from "./scan-job.js";
import type { PlanTarget } from "./segment-scan.js";
import { wanted } from "./verdict.js";

/** A wanted record that waits for its place in the order, as the line it is. */
interface Held extends Rank {
  readonly bytes: Buffer;
  readonly start: number;
  readonly end: number;
  readonly planned: PlannedSegment;
}

/** Holds what a scan finds, as bytes: parsed, it would take five times the memory. */
export class Gathered implements PlanTarget {
  readonly purpose = { kind: "gather" } as const;
  readonly needsLines = true;
  readonly totalsColumn = undefined;
  readonly mask: number | undefined;
  readonly #packer: FoundLinesPacker;
  /** What is held of each chain, which stays in its order; and of all other files, which has none. */
  readonly #chains: Held[][] = [];
  readonly #others: Held[] = [];
  /** By the number of a file, which an entry names: where its records are held. */
  readonly #files = new Map<number, { readonly planned: PlannedSegment; readonly held: Held[] }>();
  #heldBytes = 0;

  /** @param needsRecords whether more is asked of records than their columns tell */
  constructor(kernel: Kernel, plan: QueryPlan, needsRecords: boolean) {
    this.#packer = new FoundLinesPacker(kernel);
    this.mask = needsRecords ? undefined : this.#packer.mask;
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

  takeRow(rows: Rows, row: number, place: RowPlace): void {
    this.#packer.takeRow(rows, row, place);
    this.#hold(place.planned.file, this.#packer.take());
  }

  takeRows(rows: Rows, verdicts: Uint8Array, place: RowPlace): void {
    for (let row = 0; row < rows.count; row++) if (verdicts[row] === wanted) this.takeRow(rows, row, place);
  }

  takeEntries(entries: Entry[]): void {
    for (const entry of entries) {
      this.#packer.takeEntries([entry]);
      this.#hold(entry.file, this.#packer.take());
    }
  }

  hasRoomForTotals(totals: number): boolean {
    return totals === 0;
  }

  takeTotals(): void {
    // There are none: of what is wanted, the lines are.
  }

  hasRoomFor(): boolean {
    return true; // whoever scans looks at `heldBytes`
  }

  takeFound(file: number, found: CountedGroups | FoundLines): void {
    if ("bytes" in found) this.#hold(file, found);
  }

  #hold(file: number, { bytes, numbers, producers }: FoundLines): void {
    const { planned, held } = this.#files.get(file)!;
    const lines = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    let start = 0;
    for (let at = 0; at < numbers.length; at += foundFields) {
      const end = numbers[at + 4]!;
      held.push({
        ms: numbers[at]!,
        nanos: numbers[at + 1]!,
        producer: producers[numbers[at + 5]!]!,
        sequence: numbers[at + 2]!,
        file,
        offset: numbers[at + 3]!,
        bytes: lines,
        start,
        end,
        planned,
      });
      start = end;
    }
    this.#heldBytes += lines.length;
  }

  /** What was found, in the order of a merge: the last `limit` of it, or with 0 all, `batchRecords` at a time. */
  *inOrder(limit: number, batchRecords: number): Generator<Entry[], void> {
    const held = mergeLists([...this.#chains, this.#others.sort(compareRanks)]);
    const first = limit === 0 ? 0 : Math.max(0, held.length - limit);
    for (let at = first; at < held.length; at += batchRecords) {
      yield held.slice(at, at + batchRecords).map(parsed);
    }
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

function parsed({ bytes, start, end, planned: { source }, ...rank }: Held): Entry {
  const line = bytes.toString("utf8", start, end);
  const decoded = decodeLine(line);
  if (!decoded.ok) throw new Error(`a line was taken for a record, and is none: ${decoded.message}`);
  const { record } = decoded;
  const { event } = record;
  if (source.jobId !== undefined) event.job_id ??= source.jobId;
  const jobId = typeof event.job_id === "string" ? event.job_id : undefined;
  return { record, line, path: source.path, jobId, repo: source.repo, ...rank };
}
