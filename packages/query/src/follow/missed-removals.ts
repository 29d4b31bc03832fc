import { join } from "node:path";
import { parseSegmentName } from "@prodigy-events/storage";
import type { FollowCursor, ProducerCursor } from "./follow-cursor.js";
import type { Gap, GapReason } from "./follow-input.js";
import type { GapTeller } from "./gap-teller.js";
import { keyOfProducer, type ResumePlan } from "./resume-plan.js";

/** What is known of the producers' numbers by now, by the keys of the producers. */
export interface KnownNumbers {
  /** The next number of a producer; `undefined` when any may come. */
  expectedOf(key: string): number | undefined;
  /** Numbers up to `last` will not come, and somebody is told. */
  passOver(key: string, producer: ProducerCursor, last: number): void;
}

type MissedPlan = Pick<ResumePlan, "lostSegments" | "lostFiles" | "replacedFiles">;

/** What was removed or replaced while nobody followed, as far as it shows in no number that came later. */
export class MissedRemovals {
  readonly #cursor: FollowCursor;
  readonly #plan: MissedPlan;
  readonly #gaps: GapTeller;
  /** Paths of files of which a gap was told. */
  readonly #told = new Set<string>();

  constructor(cursor: FollowCursor, plan: MissedPlan, gaps: GapTeller) {
    this.#cursor = cursor;
    this.#plan = plan;
    this.#gaps = gaps;
  }

  /**
   * Notices them, once everything is read that is there.
   *
   * @param directories in which something may have been
   */
  async notice(directories: readonly string[], numbers: KnownNumbers): Promise<void> {
    const places = new Set([...directories, ...this.#cursor.producers.map(({ directory }) => directory)]);
    for (const directory of places) await this.#noticeCleaned(directory, numbers);
    for (const { producer, path } of this.#plan.lostSegments) await this.#noticeLost(producer, path, numbers);
    // The log of clean may have told it.
    const { lostFiles, replacedFiles } = this.#plan;
    for (const path of lostFiles) if (!this.#told.has(path)) this.#gaps.notice(gapOfFile("removed", path));
    const savedAtMs = Date.parse(this.#cursor.savedAt);
    for (const path of replacedFiles) this.#gaps.notice(gapOfFile("replaced", path), savedAtMs);
  }

  /** By the log of `clean`: also producers whose whole life went by meanwhile. */
  async #noticeCleaned(directory: string, numbers: KnownNumbers): Promise<void> {
    const { producers, savedAt } = this.#cursor;
    const known = new Set(producers.map(keyOfProducer));
    for (const { segment, at, ranges } of await this.#gaps.removalsIn(directory)) {
      const path = join(directory, segment);
      const name = parseSegmentName(segment);
      if (name?.kind !== "own" && name?.partOf === undefined) {
        // What it held has no numbers of ours: what of it was read, nobody can tell.
        if (Date.parse(at) >= Date.parse(savedAt)) this.#noticeFile(path);
        continue;
      }
      for (const { producerId, first, last } of ranges) {
        const producer = {
          directory,
          producerId,
          newestSegment: segment,
          nextSequence: 0,
          missing: [],
          open: [],
        };
        const key = keyOfProducer(producer);
        const isNew = !known.has(key) && Date.parse(at) >= Date.parse(savedAt);
        const expected = numbers.expectedOf(key) ?? (isNew ? 0 : undefined);
        if (expected === undefined || last < expected) continue;
        const fromSequence = Math.max(first, expected);
        this.#gaps.notice({ reason: "removed", producerId, fromSequence, toSequence: last, path });
        numbers.passOver(key, producer, last);
      }
    }
  }

  #noticeFile(path: string): void {
    if (this.#told.has(path)) return;
    this.#told.add(path);
    this.#gaps.notice(gapOfFile("removed", path));
  }

  /** A segment that was being read, and of which nothing tells what became of it. */
  async #noticeLost(producer: ProducerCursor, path: string, numbers: KnownNumbers): Promise<void> {
    const { producerId, directory, nextSequence } = producer;
    const removals = await this.#gaps.removalsIn(directory);
    if (removals.some(({ segment }) => join(directory, segment) === path)) return;
    const expected = numbers.expectedOf(keyOfProducer(producer));
    if (expected !== undefined && expected > (nextSequence ?? 0)) return; // what came later told it
    const fromSequence = nextSequence ?? 0;
    this.#gaps.notice({ reason: "removed", producerId, fromSequence, toSequence: undefined, path });
  }
}

/** That something of a file without numbers is gone, or may be. */
export function gapOfFile(reason: GapReason, path: string): Gap {
  return { reason, producerId: undefined, fromSequence: undefined, toSequence: undefined, path };
}
