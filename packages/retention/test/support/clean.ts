import { fakeClock } from "@prodigy-events/test-kit";
import {
  type ApplyOptions,
  applyRetention,
  type GatherOptions,
  gatherInventory,
  type PlannedSegment,
  planRetention,
  type RetentionPlan,
  type RetentionPolicy,
  type RetentionReport,
  scopeOfStore,
} from "../../src/index.js";
import { nowMs, quickFileSystem, type TestStore } from "./test-store.js";

/** What `ls` would have been given. */
export interface CleanScope {
  files?: string[];
  local?: boolean;
  jobIds?: readonly string[];
}

/** Plans a clean at `nowMs`. */
export async function planClean(
  store: TestStore,
  policy: RetentionPolicy,
  { jobIds, ...scope }: CleanScope = {},
  options: GatherOptions = {},
): Promise<RetentionPlan> {
  const inventory = await gatherInventory(await scopeOfStore(await store.open(scope), jobIds), policy, {
    nowMs,
    ...options,
  });
  return planRetention(inventory, policy, nowMs);
}

/** Carries out a plan as a program does that got it as JSON. */
export function applyPlan(plan: RetentionPlan, options: ApplyOptions = {}): Promise<RetentionReport> {
  const copy = JSON.parse(JSON.stringify(plan)) as RetentionPlan;
  return applyRetention(copy, { clock: fakeClock(nowMs), fs: quickFileSystem, ...options });
}

/** The plan for one file, by the beginning of its name. */
export function plannedFor(plan: RetentionPlan, name: string): PlannedSegment {
  const found = plan.segments.filter(({ path }) => path.slice(path.lastIndexOf("/") + 1).startsWith(name));
  if (found.length !== 1) throw new Error(`${found.length} segments have a name that begins with ${name}`);
  return found[0]!;
}
