import { existsSync, openSync } from "node:fs";
import { expect, it } from "vitest";
import { errnoError } from "./errno-error.js";

it("makes the error that Node makes", () => {
  expect(existsSync("/no/such/file")).toBe(false);
  let real: unknown;
  try {
    openSync("/no/such/file", "r");
  } catch (error) {
    real = error;
  }
  const made = errnoError("ENOENT", "openSync", "/no/such/file");
  const { errno, code, syscall, path } = real as NodeJS.ErrnoException;
  expect(made).toMatchObject({ errno, code, syscall, path });
  expect(made.message).toMatch(/^ENOENT: .*, open '\/no\/such\/file'$/);
});

it("has no path where the call had none", () => {
  expect(errnoError("EIO", "fsync", undefined)).not.toHaveProperty("path");
});

it("refuses a name that is no errno", () => {
  expect(() => errnoError("ENOPE", "open", undefined)).toThrow(TypeError);
});
