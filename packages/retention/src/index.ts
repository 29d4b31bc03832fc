export { type ApplyOptions, applyRetention } from "./apply/apply-retention.js";
export type { RetentionReport, SegmentOutcome, SkipReason } from "./apply/retention-report.js";
export { type RestoreOptions, restoreArchive } from "./archive/restore-archive.js";
export type { RestoreOutcome, RestoreReport } from "./archive/restore-report.js";
export type { Encoding } from "./content/encoding.js";
export type { FileIdentity } from "./content/file-identity.js";
export { RetentionError, type RetentionErrorCode } from "./errors.js";
export { type GatherOptions, gatherInventory } from "./inventory/gather-inventory.js";
export type {
  Inventory,
  InventorySegment,
  ProtectionReason,
  SequenceRange,
  Tally,
} from "./inventory/inventory.js";
export type { RecordKeyData } from "./inventory/record-key.js";
export type { RetentionScope } from "./inventory/retention-scope.js";
export { scopeOfStore } from "./inventory/scope-of-store.js";
export { limits } from "./limits.js";
export type { Amount } from "./plan/amount.js";
export { planRetention } from "./plan/plan-retention.js";
export type { KeepReason, PlannedAction, PlannedSegment, RetentionPlan } from "./plan/retention-plan.js";
export { checkPolicy } from "./policy/check-policy.js";
export type { RetentionLimit, RetentionPolicy } from "./policy/retention-policy.js";
