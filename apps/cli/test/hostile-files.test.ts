import { spawnSync } from "node:child_process";
import { mkdir, readdir, readFile, stat, symlink, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { createEventLogger } from "@prodigy-events/logger";
import { temporaryDirectory } from "@prodigy-events/test-kit";
import { beforeEach, describe, expect, it } from "vitest";
import { runProgram } from "./support/program.js";
import { createSampleStore } from "./support/sample-store.js";

/** Files that are not what their names say: docs/security.md, rows D1, D2, D3 and D7. */

let cwd: string;
let store: string;
beforeEach(async () => {
  const directory = await temporaryDirectory();
  cwd = directory.join("work");
  store = directory.join("store");
  await mkdir(cwd, { recursive: true });
});

const run = (...words: string[]) => runProgram(words, { cwd, store });
const emit = (...words: string[]) =>
  run("emit", "job_paused", "--set", "checkpoint_version=1", "--repo", "r", ...words);

/** Every file and directory below `path`, relative to it. */
async function below(path: string): Promise<string[]> {
  return (await readdir(path, { recursive: true }).catch(() => [])).sort();
}

describe("D1: a name that would lead elsewhere", () => {
  it.each([
    ["../../../../etc", "%2E%2E%2F%2E%2E%2F%2E%2E%2F%2E%2E%2Fetc"],
    ["/etc", "%2Fetc"],
    ["a/../../b", "a%2F%2E%2E%2F%2E%2E%2Fb"],
    ["..", "%2E%2E"],
    [".", "%2E"],
    ["-rf", "%2Drf"],
    [".hidden", "%2Ehidden"],
    ["a\nb", "a%0Ab"],
    ["ünï", "%C3%BCn%C3%AF"],
    ["%2e%2e%2f", "%252e%252e%252f"],
  ])(
    "%j stays a directory in the store, as a job and as a repository, and reads back",
    async (name, encoded) => {
      expect((await emit(`--job-id=${name}`)).code).toBe(0);
      expect(await below(join(store, "events", "r"))).toEqual([
        encoded,
        join(encoded, "events-shared.jsonl"),
      ]);
      const found = await run("ls", "--repo", "r", `--job-id=${name}`, "--output-format", "ndjson");
      expect(found.lines.map((line) => JSON.parse(line).event.job_id)).toEqual([name]);
      const jobs = JSON.parse((await run("jobs", "--repo", "r", "--output-format", "json")).stdout);
      expect(JSON.stringify(jobs)).toContain(JSON.stringify(name));
      await emit("--job-id=j", `--repo=${name}`);
      expect(await readdir(join(store, "events"))).toEqual(expect.arrayContaining(["r", encoded]));
      expect(await readdir(join(store, ".."))).toEqual(["store", "work"]);
    },
  );

  it.each([
    ["empty", "", "needs a value"],
    ["too long for a directory", "x".repeat(300), "255"],
  ])("that is %s is a usage error", async (_, name, reason) => {
    const outcome = await emit(`--job-id=${name}`);
    expect(outcome).toMatchObject({ code: 2, stdout: "", stderr: expect.stringContaining(reason) });
    expect(outcome.stderr.trimEnd().split("\n")).toHaveLength(1);
    expect(await below(store)).toEqual([]);
  });

  it("in an archive, a manifest or a shared file leads nowhere", async () => {
    const outside = join(cwd, "outside");
    const place = join(store, "archive", "_files", "x-00000000");
    await mkdir(place, { recursive: true, mode: 0o700 });
    await writeFile(join(place, ".origin.json"), JSON.stringify({ version: 1, directory: outside }));
    await writeFile(join(place, "events-x.jsonl"), '{"id":"1"}\n');
    await run("restore", "--all-repos");
    expect(await below(outside)).toEqual([]);
    await mkdir(join(store, "archive", "..%2F..%2Fescape", "j"), { recursive: true, mode: 0o700 });
    await writeFile(join(store, "archive", "..%2F..%2Fescape", "j", "events-x.jsonl"), '{"id":"1"}\n');
    await run("restore", "--all-repos");
    expect(await readdir(join(store, ".."))).toEqual(["store", "work"]);
  });
});

describe("D1: a name that is not UTF-8", () => {
  const recordOf = (id: string) =>
    `{"id":"${id}","timestamp":"2026-01-01T12:00:0${id}Z","correlation_id":"c","event":{"event_type":"x"},"metadata":{}}\n`;
  const pathOf = (...names: string[]) => Buffer.from(join(store, "events", ...names), "latin1");
  const files = [
    ["r", "j", "good.jsonl.rotated"],
    ["r", "j", "bad\x9bname.jsonl.rotated"],
    ["r", "j", "bad\x9cname.jsonl.rotated"],
    ["r", "jb\xff", "events.jsonl.rotated"],
    ["r\xfe", "j", "events.jsonl.rotated"],
    ["not encoded", "j", "events.jsonl.rotated"],
  ] as const;
  const ids = async (...words: string[]) =>
    (await run(...words)).lines.map((line) => JSON.parse(line).id as string).sort();

  beforeEach(async () => {
    for (const [index, [repo, job, name]] of files.entries()) {
      await mkdir(pathOf(repo, job), { recursive: true, mode: 0o700 });
      await writeFile(pathOf(repo, job, name), recordOf(`${index}`), { mode: 0o600 });
    }
  });

  it("hides no record from any question", async () => {
    const inR = ["0", "1", "2", "3"];
    expect(await ids("ls", "--repo", "r", "--output-format", "ndjson")).toEqual(inR);
    expect(await ids("ls", "--all-repos", "--output-format", "ndjson")).toEqual([...inR, "4", "5"]);
    expect(await ids("export", "--repo", "r")).toEqual(inR);
    expect(await ids("search", ".", "--repo", "r", "--output-format", "ndjson")).toEqual(inR);
    const following = ["follow", "--repo", "r", "-n", "all", "--until-idle", "300ms"];
    expect(await ids(...following, "--output-format", "ndjson")).toEqual(inR);
    for (const path of ["events", "events/*/*/*.jsonl*"]) {
      const named = await ids("ls", "--file", join(store, path), "--output-format", "ndjson");
      expect(named).toEqual([...inR, "4", "5"]);
    }
    const { groups } = JSON.parse(
      (await run("stats", "--repo", "r", "--group-by", "job_id", "--output-format", "json")).stdout,
    );
    expect(groups.map((group: { key: object; count: number }) => [group.key, group.count])).toEqual([
      [{ job_id: "j" }, 3],
      [{ job_id: "jb\udcff" }, 1],
    ]);
    const jobs = await run("jobs", "--all-repos", "--output-format", "json");
    expect(JSON.parse(jobs.stdout)).toMatchObject([
      { repo: "r", job_id: "j", records: 3 },
      { repo: "r", job_id: "jb\udcff", records: 1 },
      { repo: "r\udcfe", job_id: "j", records: 1 },
      { repo: "not encoded", job_id: "j", records: 1 },
    ]);
  }, 60_000);

  it("is shown so that it can be read, and told of what is wrong with it", async () => {
    expect((await run("jobs", "--repo", "r")).stdout).toContain("jb\\u{dcff} ");
    expect((await run("verify", "--repo", "r")).stdout).toContain("sound: 4 records in 4 segments");
    await writeFile(pathOf("r", "jb\xff", "events.jsonl.rotated"), "broken\n");
    const damaged = await run("verify", "--repo", "r");
    expect(damaged).toMatchObject({ code: 3, stdout: expect.stringContaining("r/jb\\u{dcff}/events.jsonl") });
    expect((await run("ls", "--repo", "r", "--strict")).code).toBe(3);
    expect((await run("doctor", "--repo", "r")).stdout).toContain("2 jobs");
  }, 60_000);

  it("is indexed, repaired, cleaned, archived and restored like any other", async () => {
    expect((await run("index", "--repo", "r")).code).toBe(0);
    expect((await run("repair", "--repo", "r", "--to", join(cwd, "repaired"))).code).toBe(0);
    const repaired = ["ls", "--file", join(cwd, "repaired"), "--output-format", "ndjson"];
    expect(await ids(...repaired)).toEqual(["0", "1", "2", "3"]);
    for (const file of files) await utimes(pathOf(...file), 0, 0);
    const words = ["--repo", "r", "--all-jobs", "--archive", "--yes"];
    const cleaned = await run("clean", "--older-than", "1d", ...words);
    expect(cleaned).toMatchObject({ code: 0, stderr: expect.stringContaining("4 records archived") });
    expect(await ids("ls", "--repo", "r", "--output-format", "ndjson")).toEqual([]);
    expect((await run("restore", "--repo", "r")).code).toBe(0);
    expect(await ids("ls", "--repo", "r", "--output-format", "ndjson")).toEqual(["0", "1", "2", "3"]);
    const restored = await readFile(pathOf("r", "j", "bad\x9bname.jsonl.rotated.gz"));
    expect(gunzipSync(restored).toString()).toBe(recordOf("1"));
  }, 60_000);

  it("keeps directories outside the store apart in the archive", async () => {
    const outside = (name: string) => Buffer.from(join(cwd, "logs", name), "latin1");
    for (const [index, name] of ["a\x9b", "a\x9c"].entries()) {
      await mkdir(outside(`${name}/e`), { recursive: true });
      await writeFile(outside(`${name}/e/x.jsonl.rotated`), recordOf(`${index}`));
      await utimes(outside(`${name}/e/x.jsonl.rotated`), 0, 0);
    }
    const named = ["--file", join(cwd, "logs", "*", "e")];
    expect((await run("clean", "--older-than", "1d", "--archive", "--yes", ...named)).code).toBe(0);
    const [first, second, ...others] = await readdir(join(store, "archive", "_files"));
    expect(others).toEqual([]);
    expect([first, second]).toEqual([expect.stringMatching(/^e-/), expect.stringMatching(/^e-/)]);
  }, 60_000);
});

describe("D2: something else than a file in the events directory", () => {
  let directory: string;
  beforeEach(async () => {
    await emit("--job-id", "j");
    directory = join(store, "events", "r", "j");
    const fifos = [
      "f.jsonl",
      "events-20260101_000000_000-abcd.jsonl",
      "events-shared-20260101_000000_000.jsonl.rotated",
    ];
    for (const name of [...fifos, ".manifest", ".index", ".clean"])
      spawnSync("mkfifo", [join(directory, name)]);
    await mkdir(join(directory, ".producers"), { recursive: true });
    spawnSync("mkfifo", [join(directory, ".producers", "abcd.json"), join(store, "events", "r", "fifo-job")]);
    await mkdir(join(directory, "directory.jsonl"));
    await symlink("/dev/zero", join(directory, "zero.jsonl"));
    await symlink("missing", join(directory, "dangling.jsonl"));
    await symlink("loop.jsonl", join(directory, "loop.jsonl"));
    spawnSync("mknod", [join(directory, "null.jsonl"), "c", "1", "3"]);
  });

  it.each([
    ["ls"],
    ["stats"],
    ["jobs"],
    ["search", "job_paused"],
    ["export"],
    ["follow", "--until-idle", "100ms"],
    ["follow", "--until-idle", "100ms", "-n", "all", "--cursor-file", "c"],
    ["clean", "--max-events", "1", "--all-jobs", "--archive", "--yes"],
    ["restore"],
  ])(
    "is passed over, and nothing hangs: %s %s",
    async (...words) => {
      const outcome = await run(...words, "--repo", "r");
      expect({ code: outcome.code, signal: outcome.signal }).toEqual({ code: 0, signal: null });
      if (words[0] === "ls" || words[0] === "export") expect(outcome.lines).toHaveLength(1);
    },
    30_000,
  );

  it.each([
    ["1 line read", "repair", "--to", "repaired"],
    ["1 skipped", "index"],
    ["1 absent", "index", "--check"],
    ["no indexes", "index", "--drop"],
    ["read 1 record in 1 file", "scan"],
    ['"event_type": "job_paused"', "show", "0"],
  ])(
    "is passed over, and the answer is all the same %s: %s %s",
    async (answer, ...words) => {
      const outcome = await run(...words, "--repo", "r");
      expect({ code: outcome.code, signal: outcome.signal }).toEqual({ code: 0, signal: null });
      expect(`${outcome.stdout}${outcome.stderr}`).toContain(answer);
    },
    30_000,
  );

  it.each([["verify"], ["verify", "--deep"]])(
    "is told by %s %s where a state file should be",
    async (...words) => {
      const outcome = await run(...words, "--repo", "r");
      expect({ code: outcome.code, signal: outcome.signal }).toEqual({ code: 1, signal: null });
      expect(outcome.stdout).toMatch(/unchecked .*abcd\.json is not a regular file/);
      expect(outcome.stdout).toContain("incomplete: 1 unreadable file, 1 record in 1 segment");
    },
    30_000,
  );

  it("does not keep doctor from its answer", async () => {
    const { signal, stdout } = await run("doctor", "--repo", "r");
    expect(signal).toBeNull();
    expect(stdout).toContain("events       1 job");
  }, 30_000);

  it.each([
    ["ls"],
    ["verify"],
    ["repair", "--to", "repaired"],
    ["index"],
    ["index", "--check"],
    ["scan"],
    ["show", "0"],
  ])(
    "is an error of %s, at once, when it is named",
    async (...words) => {
      for (const name of ["f.jsonl", "zero.jsonl", "null.jsonl", "loop.jsonl", "dangling.jsonl"]) {
        const outcome = await run(...words, "--file", join(directory, name));
        expect(outcome).toMatchObject({ code: 1, stdout: "" });
        expect(outcome.stderr).toMatch(/^error: [^\n]*(not a regular file|loop|does not exist)[^\n]*\n$/);
      }
    },
    60_000,
  );

  it("is never written through: a link in the place of a shared file", async () => {
    const victim = join(cwd, "victim");
    await mkdir(join(store, "events", "r", "linked"), { recursive: true });
    await symlink(victim, join(store, "events", "r", "linked", "events-shared.jsonl"));
    const outcome = await emit("--job-id", "linked");
    expect(outcome.code).toBe(1);
    await expect(stat(victim)).rejects.toMatchObject({ code: "ENOENT" });
    await writeFile(victim, "mine\n");
    expect((await emit("--job-id", "linked")).code).toBe(1);
    expect(await readFile(victim, "utf8")).toBe("mine\n");
  });
});

describe("D3: everything that is written", () => {
  it("is for its owner alone, whatever the umask: store, gz, manifests, archive, index, lock, log, export, cursor", async () => {
    const umask = process.umask(0);
    try {
      const logger = await createEventLogger({
        ...{ store, repo: "r", jobId: "many", maxSegmentBytes: 20_000, compress: true },
      });
      for (let step = 0; step < 400; step += 1)
        logger.log({ event_type: "agent_progress", agent_id: "a", step: `${step}`, progress_pct: 1 });
      await logger.shutdown();
      await emit("--job-id", "many");
      await run("ls", "--repo", "r");
      await run("follow", "--repo", "r", "--until-idle", "1ms", "--cursor-file", join(store, "cursor"));
      await run("export", "--repo", "r", "--output", join(store, "export.ndjson"));
    } finally {
      process.umask(umask);
    }
    const sample = await createSampleStore({ agoMs: 3_600_000 });
    const cleaned = { cwd: sample.cwd, store: sample.store };
    const words = ["clean", "--max-events", "5", "--all-jobs", "--archive", "--yes"];
    expect((await runProgram(words, cleaned)).code).toBe(0);
    expect((await runProgram(["restore"], cleaned)).code).toBe(0);

    for (const root of [store, sample.store]) {
      const loose: string[] = [];
      for (const name of ["", ...(await below(root))]) {
        const { mode } = await stat(join(root, name));
        if ((mode & 0o077) !== 0) loose.push(`${name} ${(mode & 0o777).toString(8)}`);
      }
      expect(loose).toEqual([]);
    }
    const names = await below(store);
    expect(names.some((name) => name.endsWith(".rotated.gz"))).toBe(true);
    expect(names.some((name) => name.includes(".manifest/"))).toBe(true);
    expect((await below(sample.store)).some((name) => name.startsWith("archive/"))).toBe(true);
  });

  it("is warned about where it is looser: the logger says so, and doctor", async () => {
    await mkdir(store, { mode: 0o755 });
    const codes: string[] = [];
    const logger = await createEventLogger({ store, repo: "r", onError: ({ code }) => codes.push(code) });
    logger.log({ event_type: "job_paused", checkpoint_version: 1 });
    await logger.shutdown();
    expect(codes).toContain("LOOSE_ROOT");
    expect((await run("doctor")).stdout).toMatch(/warning +permissions .*other users can reach it/);
  });
});

describe("D7: a decompression bomb", () => {
  it("ends at --max-inflate, in both directions, beside files that are read", async () => {
    await emit("--job-id", "j");
    const directory = join(store, "events", "r", "j");
    const bomb = gzipSync(Buffer.alloc(200_000_000));
    await writeFile(join(directory, "bomb.jsonl.gz"), bomb);
    await writeFile(join(directory, "events-20260101_000000_000-abcd.jsonl.rotated.gz"), bomb);
    const limited = ["--repo", "r", "--max-inflate", "20MB"];
    for (const words of [["ls"], ["ls", "--limit", "1"], ["stats"], ["search", "job_paused"], ["jobs"]]) {
      const outcome = await run(...words, ...limited);
      expect(outcome.code).toBe(0);
      expect(outcome.stdout).toContain(words[0] === "jobs" ? "j" : "job_paused");
      expect(outcome.stderr).toContain(
        "inflates to more than the 20000000 bytes allowed, over 102 times its size",
      );
    }
    expect(await run("ls", "--max-inflate", "lots")).toMatchObject({ code: 2 });
  }, 60_000);
});
