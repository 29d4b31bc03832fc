import { once } from "node:events";
import { stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { Worker } from "node:worker_threads";
import { beforeAll, describe, expect, it } from "vitest";
import { programPath, runProgram } from "./support/program.js";
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

  it("has the code of further threads beside the program", async () => {
    const path = (await sample.files())[0]!;
    const { dev, ino } = await stat(path);
    const part = { file: 0, path, dev, ino, reportedPath: path, wantsIndex: false };
    const none = { jobIds: [], agentIds: [], itemIds: [], eventTypes: [], correlationIds: [] };
    const query = {
      ...none,
      severities: [],
      categories: [],
      since: null,
      until: null,
      limit: 0,
      order: "newest",
    };
    const worker = new Worker(join(dirname(programPath), "scan-worker.js"), {
      workerData: {
        units: [[{ ...part, range: { start: 0, end: Number.POSITIVE_INFINITY } }]],
        job: { query, purpose: { kind: "count", groupBy: ["event_type"] }, maxScannedBytes: 100_000 },
        claims: new Int32Array(new SharedArrayBuffer(16)),
      },
    });
    const [message] = await once(worker, "message");
    expect(message).toMatchObject({ unit: 0, answer: [{ isRegular: true, tailBytes: 0 }] });
    expect(message.answer[0].found.groups.length).toBeGreaterThan(0);
    await once(worker, "exit");
  });
});
