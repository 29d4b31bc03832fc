import type { SourceSegment } from "../source/source-segment.js";
import { type ProducerNumbers, producerOf, sequenceOf } from "./producer-numbers.js";
import type { RecordLine } from "./read-through.js";

/** Where a record stands that is not the segment's producer's. */
export interface ForeignRecord {
  /** `""` when the record names no producer, or has no number. */
  readonly producerId: string;
  readonly offset: number;
  readonly line: number;
}

/** Whose the records of one segment are, and which numbers they have. */
export class SegmentRecords {
  readonly #source: SourceSegment;
  readonly #numbers: ProducerNumbers;
  firstSequence: number | undefined;
  lastSequence: number | undefined;
  foreignCount = 0;
  firstForeign: ForeignRecord | undefined;

  /** @param numbers takes the numbers, of all segments that belong together */
  constructor(source: SourceSegment, numbers: ProducerNumbers) {
    this.#source = source;
    this.#numbers = numbers;
  }

  /**
   * Takes a record; `copy` if it was met before. `stray`: it stands in the segment of another producer, where it does
   * not belong, so that its number says nothing. Files of others may hold a selection, so theirs say nothing either,
   * except those of what clean took out of a producer's segment.
   */
  take({ record, offset, line }: RecordLine): "new" | "copy" | "stray" {
    const owner = ownerOf(this.#source);
    if (owner === undefined && this.#source.segment.kind === "foreign") return "new";
    const sequence = sequenceOf(record);
    const producerId = producerOf(record);
    if (owner !== undefined && (producerId !== owner || sequence < 0)) {
      this.foreignCount++;
      this.firstForeign ??= { producerId: producerId === owner ? "" : producerId, offset, line: line() };
      return "stray";
    }
    if (producerId === "" || sequence < 0) return "new";
    this.firstSequence ??= sequence;
    this.lastSequence = sequence;
    return this.#numbers.add(record, producerId, sequence) ? "new" : "copy";
  }
}

/** Whose records alone belong in a segment; `undefined` where anybody's do. */
export function ownerOf({ segment: { producerId, partOf } }: SourceSegment): string | undefined {
  return producerId ?? partOf?.producerId;
}
