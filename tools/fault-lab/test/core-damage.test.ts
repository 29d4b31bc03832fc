import { describe, expect, it } from "vitest";
import { damageRow } from "../src/core/damage/damage-row.js";
import { detectByStorage } from "../src/core/damage/detect.js";
import { damageFixture } from "../src/core/damage/fixture.js";
import { judgeDamage } from "../src/core/damage/judge.js";

describe("the damage row", () => {
  it("says so when the detection overlooks damage", { timeout: 60_000 }, async () => {
    const results = await damageRow({ detect: async () => false, quickBudgetMs: 200 }).run({
      mode: "quick",
      seed: 1,
      directory: "/nowhere",
      log: () => undefined,
    });
    for (const { failures } of [results].flat()) expect(failures.join()).toContain("nobody notices");
  });
});

describe.each(["segment", "gz", "manifest"] as const)("damage to the %s", (name) => {
  it("is none at first", async () => {
    const fixture = await damageFixture(name);
    const fs = fixture.damaged(fixture.bytes);
    expect(await detectByStorage(fixture, fs)).toBe(false);
    const damage = { title: "none", bytes: fixture.bytes, start: 0, end: 0 };
    for (const question of ["all", "newest", "stats", "search"] as const) {
      expect(await judgeDamage(fixture, damage, fs, question)).toEqual({ lost: 0, dup: 0, texts: [] });
    }
  });

  it("counts as lost what is missing outside of the damage", async () => {
    const fixture = await damageFixture(name);
    const fs = fixture.damaged(Buffer.alloc(0));
    const damage = { title: "none", bytes: Buffer.alloc(0), start: 0, end: 0 };
    const { lost } = await judgeDamage(fixture, damage, fs, "all");
    expect(lost).toBe(name === "manifest" ? 0 : fixture.lines.length);
  });
});
