import { mkdirSync, readdirSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { temporaryDirectory } from "@prodigy-events/test-kit";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeName, encodeName } from "./name-encoding.js";

describe("encodeName", () => {
  it.each(["mapreduce-xyz789", "a", "A.b_c-d", "0", "x".repeat(128)])("leaves %j as it is", (name) => {
    expect(encodeName(name)).toBe(name);
  });

  it.each([
    ["../../../../etc", "%2E%2E%2F%2E%2E%2F%2E%2E%2F%2E%2E%2Fetc"],
    ["/etc", "%2Fetc"],
    ["a/../../b", "a%2F%2E%2E%2F%2E%2E%2Fb"],
    ["a/b.c", "a%2Fb.c"],
    ["..", "%2E%2E"],
    [".", "%2E"],
    ["a..b.c", "a%2E%2Eb%2Ec"],
    ["a\0b", "a%00b"],
    ["-rf", "%2Drf"],
    ["_no-job", "%5Fno-job"],
    [".hidden", "%2Ehidden"],
    ["a\nb", "a%0Ab"],
    ["a b", "a%20b"],
    ["ünï", "%C3%BCn%C3%AF"],
    ["😀", "%F0%9F%98%80"],
    ["%2e%2e%2f", "%252e%252e%252f"],
    ["C:\\x", "C%3A%5Cx"],
    ["x".repeat(129), "x".repeat(129)],
    ["x".repeat(255), "x".repeat(255)],
  ])("turns %j into %j", (name, directory) => {
    expect(encodeName(name)).toBe(directory);
    expect(decodeName(directory)).toBe(name);
  });

  it.each([
    ["the empty name", "", "INVALID_NAME"],
    ["a lone surrogate", "a\ud800", "INVALID_NAME"],
    ["256 characters", "x".repeat(256), "NAME_TOO_LONG"],
    ["300 characters", "x".repeat(300), "NAME_TOO_LONG"],
    ["86 characters of three bytes' code each", "ü".repeat(86), "NAME_TOO_LONG"],
  ])("refuses %s", (_kind, name, code) => {
    expect(() => encodeName(name)).toThrow(expect.objectContaining({ name: "StorageError", code }));
  });
});

const anyName = fc.oneof(
  fc.string({ unit: "binary", minLength: 1, maxLength: 40 }),
  fc.string({ unit: fc.constantFrom(".", "/", "%", "2", "E", "-", "a", "\0"), minLength: 1, maxLength: 20 }),
);

describe("encodeName and decodeName", () => {
  it("give back every name that can be encoded", () => {
    fc.assert(
      fc.property(anyName, (name) => decodeName(encodeName(name)) === name),
      { numRuns: 1_000 },
    );
  });

  it("never leave the parent directory and never name a hidden one", () => {
    fc.assert(
      fc.property(anyName, (name) => {
        const directory = encodeName(name);
        expect(dirname(resolve("/store/repo", directory))).toBe("/store/repo");
        expect(directory).toMatch(/^[A-Za-z0-9%][A-Za-z0-9._%-]*$/);
      }),
      { numRuns: 1_000 },
    );
  });

  it("never give two names one directory", () => {
    fc.assert(
      fc.property(anyName, anyName, (a, b) => a === b || encodeName(a) !== encodeName(b)),
      { numRuns: 1_000 },
    );
  });

  it("take any directory that the file system can have", () => {
    fc.assert(
      fc.property(anyName, (directory) => {
        const name = decodeName(directory);
        expect(name === directory || encodeName(name) === directory).toBe(true);
      }),
      { numRuns: 1_000 },
    );
  });

  it.each(["a%2", "a%zz", "%2e%2e", "%41", "100%", "%C3", "%ED%A0%80", "..%2F", "x%2Fü"])(
    "leave the foreign directory name %j alone",
    (directory) => {
      expect(decodeName(directory)).toBe(directory);
    },
  );

  it("give names that the file system takes", async () => {
    const { path, join } = await temporaryDirectory();
    const names = ["a/b", "a\0b", "..", "x".repeat(255), "ünï", "-rf", "a\nb"];
    for (const name of names) mkdirSync(join(encodeName(name)));
    expect(readdirSync(path).map(decodeName).sort()).toEqual([...names].sort());
  });
});
