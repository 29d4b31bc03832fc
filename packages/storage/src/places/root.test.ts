import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { resolveRoot } from "./root.js";

const home = "/home/ada";

describe("resolveRoot", () => {
  it.each([
    ["the option before all", { root: "/a", env: { PRODIGY_HOME: "/b" } }, "/a"],
    ["a relative option in the working directory", { root: "x", env: {} }, resolve("x")],
    ["PRODIGY_HOME before the home directory", { env: { PRODIGY_HOME: "/b/../c/" } }, "/c"],
    ["an empty PRODIGY_HOME as absent", { env: { PRODIGY_HOME: "" } }, "/home/ada/.prodigy"],
    ["an empty option as absent", { root: "", env: {} }, "/home/ada/.prodigy"],
    ["the home directory otherwise", { env: {} }, "/home/ada/.prodigy"],
  ])("takes %s", (_kind, options, expected) => {
    expect(resolveRoot({ home, ...options })).toBe(expected);
  });

  it("looks at this process when nothing is given", () => {
    expect(resolveRoot()).toMatch(/^\//);
  });

  it.each([
    ["a relative PRODIGY_HOME", { env: { PRODIGY_HOME: "store" }, home }],
    ["PRODIGY_HOME=;id", { env: { PRODIGY_HOME: ";id" }, home }],
    ["a PRODIGY_HOME that begins with a tilde", { env: { PRODIGY_HOME: "~/x" }, home }],
    ["a path with a NUL", { root: "/a\0b", env: {}, home }],
    ["no home directory", { env: {}, home: "" }],
  ])("refuses %s", (_kind, options) => {
    expect(() => resolveRoot(options)).toThrow(expect.objectContaining({ code: "INVALID_ROOT" }));
  });
});
