import { beforeAll, describe, expect, it } from "vitest";
import { runProgram } from "./support/program.js";
import { createSampleStore, type SampleStore } from "./support/sample-store.js";

let sample: SampleStore;
beforeAll(async () => {
  sample = await createSampleStore();
});

const run = (...words: string[]) => runProgram(words, { cwd: sample.cwd, store: sample.store });

describe("how to read", () => {
  it.each([
    ["stats", "--group-by", "agent_id"],
    ["ls", "--event-type", "agent_failed"],
    ["search", "agent", "--count"],
    ["export", "--format", "ndjson"],
    ["jobs", "--output-format", "json"],
  ])("is no part of the answer: %s", async (...words) => {
    const plain = await run(...words);
    const explained = await run(...words, "--explain", "--threads", "1", "--no-index");
    expect(explained.stdout).toBe(plain.stdout);
    expect([plain.code, explained.code]).toEqual([0, 0]);
    expect(plain.stderr).toBe("");
    const segments = (await sample.files()).length;
    expect(explained.stderr).toMatch(/^strategy: .*, 1 thread\n/);
    expect(explained.stderr).toMatch(
      new RegExp(`\n${segments} segments · .* read · .* parsed · 0 malformed · `),
    );
  });

  it("takes a number of threads of at least one", async () => {
    const { code, stderr } = await run("stats", "--threads", "0");
    expect(code).toBe(2);
    expect(stderr).toContain("--threads");
  });
});
