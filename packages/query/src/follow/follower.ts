import { readManifest, StorageError } from "@prodigy-events/storage";
import { limits } from "../limits.js";
import type { PlannedSegment, QueryPlan } from "../plan/query-plan.js";
import type { Match } from "../read/match.js";
import type { ReadContext } from "../read/read-context.js";
import type { SourceSegment } from "../source/source-segment.js";
import { chainKeyOf, familyOf, producerKeyOf } from "./chain-key.js";
import type { FollowCursor } from "./follow-cursor.js";
import { FollowedProducers } from "./followed-producers.js";
import type { GapTeller } from "./gap-teller.js";
import { lastNumberBefore } from "./last-number.js";
import { LiveChain } from "./live-chain.js";
import { gapOfFile, MissedRemovals } from "./missed-removals.js";
import { RecentIds } from "./recent-ids.js";
import { type Change, keyOf, reconcile } from "./reconcile.js";
import { keyOfProducer, planResume } from "./resume-plan.js";
import { SegmentTail } from "./segment-tail.js";
import { type StartPosition, startPosition } from "./start-position.js";
import { fileCursor } from "./take-cursor.js";

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
  readonly #gaps: GapTeller;
  readonly #chains = new Map<string, LiveChain>();
  readonly #chainOfFile: LiveChain[] = [];
  /** What may come again of files that others write. */
  readonly #ids = new Map<string, RecentIds>();
  /** Every segment that is there, as it was last seen. */
  #known = new Map<string, SourceSegment>();
  /** Those of them that may still have something to read. */
  readonly #followed = new Map<string, Followed>();
  /** The chains that were there at the start: of their records nobody knows how many are history. */
  readonly #beganBefore = new Set<string>();
  readonly #producers: FollowedProducers;
  #missed: MissedRemovals | undefined;
  /** Until what had come by the time of resuming is read: when the follow that it goes on from saved its cursor. */
  #resumedFromMs: number | undefined;

  constructor(context: ReadContext, gaps: GapTeller) {
    this.#context = context;
    this.#gaps = gaps;
    this.#producers = new FollowedProducers((gap) => gaps.notice(gap));
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
      this.#know(source);
      this.#beganBefore.add(producerKeyOf(source) ?? chainKeyOf(source));
      const position = await this.#growingPosition(source);
      if (!position) continue;
      ends.set(key, position.offset);
      const chain = chainKeyOf(source);
      let last = position.lastSequence ?? lastSequences.get(chain);
      if (last === undefined && position.offset === 0)
        last = await lastNumberBefore(source, found, this.#context);
      lastSequences.set(chain, last);
      for (const id of position.recentIds) this.#idsOf(source).remember(id);
      this.#follow(new SegmentTail(source, position.offset), nextAfter(last));
    }
    for (const chain of this.#chains.values()) chain.commit();
    return ends;
  }

  /** Goes on where an earlier follow was. */
  async resume(cursor: FollowCursor, found: readonly SourceSegment[]): Promise<void> {
    const plan = planResume(cursor, found);
    const { followed, done } = plan;
    this.#producers.resume(cursor.producers);
    for (const producer of cursor.producers) this.#beganBefore.add(keyOfProducer(producer));
    for (const { source, file } of followed) {
      for (const id of file?.recentIds ?? []) this.#idsOf(source).remember(id);
    }
    for (const source of done) this.#know(source);
    for (const { source, offset, file, isRewritten = false } of followed) {
      this.#know(source);
      const fingerprint = file === undefined ? undefined : Buffer.from(file.fingerprint, "base64");
      this.#follow(
        new SegmentTail(source, offset, isRewritten ? undefined : fingerprint),
        this.#firstOf(source),
      );
      if (isRewritten) this.#idsOf(source).restart();
      await this.#producers.expectPart(source, this.#context);
    }
    for (const chain of this.#chains.values()) chain.commit();
    this.#missed = new MissedRemovals(cursor, plan, this.#gaps);
    this.#resumedFromMs = Date.parse(cursor.savedAt);
  }

  /** Takes what a scan has found. */
  async update(found: readonly SourceSegment[]): Promise<void> {
    for (const change of reconcile(this.#known, found)) await this.#apply(change);
    for (const { tail } of this.#followed.values()) await tail.measure(this.#context.fs);
  }

  /** A record was handed out. */
  took(match: Match & { readonly file: number }): void {
    this.#chainOfFile[match.file]?.took(match);
  }

  /** After everything that was read has been handed out: forgets what is finished, and holds not too many descriptors. */
  async settle(): Promise<void> {
    for (const chain of this.#chains.values()) chain.commit();
    for (const [key, { chain, tail }] of this.#followed)
      if (!chain.tails.includes(tail)) this.#followed.delete(key);
    const held = [...this.#followed.values()].filter(({ tail }) => tail.isWithinReach);
    for (const { tail } of held.slice(0, -limits.maxHeldDescriptors)) await tail.letGo(this.#context.fs);
    for (const chain of this.#chains.values()) chain.rewind();
  }

  /** Once what had come by the time of resuming is read: notices what was removed unread before. */
  async settleResumed(directories: readonly string[]): Promise<void> {
    const missed = this.#missed;
    this.#missed = undefined;
    this.#resumedFromMs = undefined;
    await missed?.notice(directories, this.#producers);
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

  /** How far everything that was handed out goes. */
  position(): Pick<FollowCursor, "producers" | "files"> {
    const sources = [...this.#known.values()];
    return {
      producers: this.#producers.cursors((key) => this.#chains.get(key)),
      files: sources
        .filter(({ segment }) => segment.producerId === undefined)
        .map((source) => fileCursor(source, this.#chains.get(chainKeyOf(source)))),
    };
  }

  async close(): Promise<void> {
    for (const chain of this.#chains.values()) await chain.close();
  }

  async #growingPosition(source: SourceSegment): Promise<StartPosition | undefined> {
    const { state, partOf } = source.segment;
    const isGrowing = state === "plain" && partOf === undefined;
    if (!isGrowing || (await this.#context.isClosed(source.segment))) return undefined;
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
      const { source } = change;
      this.#know(source);
      this.#follow(new SegmentTail(source, 0), this.#firstOf(source));
      // What was set aside of a shared file may be back, cut or restored.
      if (source.segment.kind === "shared") this.#idsOf(source).restart();
      return this.#producers.expectPart(source, this.#context);
    }
    const followed = this.#followed.get(change.key);
    this.#known.delete(change.key);
    if (change.kind === "gone") {
      if (followed) await this.#lose(followed, "removed");
      return;
    }
    const key = keyOf(change.source);
    this.#know(change.source);
    if (change.kind === "continued") {
      followed?.tail.found(change.source);
      this.#followed.delete(change.key);
      if (followed) this.#followed.set(key, followed);
    } else {
      if (followed) await this.#lose(followed, "replaced");
      this.#followed.delete(change.key);
      this.#follow(new SegmentTail(change.source, 0), undefined);
      this.#idsOf(change.source).restart();
    }
  }

  /** The number that a chain begins with; `undefined` where nobody knows what was history. */
  #firstOf(source: SourceSegment): number | undefined {
    return this.#beganBefore.has(producerKeyOf(source) ?? chainKeyOf(source)) ? undefined : 0;
  }

  #know(source: SourceSegment): void {
    this.#known.set(keyOf(source), source);
    this.#producers.know(source);
  }

  /** A segment's file is gone: what the descriptor leads to is read, if there is one; else what was unread is a gap. */
  async #lose({ chain, tail }: Followed, reason: "removed" | "replaced"): Promise<void> {
    if (tail.isWithinReach) {
      tail.vanish();
      return;
    }
    // Of a file that others write, nobody knows what came after it was last looked at.
    if (tail.mayHaveMore || reason === "replaced") {
      const { directory, logicalName } = tail.source.segment;
      // A damaged manifest says nothing; the gap has no known end then.
      const manifest = await readManifest(directory, logicalName, this.#context.fs).catch(() => undefined);
      if (chain.progress) chain.progress.removed(tail.source.path, manifest?.lastSequence);
      else this.#gaps.notice(gapOfFile(reason, tail.source.path));
    }
    await chain.finish(tail);
  }

  #idsOf(source: SourceSegment): RecentIds {
    const family = familyOf(source);
    const ids = this.#ids.get(family) ?? new RecentIds({ isShared: source.segment.kind === "shared" });
    this.#ids.set(family, ids);
    return ids;
  }

  /** @param next the number that a producer that is not known yet begins with; `undefined` if nobody can tell */
  #follow(tail: SegmentTail, next: number | undefined): void {
    const { source } = tail;
    const key = chainKeyOf(source);
    let chain = this.#chains.get(key);
    if (!chain) {
      const copies = this.#producers.copiesIn(source, next) ?? this.#idsOf(source);
      chain = new LiveChain(this.#chainOfFile.length, copies, this.#context, (how, path) => {
        // While nobody followed, clean may have set a file aside, and the next one got its name or even its inode.
        this.#gaps.notice(gapOfFile(how, path), this.#resumedFromMs);
      });
      this.#chains.set(key, chain);
      this.#chainOfFile.push(chain);
    }
    chain.add(tail);
    this.#followed.set(keyOf(source), { chain, tail });
  }
}

function nextAfter(last: number | undefined): number | undefined {
  return last === undefined ? undefined : last + 1;
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
