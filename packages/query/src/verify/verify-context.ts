import type { FileSystem, Segment } from "@prodigy-events/storage";
import type { Findings } from "./findings.js";

/** What everything that verifies shares. */
export interface VerifyContext {
  readonly fs: FileSystem;
  readonly signal: AbortSignal | undefined;
  readonly deep: boolean;
  readonly findings: Findings;
  /** Whether nobody will append to a segment any more. */
  isClosed(segment: Segment): Promise<boolean>;
  /** Called after every few lines. */
  onProgress(): void;
}
