import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { temporaryDirectory } from "@prodigy-events/test-kit";
import { expect, it } from "vitest";
import { coreRows } from "../src/core/core-rows.js";
import { crashEverywhere } from "../src/core/failpoints/failpoint-row.js";
import type { FailpointScenario } from "../src/core/failpoints/scenario.js";
import { writingScenario } from "../src/core/failpoints/writing.js";
import { Failures } from "../src/core/failures.js";

const noTotals = () => ({ points: 0, lost: 0, dup: 0, failures: new Failures() });

/** A disk that drops a segment when the process crashes. */
const forgetful: FailpointScenario = {
  name: "forgetful",
  prepare: async (root) => {
    const { run, check } = await writingScenario("flush").prepare(root);
    return {
      run,
      check: async (hasCrashed) => {
        const names = readdirSync(root, { recursive: true, encoding: "utf8" });
        const segment = names.find((name) => /\/events-[^/]*$/.test(name));
        if (segment !== undefined) rmSync(join(root, segment));
        return check(hasCrashed);
      },
    };
  },
};

it("notices what a writer acknowledged and does not have", { timeout: 120_000 }, async () => {
  const totals = noTotals();
  await crashEverywhere(forgetful, (await temporaryDirectory()).path, totals);
  expect(totals.lost).toBeGreaterThan(0);
  expect(totals.failures.lines.join("\n")).toMatch(/R1: .* lost/);
});

it("offers each row once", () => {
  const ids = coreRows.map(({ id }) => id);
  expect(ids).toEqual(["2", "6", "7", "9", "12", "16", "17", "20"]);
});
