import type { ReadContext } from "../read/read-context.js";
import type { SourceSegment } from "../source/source-segment.js";
import { producerKeyOf } from "./chain-key.js";
import type { FollowCursor, ProducerCursor } from "./follow-cursor.js";
import type { Gap } from "./follow-input.js";
import type { LiveChain } from "./live-chain.js";
import type { KnownNumbers } from "./missed-removals.js";
import { PartCopies } from "./part-copies.js";
import { ProducerProgress } from "./producer-progress.js";
import { numbersInPart } from "./read-numbers.js";
import { keyOfProducer } from "./resume-plan.js";
import { producerCursor } from "./take-cursor.js";

/** The producers whose segments are followed, by their keys: how far their numbers have come, in whichever file they stand. */
export class FollowedProducers implements KnownNumbers {
  readonly #onGap: (gap: Gap) => void;
  /** The newest segment of each, also of those that have none any more. */
  readonly #newest = new Map<string, ProducerCursor>();
  readonly #progress = new Map<string, ProducerProgress>();

  constructor(onGap: (gap: Gap) => void) {
    this.#onGap = onGap;
  }

  /** Goes on where an earlier follow was. */
  resume(producers: readonly ProducerCursor[]): void {
    for (const producer of producers) this.#newest.set(keyOfProducer(producer), producer);
  }

  /** A segment is there. */
  know({ segment }: SourceSegment): void {
    const { producerId, directory, logicalName } = segment;
    if (producerId === undefined) return;
    const key = `${producerId}/${directory}`;
    const producer = this.#newest.get(key);
    // Names of one producer are in the order of their times.
    if (producer !== undefined && producer.newestSegment >= logicalName) return;
    this.#newest.set(key, {
      ...(producer ?? { directory, producerId, nextSequence: null, missing: [], open: [] }),
      newestSegment: logicalName,
    });
  }

  /**
   * What knows the copies in a segment; `undefined` for one without numbers.
   *
   * @param next the number that a producer that is not known yet begins with; `undefined` if nobody can tell
   */
  copiesIn(source: SourceSegment, next: number | undefined): ProducerProgress | PartCopies | undefined {
    const key = producerKeyOf(source);
    const { producerId, partOf } = source.segment;
    if (key === undefined) return undefined;
    const progress = this.#progress.get(key) ?? this.#begin(key, producerId ?? partOf!.producerId, next);
    return partOf === undefined ? progress : new PartCopies(progress);
  }

  /** What stands in a part of a producer's segment is not missing in the others, which may be read first. */
  async expectPart(source: SourceSegment, context: ReadContext): Promise<void> {
    const { ranges } = await numbersInPart(source, context);
    this.#progress.get(producerKeyOf(source) ?? "")?.expectInPart(ranges);
  }

  expectedOf(key: string): number | undefined {
    const progress = this.#progress.get(key);
    return progress ? progress.expected : (this.#newest.get(key)?.nextSequence ?? undefined);
  }

  passOver(key: string, producer: ProducerCursor, last: number): void {
    const progress = this.#progress.get(key);
    if (progress) progress.passOver(last);
    else this.#newest.set(key, { ...producer, ...this.#newest.get(key), nextSequence: last + 1 });
  }

  /** How far they were taken. */
  cursors(chainOf: (key: string) => LiveChain | undefined): FollowCursor["producers"] {
    return [...this.#newest].map(([key, producer]) =>
      producerCursor(producer, this.#progress.get(key), chainOf(key)),
    );
  }

  #begin(key: string, producerId: string, next: number | undefined): ProducerProgress {
    const saved = this.#newest.get(key);
    const isResumed = saved !== undefined && (saved.nextSequence !== null || saved.open.length > 0);
    const from = isResumed ? (saved.nextSequence ?? undefined) : next;
    const missing = isResumed ? saved.missing : [];
    const progress = new ProducerProgress(producerId, from, this.#onGap, missing);
    this.#progress.set(key, progress);
    return progress;
  }
}
