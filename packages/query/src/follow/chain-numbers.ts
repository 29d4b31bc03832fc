import type { EventRecord } from "@prodigy-events/schema";
import { limits } from "../limits.js";
import { ChainCopies } from "../read/copy-filter.js";
import { type NumberRange, unite } from "../verify/ranges.js";
import { firstAccountedFor } from "./producer-progress.js";

/** The least and the greatest number that was met in a segment. */
export interface Stretch extends NumberRange {
  /** The segment's, as it was planned. */
  readonly path: string;
}

/**
 * The copies in one producer's chain, and what tells which of its numbers are missing: where they stand, which of them
 * records say were dropped, and whether they are in order.
 */
export class ChainNumbers extends ChainCopies {
  readonly #stretches = new Map<string, OpenStretch>();
  #current: OpenStretch | undefined;
  #dropped: NumberRange[] = [];
  #isOrdered = true;
  #isThorough = true;

  /** Numbers that records say were dropped. */
  get dropped(): readonly NumberRange[] {
    return this.#dropped;
  }

  /** False when some records were not parsed: then only `sequences` are known. */
  get isThorough(): boolean {
    return this.#isThorough;
  }

  /** False when numbers went up and down within a segment, as only damage makes them; copies aside. */
  get isOrdered(): boolean {
    return this.#isOrdered;
  }

  /** What was met in the segment that was planned under this path. */
  stretchIn(path: string): Stretch | undefined {
    return this.#stretches.get(path);
  }

  override isCopy(record: EventRecord, sequence: number, path: string): boolean {
    if (sequence < 0 || record.metadata.producer_id !== this.producerId) return false;
    const isCopy = super.isKnown(sequence, record);
    const stretch = this.#stretchAt(path, sequence);
    stretch.first = Math.min(stretch.first, sequence);
    stretch.last = Math.max(stretch.last, sequence);
    if (!isCopy && !goesOn(stretch, sequence)) this.#isOrdered = false;
    const first = firstAccountedFor(record, sequence);
    if (first < sequence) this.#drop({ first, last: sequence - 1 });
    return isCopy;
  }

  override isKnown(sequence: number, record: { readonly id: string }): boolean {
    this.#isThorough = false;
    return super.isKnown(sequence, record);
  }

  override addRun(first: number, last: number, firstRecord: { readonly id: string } | undefined): boolean {
    this.#isThorough = false;
    return super.addRun(first, last, firstRecord);
  }

  #stretchAt(path: string, sequence: number): OpenStretch {
    if (this.#current?.path === path) return this.#current;
    const known = this.#stretches.get(path);
    const stretch = known ?? { path, first: sequence, last: sequence, previous: undefined, step: 0 };
    if (!known) this.#stretches.set(path, stretch);
    this.#current = stretch;
    return stretch;
  }

  #drop(range: NumberRange): void {
    this.#dropped.push(range);
    if (this.#dropped.length > limits.maxSequenceRanges) this.#dropped = unite(this.#dropped);
  }
}

interface OpenStretch extends Stretch {
  first: number;
  last: number;
  /** The last number that was no copy. */
  previous: number | undefined;
  /** Whether the numbers go up (1) or down (-1); 0 while nobody can tell. */
  step: number;
}

/** Whether a number lies on that side of the one before it on which the others do. */
function goesOn(stretch: OpenStretch, sequence: number): boolean {
  const { previous, step } = stretch;
  stretch.previous = sequence;
  if (previous === undefined) return true;
  const next = Math.sign(sequence - previous);
  if (step === 0) stretch.step = next;
  return next !== 0 && (step === 0 || next === step);
}
