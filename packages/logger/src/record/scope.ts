import { limits } from "../limits.js";
import type { ProblemReporter } from "../problems.js";
import type { Redactor } from "../redact/redactor.js";
import {
  type BoundValues,
  noValues,
  reservedKeysIn,
  snapshotOf,
  withoutReservedKeys,
} from "./bound-values.js";

/** What a logger or child puts into its records by itself. */
export interface Scope {
  readonly fields: BoundValues;
  /** Without the reserved keys. */
  readonly metadata: BoundValues;
  readonly correlationId: string | undefined;
}

/** What a child adds to its parent's scope. */
export interface ScopeAdditions {
  readonly fields?: Readonly<Record<string, unknown>> | undefined;
  readonly metadata?: Readonly<Record<string, unknown>> | undefined;
  readonly correlationId?: string | undefined;
}

/** The scope of a root logger before anything is bound. */
export const emptyScope: Scope = { fields: noValues, metadata: noValues, correlationId: undefined };

/** Makes scopes, and tells of what callers cannot bind. */
export class ScopeFactory {
  readonly #problems: ProblemReporter;
  readonly #redactor: Redactor | undefined;
  #reservedKeys = 0;
  #unencodableValues = 0;
  #surplusKeys = 0;

  constructor(problems: ProblemReporter, redactor: Redactor | undefined) {
    this.#problems = problems;
    this.#redactor = redactor;
  }

  /** Metadata keys of callers that were ignored because only the logger writes them. */
  get reservedKeys(): number {
    return this.#reservedKeys;
  }

  /** Values of bound fields and metadata that were left out because JSON cannot hold them. */
  get unencodableValues(): number {
    return this.#unencodableValues;
  }

  /** The parent's scope with the additions, as they are now, without their secrets. */
  extend(parent: Scope, { fields, metadata, correlationId }: ScopeAdditions): Scope {
    return {
      fields: fields === undefined ? parent.fields : { ...parent.fields, ...this.#kept(fields, "event") },
      metadata:
        metadata === undefined
          ? parent.metadata
          : { ...parent.metadata, ...this.#kept(this.own(metadata), "metadata") },
      correlationId: correlationId ?? parent.correlationId,
    };
  }

  /** The caller's metadata without the keys that are the logger's, and without those beyond the limit. */
  own(metadata: Readonly<Record<string, unknown>>): BoundValues {
    const reserved = reservedKeysIn(metadata);
    if (reserved.length === 0) return this.#few(metadata);
    const isFirst = this.#reservedKeys === 0;
    this.#reservedKeys += reserved.length;
    if (isFirst) {
      const message = `the metadata keys ${reserved.join(", ")} are the logger's and were ignored; use other names`;
      this.#problems.report("RESERVED_METADATA", message, { severity: "warning" });
    }
    return this.#few(withoutReservedKeys(metadata));
  }

  #few(metadata: Readonly<Record<string, unknown>>): BoundValues {
    const keys = Object.keys(metadata);
    if (keys.length <= limits.maxMetadataKeys) return metadata;
    const isFirst = this.#surplusKeys === 0;
    this.#surplusKeys += keys.length - limits.maxMetadataKeys;
    if (isFirst) {
      const message = `metadata with ${keys.length} keys: the first ${limits.maxMetadataKeys} were taken; put the rest into the event, or into one value`;
      this.#problems.report("METADATA_TRUNCATED", message, { severity: "warning" });
    }
    return Object.fromEntries(keys.slice(0, limits.maxMetadataKeys).map((key) => [key, metadata[key]]));
  }

  /** The caller's own metadata that JSON can hold, as it is now. */
  encodable(metadata: Readonly<Record<string, unknown>>): BoundValues {
    return this.#snapshot(this.own(metadata));
  }

  #kept(values: Readonly<Record<string, unknown>>, part: "event" | "metadata"): BoundValues {
    const snapshot = this.#snapshot(values);
    return this.#redactor === undefined ? snapshot : this.#redactor.values(snapshot, part);
  }

  #snapshot(values: Readonly<Record<string, unknown>>): BoundValues {
    const snapshot = snapshotOf(values);
    const names = snapshot.unencodable;
    if (names.length > 0) {
      this.#unencodableValues += names.length;
      const message = `the values of ${names.join(", ")} cannot be written as JSON and were left out`;
      this.#problems.report("UNENCODABLE_VALUES", message, { severity: "error" });
    }
    return snapshot.values;
  }
}
