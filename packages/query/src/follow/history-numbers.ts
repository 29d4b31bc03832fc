import { listSegments, type Segment, StorageError } from "@prodigy-events/storage";
import type { PlannedChain, QueryPlan } from "../plan/query-plan.js";
import type { ChainCopies } from "../read/copy-filter.js";
import type { ReadContext } from "../read/read-context.js";
import type { Direction } from "../read/time-order.js";
import { sourceSegment } from "../source/find-sources.js";
import type { SourceSegment } from "../source/source-segment.js";
import type { NumberRange } from "../verify/ranges.js";
import { certainGaps } from "./certain-gaps.js";
import { chainKeyOf } from "./chain-key.js";
import { ChainNumbers, type Stretch } from "./chain-numbers.js";
import type { GapTeller } from "./gap-teller.js";
import { lastNumberOf } from "./last-number.js";
import { numbersInPart, readNumbers } from "./read-numbers.js";

interface ReadChain {
  readonly numbers: ChainNumbers;
  readonly direction: Direction;
}

/**
 * Watches the numbers of what is read as history, and tells which of them are missing: those that surely no record has,
 * as far as reading went. Where numbers of a producer skip, and only there, it looks at what is in the directory beside
 * what was read.
 */
export class HistoryNumbers {
  readonly #plan: QueryPlan;
  readonly #context: ReadContext;
  readonly #chains = new Map<string, ReadChain>();
  readonly #listings = new Map<string, Promise<readonly Segment[] | undefined>>();

  constructor(plan: QueryPlan, context: ReadContext) {
    this.#plan = plan;
    this.#context = context;
  }

  /** Of a chain that is read once more, because the first attempt did not come to an end, the last reading counts. */
  readonly copiesOf = (source: SourceSegment, direction: Direction): ChainCopies => {
    const numbers = new ChainNumbers(source.segment.producerId!, direction === "backward");
    this.#chains.set(chainKeyOf(source), { numbers, direction });
    return numbers;
  };

  /** Notices what is missing, once history has been read. */
  async notice(gaps: GapTeller): Promise<void> {
    for (const chain of this.#plan.chains) {
      const read = this.#chains.get(chainKeyOf(chain.segments[0]!.source));
      if (!read || read.numbers.sequences.ranges.length <= 1) continue;
      const { sequences, isThorough } = read.numbers;
      // Read forward by columns, it is not known what records say was dropped.
      const numbers = isThorough ? read.numbers : (await readNumbers(chain, this.#context)).numbers;
      const stretches = stretchesOf(chain, numbers);
      // Backward, what stands before the least number of the segment in which reading stopped was not read.
      const from = read.direction === "backward" ? (stretches[0]?.first ?? -1) : -1;
      const inParts = await this.#inParts(chain);
      const unreadUpTo = Math.max(from, await this.#unreadUpTo(chain, numbers), inParts.unreadUpTo);
      const { isOrdered } = numbers;
      const dropped = [...numbers.dropped, ...inParts.ranges];
      const { producerId } = chain;
      // What the first reading has met is there, whatever has become of it since.
      for (const gap of certainGaps({ sequences, dropped, isOrdered }, stretches, unreadUpTo)) {
        const { first: fromSequence, last: toSequence, path } = gap;
        gaps.notice({ reason: "missing", producerId, fromSequence, toSequence, path });
      }
    }
  }

  /**
   * The numbers of lines that clean took out of segments of a chain and that are there again. `unreadUpTo`: up to where
   * there may be more.
   */
  async #inParts({ producerId, segments }: PlannedChain) {
    const ranges: NumberRange[] = [];
    let unreadUpTo = -1;
    for (const segment of (await this.#list(segments[0]!.source.segment.directory)) ?? []) {
      if (segment.partOf?.producerId !== producerId) continue;
      const part = await numbersInPart(sourceSegment(segment, "store"), this.#context);
      ranges.push(...part.ranges);
      if (!part.isWhole) unreadUpTo = Number.POSITIVE_INFINITY;
    }
    return { ranges, unreadUpTo };
  }

  /**
   * The greatest number that may stand in a segment of which no number was read, although there are some of later ones:
   * because reading stopped before it, or because it was not asked for, cannot be read, or came back. -1 if there is no such
   * segment. Each is looked at: one that ends in copies, some of them damaged, can end below the one before it.
   */
  async #unreadUpTo({ producerId, segments }: PlannedChain, numbers: ChainNumbers): Promise<number> {
    const read = segments.filter(({ source }) => numbers.stretchIn(source.path));
    const newest = read.at(-1)?.source.segment;
    if (newest === undefined) return -1;
    const names = new Set(read.map(({ source }) => source.segment.logicalName));
    const listed = await this.#list(newest.directory);
    if (listed === undefined) return Number.POSITIVE_INFINITY;
    let greatest = -1;
    for (const each of listed) {
      // Names of one producer are in the order of their times.
      const isUnread = each.logicalName < newest.logicalName && !names.has(each.logicalName);
      if (each.producerId !== producerId || each.bytes === 0 || !isUnread) continue;
      greatest = Math.max(greatest, (await lastNumberOf(each, this.#context)) ?? Number.POSITIVE_INFINITY);
    }
    return greatest;
  }

  /** The segments in a directory, sorted by name; `undefined` if it cannot be read. */
  #list(directory: string): Promise<readonly Segment[] | undefined> {
    const known = this.#listings.get(directory);
    if (known) return known;
    const listing = listSegments(directory, this.#context.fs).catch((error: unknown) => {
      if (error instanceof StorageError) return undefined;
      throw error;
    });
    this.#listings.set(directory, listing);
    return listing;
  }
}

function stretchesOf({ segments }: PlannedChain, numbers: ChainNumbers): Stretch[] {
  return segments.flatMap(({ source }) => numbers.stretchIn(source.path) ?? []);
}
