import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { temporaryDirectory } from "@prodigy-events/test-kit";
import { beforeEach, describe, expect, it } from "vitest";
import { outcomeOf, runProgram, startProgram } from "./support/program.js";
import { createSampleStore } from "./support/sample-store.js";

const repo = "many-writers";
const program = fileURLToPath(new URL("./programs/log-many.mjs", import.meta.url));

let store: string;
let cursorFile: string;
beforeEach(async () => {
  const directory = await temporaryDirectory();
  store = directory.join("store");
  cursorFile = directory.join("run.cursor");
  await mkdir(store, { recursive: true, mode: 0o700 });
});

const logMany = (writer: number, count: number, pauseMs?: number) =>
  outcomeOf(
    spawn(process.execPath, [
      ...[program, store, "job", String(writer), String(count)],
      ...(pauseMs === undefined ? [] : [String(pauseMs)]),
    ]),
  );

const words = (...more: string[]) => [
  ...["follow", "-n", "all", "--repo", repo, "--output-format", "ndjson"],
  ...["--cursor-file", cursorFile, ...more],
];

/** Follows, and is ended by a signal after a while or once enough has come. Returns the whole lines that it printed. */
async function followUntil(signal: NodeJS.Signals, isEnough: (lines: number) => boolean, afterMs: number) {
  const child = startProgram(words(), { cwd: store, store });
  let text = "";
  let isEnding = false;
  const end = () => {
    if (!isEnding) child.kill(signal); // a second signal would end it at once
    isEnding = true;
  };
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
    text += chunk;
    if (isEnough(text.split("\n").length - 1)) end();
  });
  let errors = "";
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
    errors += chunk;
  });
  const timer = setTimeout(end, afterMs);
  const [code] = (await once(child, "close")) as [number | null];
  clearTimeout(timer);
  expect(errors).toBe("");
  const lines = text.split("\n").slice(0, -1);
  return { code, lines };
}

const keyOf = (line: string): string => {
  const { producer_id, sequence } = JSON.parse(line).metadata;
  return `${producer_id} ${sequence}`;
};

describe("follow --cursor-file", () => {
  it("gives every record once to a program that is ended by signals and started again", {
    timeout: 120_000,
  }, async () => {
    const perWriter = 20_000;
    const writers = [logMany(1, perWriter, 60), logMany(2, perWriter, 60)];
    const lines: string[] = [];
    const codes = new Set<number | null>();
    for (let session = 0; session < 8; session += 1) {
      const [signal, code] = session % 2 === 0 ? (["SIGTERM", 143] as const) : (["SIGINT", 130] as const);
      const outcome = await followUntil(signal, (count) => count > 700 * session, 4_000);
      lines.push(...outcome.lines);
      codes.add(outcome.code);
      expect([code, null]).toContain(outcome.code); // null before the program listens to signals
    }
    for (const { code } of await Promise.all(writers)) expect(code).toBe(0);
    const last = await runProgram(words("--until-idle", "1s"), { cwd: store, store });
    expect(last).toMatchObject({ code: 0, stderr: "" });
    lines.push(...last.lines);
    expect(codes.has(143) || codes.has(130)).toBe(true);

    expect(lines).toHaveLength(2 * perWriter);
    const keys = lines.map(keyOf);
    expect(new Set(keys).size).toBe(2 * perWriter);
    expect((await runProgram(words("--until-idle", "300ms"), { cwd: store, store })).stdout).toBe("");
    expect((await stat(cursorFile)).mode & 0o777).toBe(0o600);
  });

  it("misses nothing when it is killed outright, and gives again at most what came since it last saved", {
    timeout: 120_000,
  }, async () => {
    const perWriter = 20_000;
    const writers = [logMany(1, perWriter, 60), logMany(2, perWriter, 60)];
    const seen = new Set<string>();
    const take = (lines: readonly string[]) => {
      const before = seen.size;
      for (const line of lines) seen.add(keyOf(line));
      return lines.length - (seen.size - before);
    };
    let saved = "";
    let unsaved = 0;
    for (let session = 0; session < 6; session += 1) {
      const { lines } = await followUntil("SIGKILL", () => false, 700 + 250 * session);
      expect(take(lines)).toBeLessThanOrEqual(unsaved);
      const now = await readFile(cursorFile, "utf8").catch(() => "");
      unsaved = lines.length + (now === saved ? unsaved : 0);
      saved = now;
    }
    for (const { code } of await Promise.all(writers)) expect(code).toBe(0);
    const last = await runProgram(words("--until-idle", "1s"), { cwd: store, store });
    take(last.lines);
    expect(seen.size).toBe(2 * perWriter);
    expect((await runProgram(words("--until-idle", "300ms"), { cwd: store, store })).stdout).toBe("");
  });

  it("saves in time although nothing more comes: killed then, it gives nothing again", async () => {
    await logMany(1, 10);
    const child = startProgram(words(), { cwd: store, store });
    const outcome = outcomeOf(child);
    await expect.poll(() => readFile(cursorFile, "utf8").catch(() => ""), { timeout: 20_000 }).not.toBe("");
    const first = await readFile(cursorFile, "utf8");
    await logMany(2, 10);
    await expect.poll(() => readFile(cursorFile, "utf8"), { timeout: 20_000 }).toContain('"nextSequence":10');
    const another = /"nextSequence":10.*"nextSequence":10/;
    await expect.poll(() => readFile(cursorFile, "utf8"), { timeout: 20_000 }).toMatch(another);
    expect(await readFile(cursorFile, "utf8")).not.toBe(first);
    child.kill("SIGKILL");
    expect((await outcome).lines).toHaveLength(20);
    expect((await runProgram(words("--until-idle", "300ms"), { cwd: store, store })).stdout).toBe("");
  });

  it("saves nothing of what the reader of a closed pipe did not get", async () => {
    await logMany(1, 5_000);
    const child = startProgram(words(), { cwd: store, store });
    child.stdout.once("data", () => child.stdout.destroy());
    const [code] = (await once(child, "close")) as [number | null];
    expect(code).toBe(0);
    const next = await runProgram(words("--until-idle", "300ms"), { cwd: store, store });
    expect(next.lines.map((line) => JSON.parse(line).metadata.sequence).at(-1)).toBe(4_999);
    expect(next.lines.length).toBeGreaterThan(0);
  });
});

describe("a cursor file that is of no use", () => {
  const run = (...more: string[]) =>
    runProgram(words("--until-idle", "100ms", ...more), { cwd: store, store });

  it.each([
    ["with a changed byte", (text: string) => text.replace('"nextSequence":1', '"nextSequence":7')],
    ["that is cut off", (text: string) => text.slice(0, -20)],
    ["that is empty", () => ""],
    ["of something else", () => '{"hello":"world"}\n'],
  ])("is refused: one %s", async (_, change) => {
    await logMany(1, 10);
    expect((await run()).lines).toHaveLength(10);
    await writeFile(cursorFile, change(await readFile(cursorFile, "utf8")));
    const refused = await run();
    expect(refused).toMatchObject({ code: 1, stdout: "" });
    expect(refused.stderr).toBe(
      `error: ${cursorFile} is damaged, or no cursor file: nobody can tell where to go on; remove it to begin anew, or name another\n`,
    );
    await rm(cursorFile);
    expect((await run()).lines).toHaveLength(10);
  });

  it("of another store is refused, and says which", async () => {
    await logMany(1, 10);
    await run();
    const other = await temporaryDirectory();
    await mkdir(other.path, { recursive: true, mode: 0o700 });
    const refused = await run("--store", other.path);
    expect(refused).toMatchObject({ code: 2, stdout: "" });
    expect(refused.stderr).toContain(`its store is ${store}, and this one ${other.path}`);
    expect((await run("--job-id", "job")).code).toBe(2);
  });

  it("that is a FIFO, or in no directory, ends at once", async () => {
    expect(spawnSync("mkfifo", [cursorFile]).status).toBe(0);
    expect(await run()).toMatchObject({ code: 1, stderr: expect.stringContaining("not a regular file") });
    const nowhere = ["follow", "--cursor-file", join(store, "missing", "c"), "--until-idle", "1ms"];
    expect(await runProgram(nowhere, { cwd: store, store })).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("is no directory"),
    });
  });
});

describe("what clean archived while nobody followed", () => {
  it("is a gap on standard error and in JSON, which names the archive", async () => {
    const sample = await createSampleStore({ agoMs: 3_600_000 });
    const run = (...more: string[]) => runProgram(more, { cwd: sample.cwd, store: sample.store });
    const follow = (...more: string[]) =>
      run("follow", "--cursor-file", cursorFile, "--until-idle", "200ms", ...more);
    // A cursor from before there was anything.
    const events = join(sample.store, "events");
    const elsewhere = `${events}.away`;
    await rename(events, elsewhere);
    await follow("-n", "all");
    await rename(elsewhere, events);
    const archive = join(sample.store, "archive");
    expect((await run("clean", "--max-events", "1", "--all-jobs", "--archive", "--yes")).code).toBe(0);

    const saved = await readFile(cursorFile);
    const json = await follow("--output-format", "json");
    await writeFile(cursorFile, saved);
    const human = await follow();
    const gaps = json.lines.map((line) => JSON.parse(line)).flatMap(({ gap }) => (gap ? [gap] : []));
    expect(gaps.length).toBeGreaterThan(0);
    for (const gap of gaps) {
      expect(gap).toMatchObject({ reason: "removed", removed_by: "clean" });
      expect(gap.archive.startsWith(`${archive}/`)).toBe(true);
      expect((await stat(gap.archive)).isFile()).toBe(true);
    }
    const told = human.stderr.split("\n").filter((line) => line.includes("gap: "));
    expect(told).toHaveLength(gaps.length);
    expect(told[0]).toMatch(/^warning: gap: .* removed by clean; see \/.*\.gz$/);
  });
});
