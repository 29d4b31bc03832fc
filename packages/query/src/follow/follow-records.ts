import { performance } from "node:perf_hooks";
import type { Bounds } from "../bounds.js";
import type { Query } from "../filter/query.js";
import { limits } from "../limits.js";
import { Cursor } from "../merge/cursor.js";
import { mergeCursors } from "../merge/merge-cursors.js";
import { compareRanks } from "../merge/order.js";
import { planQuery } from "../plan/plan-query.js";
import type { Match } from "../read/match.js";
import type { ReadContext } from "../read/read-context.js";
import { unknownBound } from "../run/first-instant.js";
import { runQuery } from "../run/run-query.js";
import type { StoreConfig } from "../source/store-config.js";
import type { FollowOptions } from "./follow-input.js";
import { endingAt, Follower } from "./follower.js";
import { SourceWatch } from "./source-watch.js";
import { WakeUp } from "./wake-up.js";

const defaultHistory = 10;
const defaultPollIntervalMs = 250;

/**
 * The newest records, in time order, and then those that come, until the signal aborts or nothing has come for
 * `untilIdleMs`. The records of a producer come in its order and once each; those of several that are found at the
 * same time come in time order.
 */
export async function* followRecords(
  query: Query,
  config: StoreConfig,
  context: ReadContext,
  options: FollowOptions,
): AsyncGenerator<Match[], void> {
  const { signal } = options;
  const watch = new SourceWatch(config, query.jobIds);
  const follower = new Follower(context, options.onGap ?? (() => {}));
  const wakeUp = new WakeUp(options.pollIntervalMs ?? defaultPollIntervalMs);
  try {
    const found = await watch.scan();
    const ends = await follower.start(found);
    const history = options.history ?? defaultHistory;
    if (history > 0) {
      const limit = Number.isFinite(history) ? history : 0;
      yield* runQuery(
        endingAt(planQuery({ ...query, limit, order: "newest" }, found, context.bounds), ends),
        context,
      );
    }
    yield* liveBatches(follower, watch, wakeUp, context.bounds, options);
  } catch (error) {
    // Aborting is how following ends; everything that fails because of it has ended as it should.
    if (!signal?.aborted) throw error;
  } finally {
    wakeUp.close();
    await follower.close();
  }
}

async function* liveBatches(
  follower: Follower,
  watch: SourceWatch,
  wakeUp: WakeUp,
  bounds: Bounds,
  { signal, untilIdleMs }: FollowOptions,
): AsyncGenerator<Match[], void> {
  let newestAtMs = performance.now();
  let closedCheckedAtMs = newestAtMs;
  while (!signal?.aborted) {
    await follower.update(await watch.scan());
    wakeUp.watch(watch.directories);
    const cursors = follower.readable.map((chain) => new Cursor(chain, unknownBound("forward")));
    for await (const batch of mergeCursors(cursors, compareRanks, { signal, bounds })) {
      yield batch;
      newestAtMs = performance.now();
    }
    await follower.settle();
    const nowMs = performance.now();
    if (untilIdleMs !== undefined && nowMs - newestAtMs >= untilIdleMs) return;
    if (nowMs - closedCheckedAtMs >= limits.fullScanIntervalMs) {
      closedCheckedAtMs = nowMs;
      await follower.finishClosed();
    }
    await wakeUp.wait(signal);
  }
}
