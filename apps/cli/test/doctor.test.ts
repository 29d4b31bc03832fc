import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdir, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { createEventLogger } from "@prodigy-events/logger";
import { temporaryDirectory } from "@prodigy-events/test-kit";
import { describe, expect, it } from "vitest";
import { type Outcome, runProgram } from "./support/program.js";

async function emitter(env: Readonly<Record<string, string>> = {}) {
  const directory = await temporaryDirectory();
  const cwd = directory.join("shop");
  await mkdir(cwd);
  const store = directory.join("store");
  const run = (...words: string[]): Promise<Outcome> => runProgram(words, { cwd, store, env });
  return { run, store };
}

const started = [
  "emit",
  "agent_started",
  "--agent-id",
  "a1",
  "--set",
  "item_id=007",
  "--set",
  "worktree=w",
  "--set",
  "attempt=2",
];

describe("doctor", () => {
  it("finds a healthy store healthy", async () => {
    const { run } = await emitter();
    await run(...started, "--job-id", "j1");
    const { lines, code } = await run("doctor");
    expect(code).toBe(0);
    expect(lines.find((line) => line.includes(" store "))).toMatch(/^ok .*\(PRODIGY_HOME\) is writable$/);
    expect(lines.find((line) => line.includes(" events "))).toMatch(
      /1 job in 1 segment of the repository shop$/,
    );
    expect(lines.find((line) => line.includes(" versions "))).toContain(process.version);
  });

  it("says that a store does not exist yet, and that this is fine", async () => {
    const { run } = await emitter();
    const { lines, code } = await run("doctor");
    expect(code).toBe(0);
    expect(lines.find((line) => line.includes(" store "))).toContain(
      "does not exist yet; the first event creates it",
    );
  });

  it("calls a file in the place of the store broken, with what to do", async () => {
    const { run, store } = await emitter();
    await writeFile(store, "");
    const { stdout, code } = await run("doctor", "--output-format", "json");
    expect(code).toBe(1);
    const document = JSON.parse(stdout);
    expect(document.healthy).toBe(false);
    expect(document.findings.find(({ check }: { check: string }) => check === "store")).toEqual({
      check: "store",
      status: "broken",
      message: `${store} (PRODIGY_HOME) is not a directory`,
      advice: "move it away, or choose another store with --store or PRODIGY_HOME",
    });
  });

  it("warns about a store that other users can reach", async () => {
    const { run, store } = await emitter();
    await mkdir(store);
    await chmod(store, 0o755);
    const { lines, code } = await run("doctor");
    expect(code).toBe(0);
    expect(lines.find((line) => line.includes(" permissions "))).toBe(
      `warning  permissions  ${store} has mode 0755: other users can reach it; chmod 700 ${store}`,
    );
  });

  it("names who is writing", async () => {
    const { run, store } = await emitter();
    const logger = await createEventLogger({ store, repo: "shop", jobId: "live", env: {} });
    try {
      logger.log({ event_type: "job_started", config: {}, total_items: 1 });
      await logger.flush();
      const { lines } = await run("doctor");
      expect(lines.find((line) => line.includes(" writer "))).toMatch(
        new RegExp(
          `^ok +writer +${logger.producerId} \\(pid ${process.pid} on \\S+\\) writes live, last \\d+s ago$`,
        ),
      );
    } finally {
      await logger.shutdown();
    }
    const { lines } = await run("doctor");
    expect(lines.find((line) => line.includes(" writers "))).toMatch(/nobody is writing$/);
  });

  it("notices that a writer ended without a shutdown", async () => {
    const { run, store } = await emitter();
    const program = `
      import { createEventLogger } from "@prodigy-events/logger";
      const logger = await createEventLogger({ store: ${JSON.stringify(store)}, repo: "shop", jobId: "killed" });
      logger.log({ event_type: "job_started", config: {}, total_items: 1 });
      await logger.flush();
      process.kill(process.pid, "SIGKILL");`;
    const here = fileURLToPath(new URL("..", import.meta.url));
    const child = spawn(process.execPath, ["--input-type=module", "--eval", program], { cwd: here });
    await once(child, "close");
    const { lines, code } = await run("doctor");
    expect(code).toBe(0);
    expect(lines.find((line) => line.includes(" shutdown "))).toMatch(
      /^warning +shutdown +1 segment of writers that ended without a shutdown, such as .*\/killed\/events-.*; .*logger\.shutdown\(\)/,
    );
  });

  it("refuses a relative PRODIGY_HOME", async () => {
    const { run } = await emitter({ PRODIGY_HOME: "relative" });
    const outcome = await run("doctor");
    expect(outcome.code).toBe(1);
    expect(outcome.stderr).toContain("PRODIGY_HOME");
  });
});
