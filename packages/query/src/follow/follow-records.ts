import { eventsDirectory } from "@prodigy-events/storage";
import type { Bounds } from "../bounds.js";
import type { Query } from "../filter/query.js";
import { limits } from "../limits.js";
import { Cursor } from "../merge/cursor.js";
import { mergeCursors } from "../merge/merge-cursors.js";
import { compareRanks } from "../merge/order.js";
import { planQuery } from "../plan/plan-query.js";
import type { QueryPlan } from "../plan/query-plan.js";
import type { Entry, Match } from "../read/match.js";
import type { ReadContext } from "../read/read-context.js";
import { unknownBound } from "../run/first-instant.js";
import { runQuery } from "../run/run-query.js";
import type { StoreConfig } from "../source/store-config.js";
import { type FollowCursor, type FollowScope, parseFollowCursor } from "./follow-cursor.js";
import type { FollowOptions } from "./follow-input.js";
import { followScope, requireSameScope } from "./follow-scope.js";
import type { FollowProgress } from "./follow-stream.js";
import { endingAt, Follower } from "./follower.js";
import { GapTeller, isWithin } from "./gap-teller.js";
import { HistoryNumbers } from "./history-numbers.js";
import { SourceWatch } from "./source-watch.js";
import { WakeUp } from "./wake-up.js";

const defaultHistory = 10;
const defaultPollIntervalMs = 250;

/**
 * The newest records, in time order (or none, after a cursor), and then those that come, until the signal aborts or
 * nothing has come for `untilIdleMs`. The records of a producer come in its order and once each; those of several that
 * are found at the same time come in time order.
 */
export class RecordFollower implements FollowProgress {
  readonly #query: Query;
  readonly #config: StoreConfig;
  readonly #context: ReadContext;
  readonly #options: FollowOptions;
  readonly #now: () => number;
  readonly #watch: SourceWatch;
  readonly #gaps: GapTeller;
  readonly #follower: Follower;
  #scope: FollowScope | undefined;
  #isLive = false;

  /** @throws QueryError `CURSOR_DAMAGED` */
  constructor(
    query: Query,
    config: StoreConfig,
    context: ReadContext,
    options: FollowOptions,
    now: () => number,
  ) {
    const { cursor } = options;
    if (cursor !== undefined && cursor !== "beginning") parseFollowCursor(cursor);
    this.#query = query;
    this.#config = config;
    this.#context = context;
    this.#options = options;
    this.#now = now;
    this.#watch = new SourceWatch(config, query.jobIds);
    this.#gaps = new GapTeller(options.onGap ?? (() => {}), config.fs, (directory) =>
      this.#isFollowed(directory),
    );
    this.#follower = new Follower(context, this.#gaps);
  }

  took(match: Match): void {
    if (this.#isLive) this.#follower.took(match as Entry);
  }

  cursor(): FollowCursor | undefined {
    if (!this.#isLive || this.#scope === undefined) return undefined;
    const savedAt = new Date(this.#now()).toISOString();
    return { version: 1, savedAt, scope: this.#scope, ...this.#follower.position() };
  }

  async *records(): AsyncGenerator<Match[], void> {
    const { signal, pollIntervalMs = defaultPollIntervalMs } = this.#options;
    const wakeUp = new WakeUp(pollIntervalMs);
    try {
      yield* this.#history();
      this.#isLive = true;
      yield* this.#live(wakeUp);
    } catch (error) {
      // Aborting is how following ends; everything that fails because of it has ended as it should.
      if (!signal?.aborted) throw error;
    } finally {
      wakeUp.close();
      await this.#follower.close();
    }
  }

  /** @throws QueryError `CURSOR_MISMATCH` */
  async *#history(): AsyncGenerator<Match[], void> {
    const { cursor, history = defaultHistory } = this.#options;
    this.#scope = await followScope(this.#config, this.#query.jobIds);
    if (cursor === "beginning") return;
    if (cursor !== undefined) requireSameScope(cursor.scope, this.#scope);
    const found = await this.#watch.scan();
    if (cursor !== undefined) return this.#follower.resume(cursor, found);
    const ends = await this.#follower.start(found);
    if (history === 0) return;
    const limit = Number.isFinite(history) ? history : 0;
    const plan = planQuery({ ...this.#query, limit, order: "newest" }, found, this.#context.bounds);
    yield* this.#shown(endingAt(plan, ends));
  }

  /** What a plan gives, and then, to `onGap`, what is missing in it. */
  async *#shown(plan: QueryPlan): AsyncGenerator<Match[], void> {
    const numbers = new HistoryNumbers(plan, this.#context);
    yield* runQuery(plan, { ...this.#context, copiesOf: numbers.copiesOf });
    await numbers.notice(this.#gaps);
    await this.#gaps.tell();
  }

  async *#live(wakeUp: WakeUp): AsyncGenerator<Match[], void> {
    const { signal, untilIdleMs } = this.#options;
    const bounds: Bounds = this.#context.bounds;
    let newestAtMs = performance.now();
    let closedCheckedAtMs = newestAtMs;
    while (!signal?.aborted) {
      await this.#follower.update(await this.#watch.scan());
      wakeUp.watch(this.#watch.directories);
      const cursors = this.#follower.readable.map((chain) => new Cursor(chain, unknownBound("forward")));
      for await (const batch of mergeCursors(cursors, compareRanks, { signal, bounds })) {
        await this.#gaps.tell();
        yield batch;
        newestAtMs = performance.now();
      }
      await this.#follower.settle();
      await this.#follower.settleResumed(this.#watch.directories);
      await this.#gaps.tell();
      const nowMs = performance.now();
      if (untilIdleMs !== undefined && nowMs - newestAtMs >= untilIdleMs) return;
      if (nowMs - closedCheckedAtMs >= limits.fullScanIntervalMs) {
        closedCheckedAtMs = nowMs;
        await this.#follower.finishClosed();
      }
      await wakeUp.wait(signal);
    }
  }

  #isFollowed(directory: string): boolean {
    const { root, files } = this.#config;
    if (files.length === 0 && isWithin(directory, eventsDirectory(root))) return true;
    return this.#watch.directories.includes(directory);
  }
}
