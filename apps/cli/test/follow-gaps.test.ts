import { mkdir, readFile, rename, stat, truncate, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type AnyEvent, encodeRecord } from "@prodigy-events/schema";
import { formatSegmentName, jobDirectory } from "@prodigy-events/storage";
import { temporaryDirectory } from "@prodigy-events/test-kit";
import { beforeEach, describe, expect, it } from "vitest";
import { outcomeOf, runProgram, startProgram } from "./support/program.js";

const repo = "gaps";
const minuteMs = 60_000;

let store: string;
let directory: string;
beforeEach(async () => {
  const temporary = await temporaryDirectory();
  store = temporary.join("store");
  await mkdir(store, { recursive: true, mode: 0o700 });
  directory = jobDirectory(store, repo, "job-1");
  await mkdir(directory, { recursive: true, mode: 0o700 });
});

/** Writes a closed segment of the producer `prod1` with these numbers, all of the same age. Returns its path. */
async function writeSegment(serial: number, minutesAgo: number, numbers: readonly number[]): Promise<string> {
  const atMs = Date.now() - minutesAgo * minuteMs;
  const event: AnyEvent = {
    event_type: "agent_progress",
    job_id: "job-1",
    agent_id: "a",
    step: "s",
    progress_pct: 1,
  };
  const lines = numbers.map((sequence) =>
    encodeRecord({
      ...{
        id: `01900000-0000-7000-8000-${String(sequence).padStart(12, "0")}`,
        correlation_id: "run-1",
        event,
      },
      timestamp: new Date(atMs + sequence).toISOString(),
      metadata: { producer_id: "prod1", sequence },
    }),
  );
  const path = join(directory, formatSegmentName(Date.UTC(2026, 0, 1) + serial, "prod1"));
  await writeFile(path, lines.join(""), { mode: 0o600 });
  await utimes(path, atMs / 1_000, atMs / 1_000);
  await rename(path, `${path}.rotated`);
  return `${path}.rotated`;
}

const run = (...words: string[]) => runProgram([...words, "--repo", repo], { cwd: store, store });
const follow = (...words: string[]) => run("follow", "--until-idle", "50ms", ...words);

describe("a shared file that is truncated, or replaced, while follow is stopped", () => {
  const emit = (...words: string[]) =>
    run("emit", "job_paused", "--job-id", "job-1", "--set", "checkpoint_version=1", ...words);

  it("is a gap on standard error and in JSON, because lines of it may have gone unread", {
    timeout: 60_000,
  }, async () => {
    expect((await emit()).code).toBe(0);
    const shared = join(directory, "events-shared.jsonl");
    const child = startProgram(["follow", "-n", "all", "--repo", repo, "--output-format", "ndjson"], {
      cwd: store,
      store,
    });
    let text = "";
    child.stdout.on("data", (chunk: Buffer) => {
      text += chunk;
    });
    const has = (lines: number) =>
      expect.poll(() => text.split("\n").length - 1, { timeout: 20_000 }).toBe(lines);
    const ended = outcomeOf(child);
    await has(1);
    expect((await emit()).code).toBe(0);
    await has(2);
    child.kill("SIGSTOP");
    for (let count = 0; count < 3; count += 1) expect((await emit()).code).toBe(0);
    const [first, second, , , last] = (await readFile(shared, "utf8")).split("\n");
    await truncate(shared, 0);
    expect((await emit()).code).toBe(0);
    child.kill("SIGCONT");
    await has(4);
    child.kill("SIGINT");
    const { code, stderr, lines } = await ended;
    expect(code).toBe(130);
    expect(last).not.toBe("");
    expect(stderr).toBe(
      `warning: gap: records of a shared file (nobody can tell how many) may have gone unread when it was truncated: ${shared}\n`,
    );
    const documents = lines.map((line) => JSON.parse(line));
    const gap = {
      ...{ reason: "truncated", producer_id: null, from_sequence: null, to_sequence: null, path: shared },
      ...{ removed_by: null, archive: null },
    };
    const after = JSON.parse((await readFile(shared, "utf8")).trim());
    expect(documents).toMatchObject([
      { id: JSON.parse(first!).id },
      { id: JSON.parse(second!).id },
      { gap },
      { id: after.id },
    ]);
  });

  it("is one too for a follow that goes on from a cursor", async () => {
    expect((await emit()).code).toBe(0);
    const words = ["-n", "all", "--cursor-file", join(store, "cursor"), "--output-format", "json"];
    expect((await follow(...words)).lines).toHaveLength(1);
    const shared = join(directory, "events-shared.jsonl");
    await rename(shared, join(store, "elsewhere"));
    expect((await emit()).code).toBe(0);
    const { stderr, lines } = await follow(...words);
    expect(stderr).toContain(`may have gone unread when it was replaced: ${shared}\n`);
    expect(lines.map((line) => JSON.parse(line).gap?.reason)).toEqual([undefined, "replaced"]);
  });
});

describe("numbers that are missing in the history of follow", () => {
  it.each(["3", "10", "all"])("are a gap on standard error and in JSON, with -n %s", async (lines) => {
    await writeSegment(1, 30, [0, 1, 2]);
    await writeSegment(2, 180, [3, 4, 5]);
    const last = await writeSegment(3, 20, [7, 8]);
    const archive = join(store, "archive");
    expect((await run("clean", "--older-than", "2h", "--all-jobs", "--archive", "--yes")).code).toBe(0);

    const json = await follow("-n", lines, "--output-format", "json");
    expect(json.code).toBe(0);
    const documents = json.lines.map((line) => JSON.parse(line));
    const gaps = documents.flatMap(({ gap }) => (gap ? [gap] : []));
    expect(gaps).toEqual([
      {
        ...{ reason: "removed", producer_id: "prod1", from_sequence: 3, to_sequence: 5, path: last },
        ...{ removed_by: "clean", archive: expect.stringContaining(`${archive}/`) },
      },
      {
        ...{ reason: "missing", producer_id: "prod1", from_sequence: 6, to_sequence: 6, path: last },
        ...{ removed_by: null, archive: null },
      },
    ]);
    expect((await stat(gaps[0].archive)).isFile()).toBe(true);
    const sequences = documents.flatMap((document) => document.metadata?.sequence ?? []);
    expect(sequences).toEqual([0, 1, 2, 7, 8].slice(lines === "3" ? -3 : 0));

    const warnings = [
      `warning: gap: producer prod1 sequence 3..5 (3 records) removed by clean; see ${gaps[0].archive}`,
      `warning: gap: producer prod1 sequence 6..6 (1 record) missing: ${last}`,
    ];
    expect(json.stderr.trimEnd().split("\n")).toEqual(warnings);
    const human = await follow("-n", lines);
    expect(human.stderr.trimEnd().split("\n")).toEqual(warnings);
    expect(human.stdout).not.toContain("gap");
  });

  it("are none where a filter hides records, or nothing is missing", async () => {
    await writeSegment(1, 30, [0, 1, 2]);
    await writeSegment(2, 20, [3, 4]);
    for (const words of [
      ["-n", "1"],
      ["-n", "all"],
      ["-n", "all", "--event-type", "agent_failed"],
    ])
      expect(await follow(...words)).toMatchObject({ code: 0, stderr: "" });
  });
});
