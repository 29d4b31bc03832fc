import type { FailureReason } from "../payloads/agent.js";
import { isObject } from "../validation/checks.js";
import { pascalCase } from "./spelling.js";

/** A failure reason with what Prodigy's tagged form says beside its name. */
export interface ParsedFailureReason {
  reason: FailureReason;
  exitCode?: number;
  /** The command that should have made a commit. */
  command?: string;
}

/**
 * Reads a failure reason as we write it (`"timeout"`) or as Prodigy's serde does: `"Timeout"`,
 * `{"CommandFailed":{"exit_code":1}}`, `{"CommitValidationFailed":{"command":"…"}}`. Undefined if it is neither.
 */
export function parseFailureReason(value: unknown): ParsedFailureReason | undefined {
  const [name, details] = untag(value);
  const reason = reasons.get(name);
  if (!reason) return undefined;
  const { exit_code: exitCode, command } = isObject(details) ? details : {};
  return {
    reason,
    ...(typeof exitCode === "number" ? { exitCode } : {}),
    ...(typeof command === "string" ? { command } : {}),
  };
}

/** An externally tagged enum value of serde: the variant's name alone, or an object with it as the only key. */
export function untag(value: unknown): [name: unknown, content: unknown] {
  if (!isObject(value)) return [value, undefined];
  const entries = Object.entries(value);
  return entries.length === 1 && entries[0] ? entries[0] : [undefined, undefined];
}

const ourNames: readonly FailureReason[] = [
  "timeout",
  "command_failed",
  "commit_validation_failed",
  "merge_conflict",
  "worktree_error",
  "unknown",
];

const reasons: ReadonlyMap<unknown, FailureReason> = new Map(
  ourNames.flatMap((name) => [
    [name, name],
    [pascalCase(name), name],
  ]),
);
