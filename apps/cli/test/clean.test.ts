import { createHash } from "node:crypto";
import { once } from "node:events";
import { chmod, readdir, readFile, realpath, utimes, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { beforeEach, describe, expect, it } from "vitest";
import { endProducers } from "./support/end-producers.js";
import { runProgram } from "./support/program.js";
import { createSampleStore, type SampleStore } from "./support/sample-store.js";

let sample: SampleStore;

beforeEach(async () => {
  sample = await createSampleStore({ agoMs: 3_600_000 });
  await endProducers(sample.store);
});

const run = (...words: string[]) => runProgram(words, { cwd: sample.cwd, store: sample.store });
const count = async (...words: string[]) =>
  JSON.parse((await run("stats", "--output-format", "json", ...words)).stdout).total as number;
const newestIds = async (limit: number) =>
  (await run("ls", "--limit", String(limit), "--output-format", "ndjson")).lines.map(
    (line) => JSON.parse(line).id,
  );

/** Everything below a directory: names and contents. */
async function snapshot(directory: string): Promise<Map<string, string>> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return new Map(
    await Promise.all(files.sort().map(async (path) => [path, await readFile(path, "latin1")] as const)),
  );
}

describe("clean", () => {
  it("refuses without a terminal, --yes or PRODIGY_AUTOMATION, and changes nothing", async () => {
    const before = await snapshot(sample.repository.parent);
    const outcome = await run("clean", "--max-events", "10");
    expect(outcome.code).toBe(2);
    expect(outcome.stderr).toBe(
      "error: clean asks before it removes anything, and there is no terminal to ask on; give --yes, set PRODIGY_AUTOMATION=true, or look with --dry-run\n",
    );
    expect(await snapshot(sample.repository.parent)).toEqual(before);
  });

  it("--dry-run changes nothing and shows the very plan that a real run carries out", async () => {
    const before = await snapshot(sample.repository.parent);
    const words = ["clean", "--max-events", "10", "--all-jobs", "--output-format", "json"];
    const preview = JSON.parse((await run(...words, "--dry-run")).stdout);
    expect(await snapshot(sample.repository.parent)).toEqual(before);
    const real = JSON.parse((await run(...words, "--yes")).stdout);
    expect(preview).toMatchObject({ dry_run: true, result: null });
    expect(real).toMatchObject({ dry_run: false, result: { complete: true, conserved: true, failed: 0 } });
    const { result } = real;
    for (const unit of ["lines", "bytes"])
      expect(result.before[unit]).toBe(result.kept[unit] + result.archived[unit] + result.deleted[unit]);
    expect(result.deleted.lines).toBe(preview.totals.records_removed);
    expect(real.totals).toEqual(preview.totals);
    const plan = (document: { segments: { path: string; action: string; records_removed: number }[] }) =>
      document.segments.map(({ path, action, records_removed }) => [path, action, records_removed]);
    expect(plan(real)).toEqual(plan(preview));
  });

  it.each([
    { bad: "{\n", words: "and so does 1 line that cannot be read" },
    { bad: "{\nnot json\n", words: "and so do 2 lines that cannot be read" },
  ])("says in the plan how many lines stay because they cannot be read: $words", async ({ bad, words }) => {
    const path = join(sample.cwd, "with-bad-lines.jsonl");
    const { lines } = await run("ls", "--limit", "2", "--output-format", "ndjson");
    await writeFile(path, `${lines.join("\n")}\n${bad}`);
    await utimes(path, 1, 1);
    const all = ["clean", "--file", path, "--older-than", "1s", "--dry-run"];
    expect((await run(...all)).stdout).toContain(
      `2 records in 1 segment go (deleted), 0 stay, ${words}; about`,
    );
    const none = ["clean", "--file", path, "--older-than", "9999d", "--dry-run"];
    expect((await run(...none)).stdout).toContain(`nothing to remove: all 2 records stay, ${words}\n`);
  });

  it("--max-events keeps exactly the newest", async () => {
    const newest = await newestIds(25);
    const outcome = await run("clean", "--max-events", "25", "--yes");
    expect(outcome.code).toBe(0);
    const [summary, checked, ...rest] = outcome.stderr.split("\n");
    expect(summary).toMatch(/^\d+ records deleted, .* freed$/);
    expect(checked).toMatch(
      /^checked: \d+ lines \([\d,]+ bytes\) = \d+ kept.* \+ 0 archived \+ \d+ deleted \([\d,]+ bytes\)$/,
    );
    expect(rest).toEqual([""]);
    expect((await newestIds(0)).join("\n")).toBe(newest.join("\n"));
  });

  it.each([
    "0d",
    "0.0s",
    "-3d",
    "NaN",
    "NaNd",
    "Infinityd",
    "101y",
    "36526d",
    "5000000000000ms",
    "30",
    "5 parsecs",
    "1e3d",
    "",
  ])("--older-than %j is a usage error, and nothing is touched", async (age) => {
    const before = await snapshot(sample.repository.parent);
    const outcome = await run("clean", `--older-than=${age}`, "--yes");
    expect(outcome).toMatchObject({ code: 2, stdout: "" });
    expect(outcome.stderr).toMatch(/^error: --older-than .*\n$/);
    expect(await snapshot(sample.repository.parent)).toEqual(before);
  });

  it("refuses while another process holds the lock of the store, and says who; logging goes on", async () => {
    const hash = createHash("sha256")
      .update(await realpath(sample.store))
      .digest("hex");
    const squatter = createServer();
    squatter.listen({ path: `\0prodigy-events-clean-${hash.slice(0, 32)}`.padEnd(108, ".") });
    await once(squatter, "listening");
    try {
      const refused = await run("clean", "--max-events", "25", "--yes", "--all-jobs", "--break-lock");
      expect(refused.code).toBe(1);
      expect(refused.stderr).toContain(`error: process ${process.pid} is cleaning or restoring in`);
      expect(
        await run("emit", "job_paused", "--job-id", "late", "--set", "checkpoint_version=1"),
      ).toMatchObject({
        code: 0,
      });
      expect(await count("--job-id", "late")).toBe(1);
    } finally {
      squatter.close();
    }
    expect((await run("clean", "--max-events", "25", "--yes", "--all-jobs")).code).toBe(0);
  });

  it("PRODIGY_AUTOMATION=true stands for --yes", async () => {
    const env = { PRODIGY_AUTOMATION: "true" };
    const words = ["clean", "--max-events", "25"];
    expect(await runProgram(words, { cwd: sample.cwd, store: sample.store, env })).toMatchObject({ code: 0 });
    expect(await count()).toBe(25);
  });

  it("--job-id touches no other job", async () => {
    const other = await count("--job-id", "mapreduce-xyz789");
    await run("clean", "--max-events", "5", "--job-id", "mapreduce-abc456", "--yes");
    expect(await count("--job-id", "mapreduce-abc456")).toBe(5);
    expect(await count("--job-id", "mapreduce-xyz789")).toBe(other);
  });

  it("--older-than removes nothing that is younger, and says so", async () => {
    const before = await count();
    const { stdout, code } = await run("clean", "--older-than", "30d", "--yes");
    expect(code).toBe(0);
    expect(stdout).toContain(`nothing to remove: all ${before} records stay\n`);
    expect(stdout).toMatch(
      new RegExp(`^keep +\\d+ segments that no limit reaches: ${before} records, `, "m"),
    );
    expect(await count()).toBe(before);
  });

  it("--archive moves, and restore brings everything back", async () => {
    const before = await newestIds(0);
    const archive = join(sample.repository.parent, "backup");
    const cleaned = await run("clean", "--max-events", "30", "--archive", "--archive-path", archive, "--yes");
    expect(cleaned.code).toBe(0);
    expect(cleaned.stderr).toContain(`archived to ${archive}`);
    expect(await count()).toBe(30);
    const preview = await run("restore", "--archive-path", archive, "--dry-run");
    expect(preview.code).toBe(0);
    expect(await count()).toBe(30);
    const restored = await run("restore", "--archive-path", archive);
    expect(restored.code).toBe(0);
    expect(restored.stderr).toMatch(/^\d files? restored \(\d+ records?, .*\)\n$/);
    expect((await newestIds(0)).sort().join("\n")).toBe(before.sort().join("\n"));
  });

  it("restore brings back one job, and only what is missing", async () => {
    const [kept, gone] = ["mapreduce-xyz789", "mapreduce-abc456"];
    const before = await count("--job-id", gone);
    await run("clean", "--max-events", "1", "--all-jobs", "--archive", "--yes");
    expect((await run("restore", "--job-id", gone)).code).toBe(0);
    expect(await count("--job-id", gone)).toBe(before);
    expect(await count("--job-id", kept, "--correlation-id", "workflow-abc123")).toBe(0);
    const again = await run("restore", "--job-id", gone);
    expect(again).toMatchObject({
      code: 0,
      stderr: expect.stringMatching(/^0 files restored .*, \d there already\n$/),
    });
  });

  it("restore says when there is nothing to restore", async () => {
    expect(await run("restore")).toMatchObject({
      code: 0,
      stdout: "",
      stderr: `nothing to restore in ${join(sample.store, "archive")}\n`,
    });
  });

  it("refuses a store that other users can reach, until --force", async () => {
    await chmod(sample.store, 0o755);
    const refused = await run("clean", "--max-events", "25", "--yes", "--all-jobs");
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain("--force");
    expect((await run("clean", "--max-events", "25", "--yes", "--all-jobs", "--force")).code).toBe(0);
  });

  it("puts in order what killed writers left, when it has cleaned, and not when it only looks", async () => {
    const directory = join(sample.store, "events", "sample", sample.jobIds[1]);
    const name = (await readdir(directory)).find((each) => each.endsWith(".jsonl"))!;
    const content = await readFile(join(directory, name));
    // Rotated a moment after the last one, which its writer had gone on behind; compressed, with the plain file still there.
    const later = `${name.replace(/^events-2\d/, "events-29")}`;
    for (const each of [`${later}.rotated`, `.${later}.rotated.gz.0123456789ab.tmp`])
      await writeFile(join(directory, each), content);
    await writeFile(join(directory, `${later}.rotated.gz`), gzipSync(content));
    const before = await snapshot(directory);
    const words = ["clean", "--older-than", "9999d", "--all-jobs"];
    await run(...words, "--dry-run");
    expect(await snapshot(directory)).toEqual(before);
    const { code, stderr } = await run(...words, "--yes");
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr:
        "finished what killed writers left: 1 segment renamed, 1 spare copy removed, 1 temporary file removed\n",
    });
    expect((await readdir(directory)).filter((each) => !/^\.[a-z]+$/.test(each)).sort()).toEqual([
      `${name}.rotated`,
      `${later}.rotated.gz`,
    ]);
    expect((await run(...words, "--yes")).stderr).toBe("");
  });

  it("cuts no segment whose writer may be alive, says so, and removes it once it can go whole", async () => {
    const living = await createSampleStore({ agoMs: 3_600_000 });
    const words = ["clean", "--job-id", living.jobIds[1], "--all-repos", "--yes"];
    const cleaned = (...limit: string[]) =>
      runProgram([...words, ...limit], { cwd: living.cwd, store: living.store });
    const kept = await cleaned("--max-events", "5");
    expect(kept.stdout).toContain("its writer may still be alive (--assume-dead PRODUCER if it is not)");
    expect(kept.stdout).toContain("nothing to remove");
    expect((await cleaned("--older-than", "1s")).stderr).toMatch(/^120 records deleted/);
  });

  it("leaves alone what was written less than a minute ago", async () => {
    const fresh = await createSampleStore();
    const before = await snapshot(fresh.store);
    const outcome = await runProgram(["clean", "--max-events", "1", "--yes", "--all-jobs"], {
      cwd: fresh.cwd,
      store: fresh.store,
    });
    expect(outcome.code).toBe(0);
    expect(outcome.stdout).toContain("closed less than 60 s ago");
    expect(await snapshot(fresh.store)).toEqual(before);
  });
});
