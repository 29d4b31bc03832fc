import { appendFile, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { createEventLogger } from "@prodigy-events/logger";
import { temporaryDirectory } from "@prodigy-events/test-kit";
import { describe, expect, it } from "vitest";
import { type Outcome, runProgram } from "./support/program.js";

// Put together here, so that no scanner takes this file for a leak.
const token = `ghp${"_"}aB3dE5gH7jK9mN1pQ2rS4tU6vW8xY0zA1234`;
const password = "correct-Horse-42-battery";

async function scene() {
  const directory = await temporaryDirectory();
  const cwd = directory.join("shop");
  await mkdir(cwd);
  const store = directory.join("store");
  const run = (...words: string[]): Promise<Outcome> => runProgram(["scan", ...words], { cwd, store });
  /** Logs two records with secrets and one without, and gives the segment. */
  const log = async (jobId: string, redact = false): Promise<string> => {
    const logger = await createEventLogger({
      store,
      repo: "shop",
      jobId,
      env: {},
      correlationId: "run-1",
      redact,
    });
    logger.log({
      event_type: "agent_failed",
      agent_id: "a1",
      error: `push with ${token} failed`,
      retry_eligible: true,
    });
    logger.log({
      event_type: "claude_token_usage",
      agent_id: "a1",
      input_tokens: 5,
      output_tokens: 6,
      cache_tokens: 7,
    });
    logger.log({
      event_type: "claude_tool_invoked",
      agent_id: "a2",
      tool_name: "Bash",
      tool_id: "t1",
      parameters: { env: { DB_PASSWORD: password } },
    });
    await logger.shutdown();
    const [name = ""] = (await readdir(logger.directory)).filter((file) => file.endsWith(".jsonl"));
    return join(logger.directory, name);
  };
  return { directory, cwd, store, run, log };
}

function expectNothingShown({ stdout, stderr }: Outcome): void {
  for (const secret of [token, password]) {
    expect(stdout).not.toContain(secret);
    expect(stderr).not.toContain(secret);
    expect(stdout).not.toContain(secret.slice(0, 12));
  }
}

describe("scan", () => {
  it("says where secrets are, of what kind, shows none, and ends with 3", async () => {
    const { run, log } = await scene();
    const path = await log("j1");
    const outcome = await run();
    expect(outcome.code).toBe(3);
    expectNothingShown(outcome);
    expect(outcome.lines.length).toBe(2);
    expect(outcome.lines[0]).toMatch(
      /:0 {2}[0-9a-f-]{36} {2}event\.error {2}github-token {2}push with \[REDACTED:github-token\] failed$/,
    );
    expect(outcome.lines[0]).toContain(path);
    expect(outcome.lines[1]).toContain("event.parameters.env.DB_PASSWORD  password  [REDACTED:password]");
    expect(outcome.stderr).toBe("2 secrets in 1 file; read 3 records in 1 file\n");
  });

  it("ends with 0 when there are none: in what a logger with redaction has written", async () => {
    const { run, log } = await scene();
    await log("j1", true);
    const outcome = await run();
    expect(outcome).toMatchObject({ code: 0, stdout: "", stderr: "no secrets; read 3 records in 1 file\n" });
  });

  it("says where it looked when there is nothing to read", async () => {
    const { run } = await scene();
    const outcome = await run();
    expect(outcome).toMatchObject({ code: 0, stdout: "" });
    expect(outcome.stderr).toMatch(/^no events found; looked in \//);
  });

  it("has the filters of the other commands", async () => {
    const { run, log } = await scene();
    await log("j1");
    await log("j2");
    const count = async (...words: string[]) => (await run(...words)).lines.length;
    expect(await count()).toBe(4);
    expect(await count("--job-id", "j1")).toBe(2);
    expect(await count("--agent-id", "a2")).toBe(2);
    expect(await count("--event-type", "agent_*", "--severity", "error")).toBe(2);
    expect(await count("--since", "1h", "--job-id", "j2", "--agent-id", "a1")).toBe(1);
    expect((await run("--until", "2020-01-01T00:00:00Z")).code).toBe(0);
    expect((await run("--since", "nonsense")).code).toBe(2);
  });

  it("searches lines that are no records: torn, not UTF-8, no JSON, whatever the filters say", async () => {
    const { run, directory } = await scene();
    const path = directory.join("damaged.jsonl");
    await writeFile(path, `not JSON, password=${password} in it\n`);
    await appendFile(path, Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(` ${token}\n`)]));
    await appendFile(path, `\0\0\0{"token":"${password}"}\n\n`);
    await appendFile(
      path,
      `{"id":"1","timestamp":"2026-01-01T00:00:00Z","event":{"event_type":"x","note":"${token}`,
    );
    const outcome = await run("--file", path, "--job-id", "j1", "--output-format", "ndjson");
    expect(outcome.code).toBe(3);
    expectNothingShown(outcome);
    const rows = outcome.lines.map((line) => JSON.parse(line));
    expect(rows.map(({ id, field, kind }) => [id, field, kind])).toEqual([
      [null, "", "password"],
      [null, "", "github-token"],
      [null, "token", "token"],
      [null, "event.note", "github-token"],
    ]);
    expect(rows[1].offset).toBe(`not JSON, password=${password} in it\n`.length);
    expect(outcome.stderr).toBe("4 secrets in 1 file; read 0 records and 4 other lines in 1 file\n");
  });

  it("reads compressed segments, and standard input", async () => {
    const { run, log, cwd, store } = await scene();
    const path = await log("j1");
    const content = await readFile(path);
    await writeFile(`${path}.rotated.gz`, gzipSync(content));
    await rm(path);
    const compressed = await run();
    expect(compressed.code).toBe(3);
    expect(compressed.lines.length).toBe(2);
    expectNothingShown(compressed);
    const piped = await runProgram(["scan", "--file", "-"], { cwd, store }, content);
    expect(piped.lines.length).toBe(2);
    expect(piped.lines[0]).toMatch(/^-:0 {2}/);
  });

  it("gives rows in every format", async () => {
    const { run, log } = await scene();
    const path = await log("j1");
    const [row] = JSON.parse((await run("--output-format", "json")).stdout);
    expect(row).toEqual({
      path,
      offset: 0,
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      event_type: "agent_failed",
      field: "event.error",
      kind: "github-token",
      preview: "push with [REDACTED:github-token] failed",
    });
    for (const format of ["yaml", "table", "csv"]) {
      const outcome = await run("--output-format", format);
      expect(outcome.code).toBe(3);
      expect(outcome.stdout).toContain("github-token");
      expectNothingShown(outcome);
    }
  });

  it("does not show a secret that is an id, a type or a key", async () => {
    const { run, directory } = await scene();
    const path = directory.join("odd.jsonl");
    const record = {
      id: token,
      timestamp: "2026-01-01T00:00:00Z",
      event: { event_type: token, [token]: { [token]: token } },
    };
    await writeFile(path, `${JSON.stringify(record)}\n`);
    for (const format of ["human", "json"]) {
      const outcome = await run("--file", path, "--output-format", format);
      expect(outcome.code).toBe(3);
      expectNothingShown(outcome);
    }
  });

  it("ends with 1 when a file cannot be read to its end, and searches the others", async () => {
    const { run, log, directory } = await scene();
    const path = await log("j1");
    const broken = directory.join("broken.jsonl.gz");
    await writeFile(broken, gzipSync(Buffer.alloc(100_000, "x")).subarray(0, 60));
    const outcome = await run("--file", broken, path);
    expect(outcome.code).toBe(1);
    expect(outcome.lines.length).toBe(2);
    expect(outcome.stderr).toMatch(/warning: .*broken\.jsonl\.gz/);
    const missing = await run("--file", directory.join("none.jsonl"));
    expect(missing.code).not.toBe(0);
  });
});
