import { mkdir, readdir, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type AnyEvent, encodeRecord } from "@prodigy-events/schema";
import {
  currentProcessIdentity,
  formatSegmentName,
  jobDirectory,
  registerProducer,
} from "@prodigy-events/storage";
import { temporaryDirectory } from "@prodigy-events/test-kit";
import { beforeEach, describe, expect, it } from "vitest";
import { runProgram } from "./support/program.js";

const repo = "parts";
const hourMs = 3_600_000;

let store: string;
let directory: string;
let cursorFile: string;
beforeEach(async () => {
  const temporary = await temporaryDirectory();
  store = temporary.join("store");
  cursorFile = temporary.join("run.cursor");
  await mkdir(store, { recursive: true, mode: 0o700 });
  directory = jobDirectory(store, repo, "job-1");
  await mkdir(directory, { recursive: true, mode: 0o700 });
  // Segments are cut once their producer has ended.
  const ended = { ...currentProcessIdentity(), processStartTime: "1", producerId: "prod1" };
  await registerProducer(directory, { ...ended, version: "0", startedAt: new Date(0).toISOString() });
});

/** Writes a closed segment of the producer `prod1` with these numbers, by default an hour old. */
async function writeSegment(
  serial: number,
  numbers: readonly number[],
  jobOf: (sequence: number) => string = () => "job-1",
): Promise<void> {
  const atMs = Date.now() - hourMs;
  const lines = numbers.map((sequence) => {
    const event: AnyEvent = { event_type: "job_paused", job_id: jobOf(sequence), checkpoint_version: 1 };
    return encodeRecord({
      ...{ id: `01900000-0000-7000-8000-${String(sequence).padStart(12, "0")}`, correlation_id: "run-1" },
      ...{ event, timestamp: new Date(atMs + sequence).toISOString() },
      metadata: { producer_id: "prod1", sequence },
    });
  });
  const path = `${join(directory, formatSegmentName(Date.UTC(2026, 0, 1) + serial, "prod1"))}.rotated`;
  await writeFile(path, lines.join(""), { mode: 0o600 });
  await utimes(path, atMs / 1_000, atMs / 1_000);
}

const range = (first: number, last: number) =>
  Array.from({ length: last - first + 1 }, (_, at) => first + at);
const run = (...words: string[]) => runProgram([...words, "--repo", repo], { cwd: store, store });
const follow = (...words: string[]) =>
  run("follow", "-n", "all", "--until-idle", "50ms", "--output-format", "ndjson", ...words);
const done = async (...words: string[]) => expect(await run(...words)).toMatchObject({ code: 0 });

/** The numbers of the records printed, in their order, without those of `job`. */
const numbersIn = ({ lines }: { lines: readonly string[] }): number[] =>
  lines.map((line) => JSON.parse(line).metadata.sequence);

describe("after clean --archive has cut a segment, and restore has brought the lines back", () => {
  it("nothing is damaged, missing or twice", async () => {
    for (const first of [0, 20, 40, 60]) await writeSegment(first, range(first, first + 19));
    expect(numbersIn(await follow("--cursor-file", cursorFile))).toEqual(range(0, 79));
    await done("clean", "--max-events", "30", "--archive", "--yes");
    await done("restore");
    expect((await readdir(directory)).filter((name) => name.includes(".part-"))).toHaveLength(1);

    expect(await run("verify")).toMatchObject({ code: 0, stdout: expect.not.stringContaining("missing") });
    expect(numbersIn(await run("ls", "--output-format", "ndjson"))).toEqual(range(0, 79));
    for (const words of [[], ["--cursor-file", `${cursorFile}.new`]]) {
      const followed = await follow(...words);
      expect(followed).toMatchObject({ code: 0, stderr: "" });
      expect(numbersIn(followed)).toEqual(range(0, 79));
    }
    expect(await follow("--cursor-file", cursorFile)).toMatchObject({ code: 0, stdout: "", stderr: "" });
  });

  it("the same where several cleans have cut it, and a part of it as well", async () => {
    await writeSegment(1, range(0, 59));
    expect(numbersIn(await follow("--cursor-file", cursorFile))).toEqual(range(0, 59));
    for (const kept of ["50", "30"]) await done("clean", "--max-events", kept, "--archive", "--yes");
    await done("restore");
    const restoredAt = (Date.now() - hourMs) / 1_000;
    for (const name of await readdir(directory)) {
      if (name.includes(".part-")) await utimes(join(directory, name), restoredAt, restoredAt);
    }
    await done("clean", "--max-events", "45", "--archive", "--yes");
    await done("restore");
    const parts = (await readdir(directory)).filter((name) => name.includes(".part-"));
    expect(parts.filter((name) => /\.part-.*\.part-/.test(name))).toHaveLength(1);

    expect((await run("verify")).code).toBe(0);
    const followed = await follow("--cursor-file", `${cursorFile}.new`);
    expect(followed).toMatchObject({ code: 0, stderr: "" });
    expect(numbersIn(followed)).toEqual(range(0, 59));
    expect(await follow()).toMatchObject({ code: 0, stderr: "" });
    expect(await follow("--cursor-file", cursorFile)).toMatchObject({ code: 0, stdout: "", stderr: "" });
  });

  it("the same where the lines lie between those that stayed", async () => {
    await writeSegment(1, range(0, 19), (sequence) => (sequence % 2 === 0 ? "job-1" : "job-2"));
    const words = ["--older-than", "1m", "--job-id", "job-2", "--archive", "--yes", "--file", directory];
    const cleaned = await runProgram(["clean", ...words], { cwd: store, store });
    expect(cleaned).toMatchObject({ code: 0, stderr: expect.stringContaining("10 records archived") });
    const names = await readdir(directory);
    expect(names).toContain(`${formatSegmentName(Date.UTC(2026, 0, 1) + 1, "prod1")}.rotated`);
    await done("restore");
    const files = (await readdir(directory)).filter((name) => name.startsWith("events-"));
    expect(files).toHaveLength(2);

    expect((await run("verify")).code).toBe(0);
    for (const name of files) {
      const words = ["verify", "--file", join(directory, name)];
      expect(await runProgram(words, { cwd: store, store })).toMatchObject({ code: 0 });
    }
    const followed = await follow("--cursor-file", cursorFile);
    expect(followed).toMatchObject({ code: 0, stderr: "" });
    expect(numbersIn(followed)).toEqual(range(0, 19));
    expect(await follow()).toMatchObject({ code: 0, stderr: "" });
  });

  it("what is really missing still is", async () => {
    await writeSegment(1, [...range(0, 9), ...range(12, 29)]);
    await writeSegment(2, range(35, 39));
    await done("clean", "--max-events", "15", "--archive", "--yes");
    await done("restore");
    const verified = await run("verify");
    expect(verified.code).toBe(3);
    expect(verified.stdout).toContain("sequence 10..11 (2 records) missing");
    expect(verified.stdout).toContain("sequence 30..34 (5 records) missing");
    for (const words of [[], ["--cursor-file", cursorFile]])
      expect((await follow(...words)).stderr).toContain("sequence 30..34 (5 records) missing");
  });
});
