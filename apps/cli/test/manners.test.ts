import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { runProgram, runShell } from "./support/program.js";
import { createSampleStore, type SampleStore } from "./support/sample-store.js";

let sample: SampleStore;

beforeAll(async () => {
  sample = await createSampleStore();
});

const run = (...words: string[]) => runProgram(words, { cwd: sample.cwd, store: sample.store });
const shell = (line: string) => runShell(line, { cwd: sample.cwd, store: sample.store, bin: sample.bin });

describe("the two names of the program", () => {
  it.each([
    "prodigy events ls --limit 2",
    "prodigy-events ls --limit 2",
    "prodigy --ascii events list --limit 2",
  ])("%s lists", async (line) => {
    expect(await shell(line)).toMatchObject({ code: 0, stderr: "", lines: { length: 2 } });
  });

  it("prodigy takes events first", async () => {
    expect(await shell("prodigy ls")).toMatchObject({
      code: 2,
      stdout: "",
      stderr: 'error: prodigy takes "events" first: prodigy events ls\n',
    });
  });

  it.each(["prodigy --version", "prodigy-events -V", "prodigy events ls --version"])(
    "%s is the version",
    async (line) => {
      const { version } = JSON.parse(await readFile(new URL("../package.json", import.meta.url), "utf8"));
      expect(await shell(line)).toMatchObject({ code: 0, stdout: `${version}\n`, stderr: "" });
    },
  );

  it("a version that cannot be written is an error of one line", async () => {
    const { code, stderr } = await shell("prodigy-events --version > /dev/full");
    expect(code).toBe(1);
    expect(stderr).toMatch(/^error: cannot write to standard output: ENOSPC.*\n$/);
  });

  it("a version that nobody reads is none", async () => {
    const line = "{ sleep 0.2; prodigy-events --version; echo $? >&2; } | true";
    expect(await shell(line)).toMatchObject({ code: 0, stdout: "", stderr: "0\n" });
  });
});

describe("help", () => {
  it("lists every command", async () => {
    const { stdout, code } = await run("--help");
    expect(code).toBe(0);
    for (const name of [
      "ls, list",
      "stats",
      "search",
      "follow, tail",
      "show",
      "jobs",
      "export",
      "verify",
      "repair",
      "index",
      "scan",
      "clean",
      "restore",
      "emit",
      "schema",
      "doctor",
    ]) {
      expect(stdout).toContain(`\n  ${name} `);
    }
  });

  it.each([
    "ls",
    "stats",
    "search",
    "follow",
    "show",
    "jobs",
    "export",
    "index",
    "scan",
    "clean",
    "restore",
    "emit",
    "schema",
    "doctor",
  ])("of %s shows its usage, options and examples", async (name) => {
    const { stdout, stderr, code } = await run(name, "--help");
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toContain(`Usage: prodigy-events ${name}`);
    expect(stdout).toContain("--debug");
    expect(stdout).toContain("Examples:");
    expect((await run("help", name)).stdout).toBe(stdout);
  });

  it("without a command goes to standard error, with 2", async () => {
    const { stdout, stderr, code } = await run();
    expect([stdout, code]).toEqual(["", 2]);
    expect(stderr).toContain("Commands:");
  });
});

describe("errors are one line, with what to do, and 2 for a wrong command line", () => {
  it.each([
    ["serach x", 'unknown command "serach"; did you mean search? (prodigy-events --help lists them all)'],
    ["ls --job-idd x", "unknown option --job-idd; did you mean --job-id?"],
    ["ls --limit ten", '--limit wants a whole number of at least 0, got "ten"'],
    ["ls --limit", "--limit needs a value: --limit N"],
    [
      "ls --output-format jsn",
      '--output-format is one of human, json, ndjson, yaml, table, csv, not "jsn"; did you mean json?',
    ],
    ["ls --severity fatal", '--severity is one of error, warning, info, not "fatal"'],
    [
      "ls --since soonish",
      'cannot read "soonish" as a time: give minutes (30), an age (90s, 30m, 2h, 7d), yesterday, a time of day (14:05) or RFC 3339 (2026-01-01T12:00:00Z)',
    ],
    [
      "ls --tz Mars/Olympus",
      'unknown time zone "Mars/Olympus"; write for example --tz Europe/Berlin or --tz UTC',
    ],
    ["ls extra", 'ls does not know what to do with "extra"; usage: prodigy-events ls [options]'],
    ["ls --file a --all-repos", "--file and --all-repos exclude each other: files belong to no repository"],
    ["search", 'search needs a PATTERN, for example: search "error|failed"'],
    [
      "search (",
      '"(" is not a regular expression (Unterminated group); write search -F to look for it as plain text',
    ],
    [
      "search x -C 1 --file -",
      "search -C reads everything twice, which standard input does not allow; give it as a file",
    ],
    [
      "ls --category agnet",
      '--category is one of job, agent, checkpoint, worktree, performance, dlq, claude, phase, system, other, not "agnet"; did you mean agent?',
    ],
    ["stats --top 0", '--top wants a whole number of at least 1, got "0"'],
    [
      "follow --until-idle 5",
      '--until-idle needs a unit (ms, s, m, h, d, w), got "5"; write for example --until-idle 30d, 12h or 90s',
    ],
    ["follow --file -", "standard input cannot be followed: name a file or a directory"],
    ["export --format xml", '--format is one of json, ndjson, csv, tsv, yaml, not "xml"'],
    ["export --mode 644", "--mode is about the file of --output; name one"],
    ["clean", "clean needs to know what may go: --older-than 30d, --max-events 10000 or --max-size 100MB"],
    [
      "clean --older-than 30",
      '--older-than needs a unit (ms, s, m, h, d, w), got "30"; write for example --older-than 30d, 12h or 90s',
    ],
    [
      "clean --older-than 0d",
      '--older-than wants more than zero, got "0d"; write for example --older-than 30d, 12h or 90s',
    ],
    [
      "clean --max-size 100",
      '--max-size needs a unit (B, KB, MB, GB, KiB, MiB, GiB), got "100"; write for example --max-size 100MB or 2GiB',
    ],
    ["clean --max-events 0", '--max-events wants a whole number of at least 1, got "0"'],
    [
      "schema agent_faild",
      'there is no event type "agent_faild"; did you mean agent_failed? (schema lists them all)',
    ],
    ["show", "show needs the ID of a record, or its beginning"],
  ])("%s", async (line, message) => {
    const { stdout, stderr, code } = await run(...line.split(" "));
    expect(stderr).toBe(`error: ${message}\n`);
    expect([stdout, code]).toEqual(["", 2]);
  });

  it("a file that does not exist is 1", async () => {
    expect(await run("ls", "--file", "/no/such/file")).toMatchObject({ code: 1, stdout: "" });
  });

  it("shows a stack only with --debug", async () => {
    expect((await run("ls", "--limit", "x")).stderr).not.toContain("    at ");
    expect((await run("ls", "--limit", "x", "--debug")).stderr).toMatch(/\n {4}at /);
  });

  it("warns about an unknown type and suggests the one that was meant", async () => {
    const { stderr, code } = await run("ls", "--event-type", "agent_faild");
    expect(stderr).toMatch(
      /^warning: unknown event type "agent_faild"; did you mean agent_failed\?\nno record matches --event-type agent_faild among /,
    );
    expect(code).toBe(0);
  });

  it("warns about a job that the store does not have, and a field that nothing has", async () => {
    expect((await run("ls", "--job-id", "mapreduce-xyz78")).stderr).toMatch(
      /^warning: the store has no job "mapreduce-xyz78"; did you mean mapreduce-xyz789\?\n/,
    );
    expect((await run("search", "nothing like it", "--fields", "eror")).stderr).toMatch(
      /^warning: unknown field "eror"; did you mean error\?\n/,
    );
  });

  it("does not warn about a type of one's own that occurs", async () => {
    const line =
      '{"id":"1","timestamp":"2026-01-01T00:00:00Z","correlation_id":"","event":{"event_type":"build_done"},"metadata":{}}\n';
    const outcome = await runProgram(
      ["ls", "--file", "-", "--event-type", "build_done"],
      { cwd: sample.cwd },
      line,
    );
    expect(outcome).toMatchObject({ code: 0, stderr: "", lines: { length: 1 } });
  });
});

describe("exit codes", () => {
  it("--exit-status is 1 if nothing matched, and 0 if something did", async () => {
    for (const command of [["ls"], ["search", "agent"]]) {
      expect((await run(...command, "--exit-status")).code).toBe(0);
      expect((await run(...command, "--exit-status", "--job-id", "nobody")).code).toBe(1);
      expect((await run(...command, "--job-id", "nobody")).code).toBe(0);
    }
  });

  it("says where was looked when there is nothing at all, with 0", async () => {
    const outcome = await runProgram(["ls", "--repo", "void"], { cwd: sample.cwd, store: sample.store });
    expect(outcome.code).toBe(0);
    expect(outcome.stderr).toContain(`no events found; looked in ${sample.store}/events/void\n`);
    expect(outcome.stderr).toContain("--store");
  });

  it("counts and locates damaged lines, and ends with 3 at the first one only with --strict", async () => {
    const good = (await readFile((await sample.files())[0]!, "utf8")).split("\n")[0]!;
    const damaged = join(sample.repository.parent, "damaged.jsonl");
    await writeFile(
      damaged,
      `${good}\nnot json \u001b[2J\n{"id":1}\n${good.replace('"id":"', '"id":"2')}\n{"id":"torn`,
    );
    const counted = await run("ls", "--file", damaged, "--output-format", "ndjson");
    expect(counted.code).toBe(0);
    expect(counted.lines).toHaveLength(2);
    const [summary, first, second] = counted.stderr.split("\n");
    expect(summary).toMatch(/^warning: 2 malformed lines in 1 file \(\d+\.\d %\); run 'events verify'$/);
    expect(first).toMatch(
      new RegExp(`^ {2}${damaged}:${good.length + 1} 13 json not json \\\\u\\{1b\\}\\[2J$`),
    );
    expect(second).toContain(" schema ");
    const strict = await run("ls", "--file", damaged, "--strict");
    expect(strict.code).toBe(3);
    expect(strict.stderr).toContain(`${damaged}`);
  });
});
