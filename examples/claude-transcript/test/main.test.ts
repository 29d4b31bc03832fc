import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { openStore } from "@prodigy-events/query";
import type { EventRecord } from "@prodigy-events/schema";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

const program = fileURLToPath(new URL("../dist/main.js", import.meta.url));
const fixture = (name: string) => fileURLToPath(new URL(`../fixtures/${name}.jsonl`, import.meta.url));

let home: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), "claude-transcript-"));
});
afterEach(() => rm(home, { recursive: true, force: true }));

async function run(args: string[], input = ""): Promise<{ exitCode: number | null; output: string }> {
  const outside = Object.entries(process.env).filter(([name]) => !name.startsWith("PRODIGY_"));
  const env = {
    ...Object.fromEntries(outside),
    PRODIGY_HOME: home,
    PRODIGY_REPO: "shop",
    PRODIGY_JOB_ID: "job-1",
  };
  const child = spawn(process.execPath, [program, ...args], { env });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
  }
  child.stdin.end(input);
  await once(child, "close");
  return { exitCode: child.exitCode, output };
}

async function recorded(): Promise<EventRecord[]> {
  const store = await openStore({ root: home, repo: "shop", local: false });
  const records: EventRecord[] = [];
  for await (const record of store.query({ jobId: "job-1", order: "oldest" })) records.push(record);
  return records;
}

describe("the program", () => {
  it("logs all four types into the job that its environment names", async () => {
    const { exitCode, output } = await run([fixture("stream-json"), "--agent-id", "agent-7"]);
    expect(output).toContain("not logged: 1 rate_limit_event");
    expect(exitCode).toBe(0);
    const records = await recorded();
    const types = new Set(records.map(({ event }) => event.event_type));
    expect([...types].sort()).toEqual([
      "claude_message",
      "claude_session_started",
      "claude_token_usage",
      "claude_tool_invoked",
    ]);
    expect(records.every(({ event }) => event.job_id === "job-1")).toBe(true);
    const agents = new Set(records.map(({ event }) => event.agent_id));
    expect(agents).toEqual(new Set(["agent-7", "agent-7/toolu_02"]));
    expect(records[0]?.metadata).toMatchObject({ transcript_line: 1 });
  });

  it("reads what is piped into it, and says which lines it could not use", async () => {
    const transcript = readFileSync(fixture("transcript"), "utf8");
    const { exitCode, output } = await run(["-"], `${transcript}half a line {"type"`);
    expect(output).toContain("8 lines read");
    expect(output).toContain("malformed: 1, line 8");
    expect(exitCode).toBe(0);
    expect((await recorded()).filter(({ event }) => event.event_type === "claude_token_usage")).toHaveLength(
      2,
    );
  });

  it("takes in a transcript that is longer than the logger's queue without losing a line", async () => {
    const path = join(home, "long.jsonl");
    const line = (number: number) =>
      JSON.stringify({ type: "user", message: { content: `message ${number}` } });
    await writeFile(path, Array.from({ length: 120_000 }, (_, number) => `${line(number)}\n`).join(""));
    const { exitCode, output } = await run([path]);
    expect(output).toContain("120000 claude_message");
    expect(exitCode).toBe(0);
    expect(await recorded()).toHaveLength(120_000);
  });

  it.each([
    ["no argument", [], 2, "usage:"],
    ["a file that is not there", ["/nowhere/session.jsonl"], 1, "ENOENT"],
  ])("refuses %s", async (_, args, exitCode, message) => {
    const result = await run(args);
    expect(result.exitCode).toBe(exitCode);
    expect(result.output).toContain(message);
  });
});
