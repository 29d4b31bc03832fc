import { link, mkdir, readFile, stat, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { temporaryDirectory } from "@prodigy-events/test-kit";
import { describe, expect, it } from "vitest";
import { type Outcome, runProgram } from "./support/program.js";

async function emitter(env: Readonly<Record<string, string>> = {}) {
  const directory = await temporaryDirectory();
  const cwd = directory.join("shop");
  await mkdir(cwd);
  const store = directory.join("store");
  const run = (...words: string[]): Promise<Outcome> => runProgram(words, { cwd, store, env });
  return { run, store, path: (job: string) => join(store, "events", "shop", job, "events-shared.jsonl") };
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

describe("emit", () => {
  it("puts one event into the job's shared file, prints its id, and ls shows it", async () => {
    const { run, path } = await emitter();
    const outcome = await run(
      ...started,
      "--job-id",
      "j1",
      "--correlation-id",
      "run-1",
      "--metadata",
      "region=eu",
    );
    expect([outcome.code, outcome.stderr]).toEqual([0, ""]);
    const record = JSON.parse(await readFile(path("j1"), "utf8"));
    expect(record).toMatchObject({
      id: outcome.lines[0],
      correlation_id: "run-1",
      event: {
        event_type: "agent_started",
        job_id: "j1",
        agent_id: "a1",
        item_id: "007",
        worktree: "w",
        attempt: 2,
      },
      metadata: { region: "eu", sequence: 0 },
    });
    expect((await stat(path("j1"))).mode & 0o777).toBe(0o600);
    expect((await run("ls", "--job-id", "j1")).lines).toHaveLength(1);
  });

  it("takes job, repository and correlation id from the environment of a logger's child", async () => {
    const { run, store } = await emitter({
      PRODIGY_JOB_ID: "j2",
      PRODIGY_REPO: "other",
      PRODIGY_CORRELATION_ID: "run-2",
    });
    expect((await run("emit", "map_phase_started", "--set", "total_items=3")).code).toBe(0);
    const file = join(store, "events", "other", "j2", "events-shared.jsonl");
    expect(JSON.parse(await readFile(file, "utf8"))).toMatchObject({
      correlation_id: "run-2",
      event: { job_id: "j2" },
    });
  });

  it("many processes at once each add their own line", async () => {
    const { run, path } = await emitter();
    const outcomes = await Promise.all(Array.from({ length: 6 }, () => run(...started, "--job-id", "j")));
    expect(outcomes.map(({ code }) => code)).toEqual([0, 0, 0, 0, 0, 0]);
    const ids = (await readFile(path("j"), "utf8"))
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line).id);
    expect(ids.sort()).toEqual(outcomes.map(({ lines }) => lines[0]).sort());
  });

  it.each([
    [["emit"], "emit needs a TYPE, such as agent_started (schema lists them all)"],
    [
      ["emit", "agent_faild"],
      'there is no event type "agent_faild"; did you mean agent_failed? (--custom logs one of your own)',
    ],
    [
      ["emit", "job_paused", "--set", "checkpoint_version=1"],
      "job_paused does not fit its type: job_id (string) is missing; give --job-id, and fields with --set",
    ],
    [
      [...started, "--job-id", "j", "--set", "attempt=0"],
      "agent_started does not fit its type: attempt must be integer >= 1, not 0; set them with --set, see: schema agent_started",
    ],
    [["emit", "events_dropped"], "events_dropped is written by the logger itself and cannot be emitted"],
  ])("refuses %j with 2 and writes nothing", async (words, message) => {
    const { run, store } = await emitter();
    expect(await run(...words)).toMatchObject({ code: 2, stdout: "", stderr: `error: ${message}\n` });
    await expect(stat(store)).rejects.toThrow("ENOENT");
  });

  it("logs a type of one's own with --custom, values read as JSON where they are", async () => {
    const { run, path } = await emitter();
    const words = [
      "emit",
      "build_finished",
      "--custom",
      "--job-id",
      "j",
      "--set",
      "warnings=3",
      "--set",
      "target=release",
    ];
    expect((await run(...words)).code).toBe(0);
    expect(JSON.parse(await readFile(path("j"), "utf8")).event).toEqual({
      event_type: "build_finished",
      job_id: "j",
      warnings: 3,
      target: "release",
    });
  });

  it("goes on in a store of which there is a snapshot by hard links, and whose repository is on another disk", async () => {
    const { run, store, path } = await emitter();
    const elsewhere = `${store}-elsewhere`;
    await mkdir(join(store, "events"), { recursive: true, mode: 0o700 });
    await mkdir(elsewhere, { mode: 0o700 });
    await symlink(elsewhere, join(store, "events", "shop"));
    for (const snapshot of ["first", "second"]) {
      expect(await run(...started, "--job-id", "j")).toMatchObject({ code: 0, stderr: "" });
      await link(path("j"), join(store, snapshot));
    }
    expect((await readFile(join(elsewhere, "j", "events-shared.jsonl"), "utf8")).match(/\n/g)).toHaveLength(
      2,
    );
  });

  it("replaces a password of digits, and leaves counts", async () => {
    const { run, path } = await emitter();
    const set = [
      "password=12345678",
      "config.api_key=20261128",
      "total_tokens=123456",
      "secrets=3",
      "n=1234",
    ];
    const words = ["emit", "login", "--custom", "--job-id", "j", "--metadata", "token=777777"];
    expect((await run(...words, ...set.flatMap((field) => ["--set", field]))).code).toBe(0);
    expect(JSON.parse(await readFile(path("j"), "utf8"))).toMatchObject({
      event: {
        password: "[REDACTED:password]",
        config: { api_key: "[REDACTED:api-key]" },
        total_tokens: 123456,
        secrets: 3,
        n: 1234,
      },
      metadata: { token: "[REDACTED:token]" },
    });
  });

  it("warns about a field that the type does not have, and logs it", async () => {
    const { run } = await emitter();
    const outcome = await run(...started, "--job-id", "j", "--set", "itemid=x");
    expect(outcome).toMatchObject({
      code: 0,
      stderr: 'warning: agent_started has no field "itemid"; did you mean item_id?\n',
    });
  });

  it("a store that cannot be written is one clear line and 1", async () => {
    const { run, store } = await emitter();
    await writeFile(store, "a file where the store should be");
    const outcome = await run(...started, "--job-id", "j");
    expect(outcome).toMatchObject({ code: 1, stdout: "" });
    expect(outcome.stderr).toMatch(
      /^error: the event was not written to .*events-shared\.jsonl: cannot .*; [^\n]+\n$/,
    );
  });

  describe("on a disk that fills and is freed", () => {
    const preload = new URL("./programs/failing-shared-file.mjs", import.meta.url).href;

    /** What emit says while calls on the shared file fail, and the events in it once the process has ended. */
    async function emitFailing(calls: Readonly<Record<string, number>>) {
      const env = { NODE_OPTIONS: `--import=${preload}`, FAILING_CALLS: JSON.stringify(calls) };
      const { run, store } = await emitter(env);
      const outcome = await run(...started, "--job-id", "j");
      const words = ["ls", "--job-id", "j", "--output-format", "ndjson"];
      const { lines } = await runProgram(words, { cwd: join(store, "..", "shop"), store });
      return { outcome, ids: lines.map((line) => JSON.parse(line).id as string) };
    }

    it.each([{ write: 1 }, { write: 2 }, { write: 9 }, { fdatasync: 1 }])(
      "says that the event is written, once it is, after %j",
      async (calls) => {
        const { outcome, ids } = await emitFailing(calls);
        expect([outcome.code, outcome.stderr]).toEqual([0, ""]);
        expect(new Set(ids)).toEqual(new Set(outcome.lines));
      },
    );

    it.each([
      { write: 1, writeSync: 1 },
      { write: 2, writeSync: 1 },
      { write: 9, writeSync: 1 },
      { write: 9, writeSync: 9 },
    ])("says that the event is not written, and writes it no more, after %j", async (calls) => {
      const { outcome, ids } = await emitFailing(calls);
      expect(outcome).toMatchObject({ code: 1, stdout: "" });
      expect(outcome.stderr).toMatch(
        /^error: the event was not written to .*: cannot append to .*\(ENOSPC\); free space[^\n]+\n$/,
      );
      expect(ids).toEqual([]);
    });
  });
});
