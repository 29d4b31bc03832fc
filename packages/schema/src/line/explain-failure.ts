import { limits } from "../limits.js";
import { EncodeError } from "./encode-error.js";

/**
 * The EncodeError for a value that could not be encoded, naming the culprit. The value is searched for it, because
 * the engine's own messages are neither stable nor say where. `cause` is what the encoding threw.
 */
export function explainFailure(value: unknown, path: string, cause: unknown): EncodeError {
  try {
    const culprit = findCulprit(value, path, []);
    if (culprit) return culprit;
  } catch {
    // A getter or toJSON that throws here threw during the encoding too, and `cause` says what.
  }
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new EncodeError("UNENCODABLE", `${path} cannot be written as JSON: ${reason}`, { cause });
}

/** Visits in the order of `JSON.stringify`, so that it meets the same culprit first. */
function findCulprit(given: unknown, path: string, ancestors: readonly unknown[]): EncodeError | undefined {
  const value = replacementOf(given);
  if (typeof value === "bigint") {
    return new EncodeError("BIGINT", `${path} is a BigInt, which JSON cannot hold: give text or a number`);
  }
  if (typeof value !== "object" || value === null) return undefined;
  if (ancestors.includes(value)) {
    return new EncodeError(
      "CYCLE",
      `${path} contains itself, which JSON cannot hold: give the parts that matter`,
    );
  }
  if (ancestors.length === limits.maxDepth) {
    return new EncodeError(
      "TOO_DEEP",
      `${path.slice(0, 80)}… is nested deeper than ${limits.maxDepth} levels, which readers refuse: give the parts that matter`,
    );
  }
  const inner = [...ancestors, value];
  for (const [key, child] of Object.entries(value)) {
    const culprit = findCulprit(child, Array.isArray(value) ? `${path}[${key}]` : `${path}.${key}`, inner);
    if (culprit) return culprit;
  }
  return undefined;
}

function replacementOf(value: unknown): unknown {
  const { toJSON } = Object(value ?? {}) as { toJSON?: unknown };
  return typeof toJSON === "function" ? toJSON.call(value, "") : value;
}
