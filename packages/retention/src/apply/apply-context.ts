import type { Clock, FileSystem } from "@prodigy-events/storage";
import type { Amount } from "../plan/amount.js";
import type { CleanLock } from "./clean-lock.js";
import type { CleanLog } from "./clean-log.js";

/** What all actions on the segments of one directory share. */
export interface ApplyContext {
  fs: FileSystem;
  clock: Clock;
  signal: AbortSignal | undefined;
  /** Only records of these jobs go. */
  jobIds: readonly string[] | undefined;
  lock: CleanLock;
  log: CleanLog;
}

/** What an action that was carried out leaves. */
export interface ActionResult {
  archivePath: string | undefined;
  /** Where what stays is now, when not in its place. */
  keptPath: string | undefined;
  /** What stays, counted anew in what was written. */
  kept: Amount;
  freedBytes: number;
}
