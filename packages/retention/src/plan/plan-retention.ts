import { RetentionError } from "../errors.js";
import type { Inventory, InventorySegment } from "../inventory/inventory.js";
import { checkPolicy } from "../policy/check-policy.js";
import type { RetentionPolicy } from "../policy/retention-policy.js";
import { type Amount, addAmounts, noAmount, subtractAmounts } from "./amount.js";
import { archivePlace } from "./archive-place.js";
import type { KeepReason, PlannedAction, PlannedSegment, RetentionPlan } from "./retention-plan.js";

/**
 * Decides what happens to each segment. Pure: the same inventory gives the same plan, and nothing is read or
 * changed.
 *
 * @param policy and nowMs: those that the inventory was gathered for, because it was measured for these
 *
 * @throws RetentionError `BAD_POLICY`, `INVENTORY_MISMATCH`, `BAD_ARCHIVE_DIRECTORY`, or `NOT_CONSERVED` when the
 *   inventory's counts contradict each other
 */
export function planRetention(inventory: Inventory, policy: RetentionPolicy, nowMs: number): RetentionPlan {
  checkPolicy(policy);
  requireSamePolicy(inventory, policy, nowMs);
  const segments = inventory.segments.map((segment) => planSegment(segment, inventory, policy));
  const { root, jobIds, unknownFiles } = inventory;
  return {
    ...{ version: 1, nowMs, policy },
    ...(root === undefined ? {} : { root }),
    ...(jobIds === undefined ? {} : { jobIds }),
    ...{ segments, unknownFiles },
    totals: {
      segmentsRemoved: countOf(segments, "remove"),
      segmentsRewritten: countOf(segments, "rewrite"),
      before: sumOf(segments, ({ before }) => before),
      kept: sumOf(segments, ({ kept }) => kept),
      removed: sumOf(segments, ({ removed }) => removed),
      storedBytes: segments.reduce((sum, segment) => sum + segment.storedBytes, 0),
      freedBytes: segments.reduce((sum, segment) => sum + segment.freedBytes, 0),
    },
  };
}

function planSegment(
  segment: InventorySegment,
  inventory: Inventory,
  policy: RetentionPolicy,
): PlannedSegment {
  const { action, keepReason } = decide(segment);
  const acts = action === "remove" || action === "rewrite";
  const before = amountOf(segment);
  const removed = removedAmount(segment, action, before);
  const kept = subtractAmounts(before, removed);
  requireConserved(segment, kept);
  const { path, directory, logicalName, repo, jobId, files, encoding, kind, state } = segment;
  const storedBytes = files.reduce((sum, { bytes }) => sum + bytes, 0);
  return {
    ...{ path, directory, logicalName },
    ...(repo === undefined ? {} : { repo }),
    ...(jobId === undefined ? {} : { jobId }),
    action,
    ...(keepReason === undefined ? {} : { keepReason }),
    limits: segment.reachedBy,
    ...{ kind, state, files, encoding },
    setAside: action !== "keep" && kind === "shared" && state === "plain",
    ...{ before, kept, removed },
    removedRanges: acts ? segment.removable!.ranges : [],
    ...(acts && segment.keepFrom !== undefined ? { keepFrom: segment.keepFrom } : {}),
    storedBytes,
    freedBytes: freedBytes(segment, action, storedBytes),
    ...(acts && policy.archive !== undefined
      ? { archiveDirectory: archivePlace(segment, inventory.root, policy.archive.directory) }
      : {}),
  };
}

/** The rule of retention, for one segment. */
function decide(segment: InventorySegment): { action: PlannedAction; keepReason?: KeepReason } {
  const { protection, reachedBy, removable, kind, state, records, malformed, encoding } = segment;
  if (protection === "unreadable" || protection === "states-differ")
    return { action: "keep", keepReason: protection };
  if (reachedBy.length === 0)
    return { action: "keep", keepReason: records === 0 ? "no-records" : "within-policy" };
  if (protection !== undefined) {
    const isBusy = protection === "recently-closed" && kind === "shared" && state === "plain";
    return { action: isBusy ? "set-aside" : "keep", keepReason: protection };
  }
  if (removable === undefined || removable.records === 0)
    return { action: "keep", keepReason: "within-policy" };
  if (removable.records === records && malformed === 0) return { action: "remove" };
  return encoding === "zstd" ? { action: "keep", keepReason: "cannot-rewrite" } : { action: "rewrite" };
}

function amountOf({ records, malformed, bytes }: InventorySegment): Amount {
  return { records, malformed, bytes };
}

function removedAmount({ removable }: InventorySegment, action: PlannedAction, before: Amount): Amount {
  if (action === "remove") return before;
  if (action !== "rewrite" || removable === undefined) return noAmount;
  return { records: removable.records, malformed: 0, bytes: removable.bytes };
}

function freedBytes(
  { encoding, removable, files }: InventorySegment,
  action: PlannedAction,
  stored: number,
): number {
  if (action === "remove") return stored;
  if (action !== "rewrite" || encoding !== "plain" || removable === undefined) return 0;
  return stored - files[0]!.bytes + removable.bytes;
}

function requireSamePolicy(inventory: Inventory, policy: RetentionPolicy, nowMs: number): void {
  const { policy: measured } = inventory;
  const isSame =
    inventory.nowMs === nowMs &&
    measured.olderThanMs === policy.olderThanMs &&
    measured.maxEvents === policy.maxEvents &&
    measured.maxBytes === policy.maxBytes;
  if (isSame) return;
  const message =
    "the inventory was gathered for another policy or another time; gather it anew with the policy and time of the plan";
  throw new RetentionError("INVENTORY_MISMATCH", message);
}

function requireConserved({ path, removable, bytes, records }: InventorySegment, kept: Amount): void {
  if (kept.records >= 0 && kept.malformed >= 0 && kept.bytes >= 0) return;
  const message = `the inventory of ${path} says that ${removable?.records} of ${records} records and ${removable?.bytes} of ${bytes} bytes can go; gather it anew`;
  throw new RetentionError("NOT_CONSERVED", message, { path });
}

function countOf(segments: readonly PlannedSegment[], action: PlannedAction): number {
  return segments.filter((segment) => segment.action === action).length;
}

function sumOf(segments: readonly PlannedSegment[], amount: (segment: PlannedSegment) => Amount): Amount {
  return segments.map(amount).reduce(addAmounts, noAmount);
}
