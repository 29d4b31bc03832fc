import { readdirSync, utimesSync, writeFileSync } from "node:fs";
import { fakeClock, faultyFileSystem, temporaryDirectory } from "@prodigy-events/test-kit";
import { describe, expect, it } from "vitest";
import { nodeFileSystem } from "./node-file-system.js";
import { removeStaleTemporaries } from "./stale-temporaries.js";
import { finalNameOf, temporaryName } from "./temporary-name.js";

describe("temporaryName", () => {
  it("is hidden, random, and tells what it is for", () => {
    const name = temporaryName("x.jsonl.rotated.gz");
    expect(name).toMatch(/^\.x\.jsonl\.rotated\.gz\.[0-9a-f]{12}\.tmp$/);
    expect(temporaryName("x.jsonl.rotated.gz")).not.toBe(name);
    expect(finalNameOf(name)).toBe("x.jsonl.rotated.gz");
  });

  it.each(["x.tmp", ".x.tmp", ".x.123456.tmp", ".x.0123456789ab", "x.0123456789ab.tmp", ".manifest"])(
    "does not take %s for one",
    (name) => {
      expect(finalNameOf(name)).toBeUndefined();
    },
  );
});

describe("removeStaleTemporaries", () => {
  const nowMs = Date.UTC(2026, 0, 1, 12);
  const hourMs = 3_600_000;

  it("removes temporary files that nobody wrote for an hour, and nothing else", async () => {
    const directory = await temporaryDirectory();
    const [fresh, stale] = [temporaryName("a.jsonl"), temporaryName("b.jsonl")];
    for (const [name, ageMs] of [
      [fresh, hourMs - 1_000],
      [stale, hourMs],
      [".other", 9 * hourMs],
      ["events.jsonl", 9 * hourMs],
    ] as const) {
      writeFileSync(directory.join(name), "");
      utimesSync(directory.join(name), (nowMs - ageMs) / 1_000, (nowMs - ageMs) / 1_000);
    }
    expect(await removeStaleTemporaries(directory.path, nodeFileSystem, fakeClock(nowMs))).toEqual([
      directory.join(stale),
    ]);
    expect(readdirSync(directory.path).sort()).toEqual([fresh, ".other", "events.jsonl"].sort());
  });

  it("finds nothing in a directory that does not exist", async () => {
    const directory = (await temporaryDirectory()).join("missing");
    expect(await removeStaleTemporaries(directory, nodeFileSystem, fakeClock())).toEqual([]);
  });

  it("does not mind that another one was faster, but tells of a refusal", async () => {
    const directory = await temporaryDirectory();
    writeFileSync(directory.join(temporaryName("a")), "");
    const late = fakeClock(Date.now() + 2 * hourMs);
    for (const [error, outcome] of [
      ["ENOENT", []],
      ["EACCES", "EACCES"],
    ] as const) {
      const { fs } = faultyFileSystem(nodeFileSystem, [{ operation: "unlink", error }]);
      const result = removeStaleTemporaries(directory.path, fs, late).catch(
        (failure: { code: string }) => failure.code,
      );
      expect(await result).toEqual(outcome);
    }
  });

  it("says which directory cannot be listed", async () => {
    const directory = await temporaryDirectory();
    const { fs } = faultyFileSystem(nodeFileSystem, [{ operation: "readdir", error: "EACCES" }]);
    await expect(removeStaleTemporaries(directory.path, fs, fakeClock())).rejects.toThrow(
      `cannot list ${directory.path}`,
    );
  });
});
