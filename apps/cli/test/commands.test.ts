import { readFile } from "node:fs/promises";
import { beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { runProgram } from "./support/program.js";
import { createSampleStore, type SampleRecord, type SampleStore } from "./support/sample-store.js";

let sample: SampleStore;
let all: SampleRecord[];

beforeAll(async () => {
  sample = await createSampleStore();
  all = await sample.records();
});

const run = (...words: string[]) => runProgram(words, { cwd: sample.cwd, store: sample.store });

describe("search", () => {
  it("is smart about case", async () => {
    const count = async (...words: string[]) => Number((await run("search", ...words, "--count")).stdout);
    expect(await count("TIMEOUT")).toBe(0);
    const timeouts = await count("timeout");
    expect(timeouts).toBeGreaterThan(0);
    expect(await count("timeout", "--case-sensitive")).toBe(timeouts);
    expect(await count("Timeout", "--case-sensitive")).toBe(0);
  });

  it("searches values and not keys, unless --raw", async () => {
    expect((await run("search", "retry_eligible", "--count")).stdout).toBe("0\n");
    expect(Number((await run("search", "retry_eligible", "--raw", "--count")).stdout)).toBeGreaterThan(0);
  });

  it("takes the pattern as plain text with -F", async () => {
    expect((await run("search", "-F", "file-1-0.ts", "--count")).stdout).toBe(
      (await run("search", "file-1-0\\.ts", "--count")).stdout,
    );
    expect((await run("search", "-F", "file.1", "--count")).stdout).toBe("0\n");
  });

  it("says where it found something that the line does not show", async () => {
    const { lines } = await run("search", "c0ffee7", "--limit", "1");
    expect(lines[0]).toContain("  commits.0: c0ffee7");
  });

  it("shows what the same agent did around a match with -C", async () => {
    const { lines, stderr } = await run(
      "search",
      "file-2-5\\.ts",
      "--event-type",
      "agent_*",
      "--job-id",
      "mapreduce-abc456",
      "-C",
      "1",
    );
    expect(stderr).toBe("");
    expect(lines.map((line) => line.replace(/^.*?(agent_\w+).*?(src\/file\S*|$).*$/, "$1 $2"))).toEqual([
      "agent_completed ",
      "agent_started src/file-2-5.ts",
      "agent_failed src/file-2-5.ts",
      "agent_started src/file-2-6.ts",
    ]);
  });

  it("finds the pattern behind --file", async () => {
    const [file] = await sample.files();
    const behind = await run("search", "--count", "--file", file!, "agent");
    expect(behind).toMatchObject({
      code: 0,
      stdout: (await run("search", "agent", "--count", "--file", file!)).stdout,
    });
  });

  it("reads standard input as a file", async () => {
    const [file] = await sample.files();
    const text = await readFile(file!, "utf8");
    const outcome = await runProgram(
      ["ls", "--file", "-", "--output-format", "ndjson"],
      { cwd: sample.cwd },
      text,
    );
    expect(outcome.stdout).toBe(text);
  });

  it("names what was there instead when nothing matches", async () => {
    const { stdout, stderr, code } = await run("search", "no such text");
    expect(stdout).toBe("");
    expect(stderr).toMatch(/^no record matches "no such text" among \d+ records: agent_started \d+, /);
    expect(code).toBe(0);
  });
});

describe("show", () => {
  it("shows one record by the beginning of its id, in every format", async () => {
    const wanted = all.find(({ correlation_id }) => correlation_id === "prodigy-run")!;
    const { stdout, code } = await run("show", "f0000000");
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual({
      ...wanted,
      event: { ...wanted.event, event_type: "agent_started" },
    });
    expect(JSON.parse((await run("show", wanted.id, "--output-format", "ndjson")).stdout)).toEqual(wanted);
    expect(parse((await run("show", wanted.id, "--output-format", "yaml")).stdout)[0].id).toBe(wanted.id);
  });

  it("refuses an id that several records share, and one that none has", async () => {
    expect(await run("show", "f000000")).toMatchObject({ code: 2, stdout: "" });
    const none = await run("show", "zzzz");
    expect(none.code).toBe(1);
    expect(none.stderr).toBe(
      'error: no record has an id that begins with "zzzz"; ls --output-format ndjson shows the ids\n',
    );
  });
});

describe("jobs", () => {
  it("lists every job with what came of it", async () => {
    const documents = JSON.parse((await run("jobs", "--output-format", "json")).stdout);
    expect(new Set(documents.map(({ job_id }: { job_id: string }) => job_id))).toEqual(
      new Set(["mapreduce-abc456", "mapreduce-xyz789", "other-job"]),
    );
    const [job] = documents.filter(({ job_id }: { job_id: string }) => job_id === "mapreduce-abc456");
    expect(job).toMatchObject({
      repo: "sample",
      agents: 3,
      items_completed: 48,
      items_failed: 12,
      records: 120,
      segments: 1,
    });
    const { lines } = await run("jobs", "--job-id", "mapreduce-abc456");
    expect(lines[0]).toMatch(
      /^JOB ID +STATE +STARTED AT +DURATION +AGENTS +ITEMS +DONE +FAILED +DLQ +TOKENS +SIZE$/,
    );
    expect(lines).toHaveLength(2);
  });

  it("says what there is when none has the wanted state", async () => {
    const { stdout, stderr } = await run("jobs", "--state", "paused", "--job-id", "mapreduce-abc456");
    expect(stdout).toBe("");
    expect(stderr).toContain("none of 1 jobs matches");
  });
});

describe("schema", () => {
  it("lists all types with their fields", async () => {
    const { stdout } = await run("schema");
    expect(stdout).toContain("agent_failed");
    expect(stdout).toContain("failure_reason?: ");
    expect(JSON.parse((await run("schema", "--output-format", "json")).stdout)).toHaveLength(33);
  });

  it("prints the JSON Schema of one type, in either spelling, and of all together", async () => {
    expect(JSON.parse((await run("schema", "AgentFailed")).stdout)).toMatchObject({ title: "agent_failed" });
    expect(JSON.parse((await run("schema", "--combined")).stdout)).toHaveProperty("$schema");
  });
});
