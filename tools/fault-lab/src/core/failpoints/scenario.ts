import type { FileSystem } from "@prodigy-events/storage";
import type { Violations } from "../read-back.js";

/** Something that may be interrupted at every step. */
export interface FailpointScenario {
  readonly name: string;
  /** Whether several calls are in flight at once. */
  readonly isConcurrent?: boolean;
  /** Sets the stage in an empty store. */
  prepare(root: string): Promise<FailpointStage>;
}

/** What is interrupted, and how what it left is judged. */
export interface FailpointStage {
  run(fs: FileSystem): Promise<unknown>;
  check(hasCrashed: boolean): Promise<Violations>;
}
