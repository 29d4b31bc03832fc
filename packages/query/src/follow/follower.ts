import { readManifest, StorageError } from "@prodigy-events/storage";
import { limits } from "../limits.js";
import type { PlannedSegment, QueryPlan } from "../plan/query-plan.js";
import type { ReadContext } from "../read/read-context.js";
import type { SourceSegment } from "../source/source-segment.js";
import type { Gap } from "./follow-input.js";
import { LiveChain } from "./live-chain.js";
import { ProducerProgress } from "./producer-progress.js";
import { RecentIds } from "./recent-ids.js";
import { type Change, keyOf, reconcile } from "./reconcile.js";
import { SegmentTail } from "./segment-tail.js";
import { type StartPosition, startPosition } from "./start-position.js";

interface Followed {
  readonly chain: LiveChain;
  readonly tail: SegmentTail;
}

/**
 * Everything that is followed: the chains with their segments, and which of those have been read to their end. Applies
 * to them what each scan finds.
 */
export class Follower {
  readonly #context: ReadContext;
  readonly #onGap: (gap: Gap) => void;
  readonly #chains = new Map<string, LiveChain>();
  /** Every segment that is there, as it was last seen. */
  #known = new Map<string, SourceSegment>();
  /** Those of them that may still have something to read. */
  readonly #followed = new Map<string, Followed>();
  /** The chains that were there at the start: of their records nobody knows how many are history. */
  readonly #beganBefore = new Set<string>();
  #files = 0;

  constructor(context: ReadContext, onGap: (gap: Gap) => void) {
    this.#context = context;
    this.#onGap = onGap;
  }

  /** The chains in which reading may give something. */
  get readable(): readonly LiveChain[] {
    return [...this.#chains.values()].filter((chain) => chain.mayHaveMore);
  }

  /**
   * Takes what is there at the start: all of it is history. Returns where history ends in the segments that may still
   * grow, by key.
   */
  async start(found: readonly SourceSegment[]): Promise<ReadonlyMap<string, number>> {
    const ends = new Map<string, number>();
    const lastSequences = new Map<string, number | undefined>();
    for (const source of found) {
      const key = keyOf(source);
      this.#known.set(key, source);
      this.#beganBefore.add(chainKeyOf(source));
      const position = await this.#growingPosition(source);
      if (!position) continue;
      ends.set(key, position.offset);
      const chain = chainKeyOf(source);
      lastSequences.set(chain, position.lastSequence ?? lastSequences.get(chain));
      this.#follow(source, position.offset, lastSequences.get(chain), position.recentIds);
    }
    return ends;
  }

  /** Takes what a scan has found. */
  async update(found: readonly SourceSegment[]): Promise<void> {
    for (const change of reconcile(this.#known, found)) await this.#apply(change);
    for (const { tail } of this.#followed.values()) await tail.measure(this.#context.fs);
  }

  /** After reading: forgets what is finished, and keeps no more descriptors than allowed. */
  async settle(): Promise<void> {
    for (const [key, { chain, tail }] of this.#followed)
      if (!chain.tails.includes(tail)) this.#followed.delete(key);
    const held = [...this.#followed.values()].filter(({ tail }) => tail.isWithinReach);
    for (const { tail } of held.slice(0, -limits.maxHeldDescriptors)) await tail.letGo(this.#context.fs);
    for (const chain of this.#chains.values()) chain.rewind();
  }

  /** Stops following segments that nobody will append to, which takes a look at each and is done once in a while. */
  async finishClosed(): Promise<void> {
    const { isClosed, fs } = this.#context;
    for (const { chain, tail } of this.#followed.values()) {
      if (tail.mayHaveMore || !(await isClosed(tail.source.segment))) continue;
      // It may have grown before it was closed, and after it was measured.
      await tail.measure(fs);
      if (!tail.mayHaveMore) await chain.finish(tail);
    }
    await this.settle();
  }

  async close(): Promise<void> {
    for (const chain of this.#chains.values()) await chain.close();
  }

  async #growingPosition(source: SourceSegment): Promise<StartPosition | undefined> {
    if (source.segment.state !== "plain" || (await this.#context.isClosed(source.segment))) return undefined;
    try {
      return await startPosition(source, this.#context);
    } catch (error) {
      // Compressed whatever its name says, or just renamed or removed: history reads it, or reports it.
      if (error instanceof StorageError) return undefined;
      throw error;
    }
  }

  async #apply(change: Change): Promise<void> {
    if (change.kind === "new") {
      this.#known.set(keyOf(change.source), change.source);
      this.#follow(change.source, 0, this.#beganBefore.has(chainKeyOf(change.source)) ? undefined : -1);
      return;
    }
    const followed = this.#followed.get(change.key);
    this.#known.delete(change.key);
    if (change.kind === "gone") {
      if (followed) await this.#lose(followed);
      return;
    }
    const key = keyOf(change.source);
    this.#known.set(key, change.source);
    if (change.kind === "continued") {
      followed?.tail.found(change.source);
      this.#followed.delete(change.key);
      if (followed) this.#followed.set(key, followed);
    } else {
      if (followed) await this.#lose(followed);
      this.#followed.delete(change.key);
      this.#follow(change.source, 0, undefined);
      this.#chains.get(chainKeyOf(change.source))?.restart();
    }
  }

  /** A segment's file is gone: what the descriptor leads to is read, if there is one; else what was unread is a gap. */
  async #lose({ chain, tail }: Followed): Promise<void> {
    if (tail.isWithinReach) {
      tail.vanish();
      return;
    }
    if (tail.mayHaveMore) {
      const { directory, logicalName } = tail.source.segment;
      // A damaged manifest says nothing; the gap has no known end then.
      const manifest = await readManifest(directory, logicalName, this.#context.fs).catch(() => undefined);
      chain.progress?.removed(tail.source.path, manifest?.lastSequence);
    }
    await chain.finish(tail);
  }

  #follow(
    source: SourceSegment,
    offset: number,
    seenUpTo: number | undefined,
    recentIds: readonly string[] = [],
  ): void {
    const key = chainKeyOf(source);
    let chain = this.#chains.get(key);
    if (!chain) {
      const { producerId } = source.segment;
      const copies =
        producerId === undefined
          ? new RecentIds(recentIds)
          : new ProducerProgress(producerId, seenUpTo, this.#onGap);
      chain = new LiveChain(this.#files++, copies, this.#context);
      this.#chains.set(key, chain);
    }
    const tail = new SegmentTail(source, offset);
    chain.add(tail);
    this.#followed.set(keyOf(source), { chain, tail });
  }
}

/** The history part of a plan: growing segments end where following begins. */
export function endingAt(plan: QueryPlan, ends: ReadonlyMap<string, number>): QueryPlan {
  const cut = (planned: PlannedSegment): PlannedSegment => ({
    ...planned,
    endOffset: ends.get(keyOf(planned.source)),
  });
  return {
    ...plan,
    chains: plan.chains.map((chain) => ({ ...chain, segments: chain.segments.map(cut) })),
    files: plan.files.map(cut),
  };
}

function chainKeyOf(source: SourceSegment): string {
  const { producerId, directory } = source.segment;
  return producerId === undefined ? keyOf(source) : `${producerId}/${directory}`;
}
