import { QueryError } from "@prodigy-events/query";
import { RetentionError } from "@prodigy-events/retention";
import { StorageError } from "@prodigy-events/storage";
import { describe, expect, it } from "vitest";
import { CommandError } from "../errors/command-error.js";
import { UsageError } from "../errors/usage-error.js";
import { describeFailure } from "./describe-failure.js";

describe("describeFailure", () => {
  it.each([
    [new UsageError("no"), 2],
    [new CommandError("X", "no"), 1],
    [new CommandError("X", "no", { exitCode: 3 }), 3],
    [new QueryError("BAD_TIME", "no"), 2],
    [new QueryError("AMBIGUOUS_ID", "no"), 2],
    [new QueryError("NOT_FOUND", "no"), 1],
    [new QueryError("PATTERN_TIMEOUT", "no"), 1],
    [new QueryError("MALFORMED", "no"), 3],
    [new RetentionError("BAD_ARCHIVE_DIRECTORY", "no"), 2],
    [new RetentionError("LOCKED", "no"), 1],
    [new StorageError("ENOSPC", "no"), 1],
  ])("ends with the code that fits %o", (error, exitCode) => {
    expect(describeFailure(error)).toEqual({ message: "no", exitCode });
  });

  it("keeps a message to one line", () => {
    expect(describeFailure(new UsageError("a\n  b\n")).message).toBe("a b");
  });

  it("says of a mistake of ours that it is one", () => {
    expect(describeFailure(new TypeError("x is not a function"))).toEqual({
      message: "unexpected: x is not a function; run it again with --debug and report what it shows",
      exitCode: 1,
    });
  });
});
