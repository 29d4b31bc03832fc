import { describe, expect, it } from "vitest";
import { parseFailureReason } from "./failure-reason.js";

describe("parseFailureReason", () => {
  it.each([
    ["timeout", { reason: "timeout" }],
    ["Timeout", { reason: "timeout" }],
    ["MergeConflict", { reason: "merge_conflict" }],
    ["WorktreeError", { reason: "worktree_error" }],
    ["Unknown", { reason: "unknown" }],
    ["command_failed", { reason: "command_failed" }],
    [{ CommandFailed: { exit_code: -9 } }, { reason: "command_failed", exitCode: -9 }],
    [{ command_failed: { exit_code: 1 } }, { reason: "command_failed", exitCode: 1 }],
    [{ CommandFailed: { exit_code: "1" } }, { reason: "command_failed" }],
    [
      { CommitValidationFailed: { command: "make" } },
      { reason: "commit_validation_failed", command: "make" },
    ],
    [{ Timeout: null }, { reason: "timeout" }],
  ])("reads %j", (value, parsed) => {
    expect(parseFailureReason(value)).toEqual(parsed);
  });

  it.each([
    [undefined],
    [null],
    [1],
    ["TIMEOUT"],
    [""],
    [["Timeout"]],
    [{}],
    [{ Timeout: null, Unknown: null }],
    [{ Other: {} }],
  ])("does not know %j", (value) => {
    expect(parseFailureReason(value)).toBeUndefined();
  });
});
