import { describe, expect, it } from "vitest";
import { checkPolicy } from "./check-policy.js";
import type { RetentionPolicy } from "./retention-policy.js";

describe("a policy", () => {
  it.each<RetentionPolicy>([
    { olderThanMs: 1 },
    { olderThanMs: 0.5 },
    { olderThanMs: 100 * 365.25 * 86_400_000 },
    { maxEvents: 1 },
    { maxBytes: 1 },
    { maxBytes: 5, maxEvents: 7, olderThanMs: 9, archive: { directory: "/backup" } },
  ])("is accepted: %o", (policy) => {
    expect(() => checkPolicy(policy)).not.toThrow();
  });

  it.each<[RetentionPolicy, RegExp]>([
    [{}, /at least one of olderThanMs, maxEvents and maxBytes/],
    [{ archive: { directory: "/backup" } }, /at least one of/],
    [{ olderThanMs: 0 }, /olderThanMs .* is 0/],
    [{ olderThanMs: -1 }, /olderThanMs .* is -1/],
    [{ olderThanMs: Number.NaN }, /olderThanMs .* is NaN/],
    [{ olderThanMs: 101 * 365.25 * 86_400_000 }, /at most 100 years/],
    [{ maxEvents: 0 }, /maxEvents .* is 0/],
    [{ maxEvents: 1.5 }, /maxEvents .* is 1.5/],
    [{ maxBytes: 0 }, /maxBytes .* is 0/],
    [{ maxBytes: Number.POSITIVE_INFINITY }, /maxBytes .* is Infinity/],
    [{ maxBytes: 1, archive: { directory: "backup" } }, /absolute path, and is "backup"/],
  ])("is refused: %o", (policy, message) => {
    expect(() => checkPolicy(policy)).toThrow(
      expect.objectContaining({ code: "BAD_POLICY", message: expect.stringMatching(message) }),
    );
  });
});
