/**
 * When a batch counts as written. `"fsync"`: on the disk, it survives a power cut. `"flush"`: handed to the
 * kernel, it survives the end of the process.
 */
export type Durability = "fsync" | "flush";

/** Throws a RangeError unless the value is one of the two words. */
export function requireDurability(value: Durability): Durability {
  if (value === "fsync" || value === "flush") return value;
  throw new RangeError(`durability is ${JSON.stringify(value)}; use "fsync" or "flush"`);
}
