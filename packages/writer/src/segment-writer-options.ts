import { type Durability, requireDurability } from "./durability.js";
import { limits } from "./limits.js";

/** Options of a segment writer; see each for its default. */
export interface SegmentWriterOptions {
  /** Size from which a segment is rotated. Default: 100,000,000. */
  readonly maxSegmentBytes?: number | undefined;
  /** Age from which a segment is rotated by the next batch. Default: none. */
  readonly maxSegmentAgeMs?: number | undefined;
  /** Whether rotated segments are compressed. Default: true. */
  readonly compress?: boolean | undefined;
  /** Default: `"fsync"`. */
  readonly durability?: Durability | undefined;
  /** Whether the logger's `flush()` depends on this writer. Default: true. */
  readonly required?: boolean | undefined;
}

/** The options with everything present. */
export interface SegmentWriterSettings {
  readonly maxSegmentBytes: number;
  readonly maxSegmentAgeMs: number | undefined;
  readonly compress: boolean;
  readonly durability: Durability;
  readonly required: boolean;
}

/** Fills in the defaults. Throws a RangeError that names the option and the value. */
export function normalizeSegmentWriterOptions(options: SegmentWriterOptions): SegmentWriterSettings {
  const { maxSegmentBytes = limits.defaultMaxSegmentBytes, maxSegmentAgeMs } = options;
  requirePositive("maxSegmentBytes", maxSegmentBytes);
  if (maxSegmentAgeMs !== undefined) requirePositive("maxSegmentAgeMs", maxSegmentAgeMs);
  return {
    maxSegmentBytes,
    maxSegmentAgeMs,
    compress: options.compress ?? true,
    durability: requireDurability(options.durability ?? "fsync"),
    required: options.required ?? true,
  };
}

function requirePositive(name: string, value: number): void {
  if (Number.isFinite(value) && value > 0) return;
  throw new RangeError(`${name} is ${String(value)}; use a number above 0`);
}
