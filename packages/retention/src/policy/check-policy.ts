import { isAbsolute } from "node:path";
import { RetentionError } from "../errors.js";
import { limits } from "../limits.js";
import type { RetentionPolicy } from "./retention-policy.js";

/**
 * Refuses a policy that asks for nothing or for something that cannot be meant.
 *
 * @throws RetentionError `BAD_POLICY`
 */
export function checkPolicy(policy: RetentionPolicy): void {
  const { olderThanMs, maxEvents, maxBytes } = policy;
  if (olderThanMs === undefined && maxEvents === undefined && maxBytes === undefined) {
    throw bad("nothing to do: give at least one of olderThanMs, maxEvents and maxBytes");
  }
  if (olderThanMs !== undefined && !(olderThanMs > 0 && olderThanMs <= limits.maxAgeMs)) {
    throw bad(`olderThanMs must be more than 0 and at most 100 years, and is ${olderThanMs}`);
  }
  checkCount("maxEvents", maxEvents);
  checkCount("maxBytes", maxBytes);
  if (policy.archive !== undefined && !isAbsolute(policy.archive.directory)) {
    throw bad(
      `archive.directory must be an absolute path, and is ${JSON.stringify(policy.archive.directory)}`,
    );
  }
}

function checkCount(name: "maxEvents" | "maxBytes", value: number | undefined): void {
  if (value === undefined || (Number.isSafeInteger(value) && value >= 1)) return;
  throw bad(`${name} must be a whole number of at least 1, and is ${value}`);
}

function bad(message: string): RetentionError {
  return new RetentionError("BAD_POLICY", message);
}
