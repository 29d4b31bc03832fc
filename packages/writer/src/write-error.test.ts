import { inspect } from "node:util";
import { errnoError } from "@prodigy-events/test-kit";
import { describe, expect, it } from "vitest";
import { closedError, notOpenError, toWriteError, WriteError } from "./write-error.js";

describe("a WriteError", () => {
  it("has the code, the place and the cause of what the system refused, and advice", () => {
    const cause = errnoError("EACCES", "open", "/store/x");
    const error = toWriteError(cause, "create", "/store/x");
    expect(error).toMatchObject({ name: "WriteError", code: "EACCES", retryable: true, path: "/store/x" });
    expect(error.cause).toBe(cause);
    expect(error.message).toBe(
      "cannot create /store/x: permission denied (EACCES); check the owner and mode of the file and of every directory above it",
    );
  });

  it("is passed on as it is", () => {
    const error = closedError("segment");
    expect(toWriteError(error, "write", "/store/x")).toBe(error);
  });

  it("shows no cause where there is none", () => {
    expect(inspect(new WriteError("no", { code: "NO", retryable: false }))).not.toContain("[cause]");
  });

  it("tells a writer that is not open yet from one that is closed for good", () => {
    expect(notOpenError("segment")).toMatchObject({ code: "NOT_OPEN", retryable: true });
    expect(notOpenError("segment").message).toBe(
      "the segment writer is not open; await open() before the first batch",
    );
    expect(closedError("segment")).toMatchObject({ code: "WRITER_CLOSED", retryable: false });
    expect(closedError("segment").message).toBe("the segment writer is closed; make a new one");
  });
});
