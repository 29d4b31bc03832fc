/** Fields or metadata that go into every record of a logger. Never changed after it was made. */
export type BoundValues = Readonly<Record<string, unknown>>;

export const noValues: BoundValues = Object.freeze({});

/** The five metadata keys that only the logger writes. */
export const reservedMetadataKeys = ["host", "pid", "thread", "producer_id", "sequence"] as const;

/** The part of `values` that can be kept, as it is now, and the names of what cannot. */
export interface Snapshot {
  readonly values: BoundValues;
  readonly unencodable: readonly string[];
}

/**
 * Copies values as JSON will show them, so that nothing the caller does to them later is seen. A value that JSON
 * cannot hold is left out and named, because it must not cost every record that would carry it.
 */
export function snapshotOf(values: Readonly<Record<string, unknown>>): Snapshot {
  const kept: [string, unknown][] = [];
  const unencodable: string[] = [];
  for (const key of Object.keys(values)) {
    try {
      const json: string | undefined = JSON.stringify(values[key]);
      if (json !== undefined) kept.push([key, JSON.parse(json)]);
    } catch {
      // A cycle, a BigInt, a toJSON or getter that throws: told apart by nobody, named to the caller.
      unencodable.push(key);
    }
  }
  return { values: Object.fromEntries(kept), unencodable };
}

/**
 * `values` with the bound ones that it lacks; `event_type` stays first. A field that is there as `undefined`
 * lacks, since JSON does not show it.
 */
export function bindFields(
  event: Readonly<Record<string, unknown>>,
  bound: BoundValues,
): Record<string, unknown> {
  const merged: Record<string, unknown> = { event_type: event.event_type, ...bound, ...event };
  for (const name in bound) {
    if (merged[name] === undefined) merged[name] = bound[name];
  }
  return merged;
}

/** Whether any of the five reserved keys is among the caller's. */
export function reservedKeysIn(metadata: Readonly<Record<string, unknown>>): string[] {
  return reservedMetadataKeys.filter((key) => Object.hasOwn(metadata, key));
}

/** The caller's metadata without the reserved keys. */
export function withoutReservedKeys(metadata: Readonly<Record<string, unknown>>): BoundValues {
  const own = reservedMetadataKeys as readonly string[];
  return Object.fromEntries(Object.entries(metadata).filter(([key]) => !own.includes(key)));
}
