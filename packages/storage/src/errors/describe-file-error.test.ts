import { mkdirSync, openSync, symlinkSync, writeFileSync } from "node:fs";
import { constants } from "node:os";
import { temporaryDirectory } from "@prodigy-events/test-kit";
import { describe, expect, it } from "vitest";
import { describeFileError, errnoOf } from "./describe-file-error.js";
import { StorageError } from "./storage-error.js";

function errorOf(action: () => unknown): unknown {
  try {
    action();
  } catch (error) {
    return error;
  }
  throw new Error("it did not fail");
}

/** What Node throws for an error number that libuv does not know. */
function unnamed(errno: number): Error {
  const code = `Unknown system error -${errno}`;
  return Object.assign(new Error(`${code}, write`), { code, errno: -errno });
}

describe("describeFileError", () => {
  it("says what was attempted, where, why it failed and what to do, on one line", async () => {
    const path = (await temporaryDirectory()).join("missing");
    const cause = errorOf(() => openSync(path, "r"));
    const error = describeFileError(cause, "open", path);
    expect(error.message).toBe(
      `cannot open ${path}: it does not exist (ENOENT); check the path; it may have been removed or renamed meanwhile`,
    );
    expect(error).toMatchObject({ name: "StorageError", code: "ENOENT", path, cause });
  });

  it("knows what the system throws for a file in place of a directory, a directory and a loop of links", async () => {
    const directory = await temporaryDirectory();
    writeFileSync(directory.join("file"), "");
    mkdirSync(directory.join("directory"));
    symlinkSync("loop", directory.join("loop"));
    const attempts = [directory.join("file", "below"), directory.join("directory"), directory.join("loop")];
    const codes = attempts.map(
      (path) =>
        describeFileError(
          errorOf(() => openSync(path, "r+")),
          "open",
          path,
        ).code,
    );
    expect(codes).toEqual(["ENOTDIR", "EISDIR", "ELOOP"]);
  });

  it.each([
    "EACCES",
    "EPERM",
    "EROFS",
    "ENOENT",
    "ENOTDIR",
    "ENOSPC",
    "EDQUOT",
    "EMFILE",
    "ELOOP",
    "EISDIR",
    "EIO",
    "EFBIG",
  ])("has advice of its own for %s", (code) => {
    const error = describeFileError(Object.assign(new Error(code), { code }), "write", "/store/x");
    expect(error.message).toMatch(new RegExp(`^cannot write /store/x: .+ \\(${code}\\); .+`));
    expect(error.message).not.toContain("see errno(3)");
  });

  it.each(["EDQUOT", "ESTALE"] as const)("names %s, for which Node has no name", (name) => {
    const cause = unnamed(constants.errno[name]);
    const error = describeFileError(cause, "write", "/store/x");
    expect(error).toMatchObject({ code: name, cause });
    expect(error.message).not.toContain("see errno(3)");
  });

  it("names an errno it has no advice for", () => {
    const error = describeFileError(Object.assign(new Error("x"), { code: "ENODEV" }), "open", "/x");
    expect(error).toMatchObject({ code: "ENODEV", message: expect.stringContaining("ENODEV") });
  });

  it.each([
    ["an error without errno", new Error("out of tea"), "out of tea"],
    ["something that is no error", "a text", "a text"],
  ])("keeps %s as the cause", (_kind, cause, reason) => {
    const error = describeFileError(cause, "read", "/x");
    expect(error).toMatchObject({ code: "UNKNOWN", message: `cannot read /x: ${reason}`, cause });
  });

  it("leaves a StorageError as it is", () => {
    const error = new StorageError("INVALID_NAME", "no");
    expect(describeFileError(error, "read", "/x")).toBe(error);
  });
});

describe("errnoOf", () => {
  it.each([
    ["a system error", Object.assign(new Error("x"), { code: "EIO" }), "EIO"],
    ["a StorageError that wraps one", new StorageError("ENOSPC", "x"), "ENOSPC"],
    ["one that Node has no name for", unnamed(constants.errno.EDQUOT), "EDQUOT"],
    ["one that nobody has a name for", unnamed(4_000), undefined],
    ["a StorageError with a code of ours", new StorageError("INVALID_NAME", "x"), undefined],
    ["an error with a numeric code", Object.assign(new Error("x"), { code: 5 }), undefined],
    ["an error without code", new Error("EIO"), undefined],
    ["no error", { code: "EIO" }, undefined],
  ])("of %s", (_kind, value, expected) => {
    expect(errnoOf(value)).toBe(expected);
  });
});
