import { mkdir, readFile, writeFile } from "node:fs/promises";
import { createEventLogger } from "@prodigy-events/logger";
import { type TemporaryDirectory, temporaryDirectory } from "@prodigy-events/test-kit";
import { beforeEach, describe, expect, it } from "vitest";
import { runProgram } from "./support/program.js";

/** Records and arguments that mean harm: docs/security.md, rows D5, D6, D8, D12 and D13. */

let directory: TemporaryDirectory;
let cwd: string;
let path: string;
beforeEach(async () => {
  directory = await temporaryDirectory();
  cwd = directory.join("work");
  path = directory.join("work", "e.jsonl");
  await mkdir(cwd, { recursive: true });
});

const record = (id: string, event: object, metadata: object = {}) =>
  JSON.stringify({ id, timestamp: "2026-01-01T12:00:00Z", correlation_id: "c", event, metadata });
const write = (...lines: string[]) => writeFile(path, `${lines.join("\n")}\n`);
const search = (...words: string[]) => runProgram(["search", "--file", path, ...words], { cwd });
const run = (...words: string[]) => runProgram([...words, "--file", path], { cwd });

describe("D5: a text that would forge a record", () => {
  it("stays one record, when it is logged and in every format that has lines", async () => {
    const forged = `x\n${record("forged", { event_type: "job_failed" })}`;
    const store = directory.join("store");
    const logger = await createEventLogger({ store, repo: "r", jobId: "j" });
    logger.log({ event_type: "agent_failed", agent_id: forged, error: forged, retry_eligible: false });
    await logger.shutdown();
    const list = (...words: string[]) => runProgram([...words, "--repo", "r"], { cwd, store });
    const formats = ["ndjson", "csv", "human", "table"];
    const lines = await Promise.all(
      formats.map(async (format) => (await list("ls", "--output-format", format)).lines.length),
    );
    expect(lines).toEqual([1, expect.any(Number), 1, 2]); // in CSV the line feeds are within quotes
    expect(JSON.parse((await list("ls", "--output-format", "json")).stdout)).toMatchObject([
      { event: { event_type: "agent_failed", error: forged } },
    ]);
    expect((await list("stats", "--output-format", "json")).stdout).toContain('"total": 1');
  });
});

describe("D6: a regular expression that loses itself", () => {
  it.each([
    ["^(a+)+$", `${"a".repeat(50)}!`],
    [`${"(.*a)".repeat(25)}b`, "a".repeat(50)],
    ["^(a+)+\\1$", `${"a".repeat(50)}!`],
    ["(?<!x)(a+)+$", `${"a".repeat(50)}!`],
  ])(
    "%s ends within its time, and is named",
    async (pattern, text) => {
      await write(record("1", { event_type: "agent_failed", error: text }));
      const outcome = await search("--", pattern);
      expect(outcome).toMatchObject({ code: 1, stdout: "" });
      expect(outcome.stderr).toMatch(/took longer than 2 s .*literal search \(-F\)/);
      expect(outcome.stderr).toContain(pattern.slice(0, 6));
      expect((await search("-F", "--", pattern)).code).toBe(0);
    },
    30_000,
  );

  it.each([
    ["that is invalid", "("],
    ["that repeats a repetition too often", "(((a{1,1000}){1,1000}){1,1000})"],
    ["of a lone surrogate", "\ud800"],
    ["of 100 kB", "a".repeat(100_000)],
  ])(
    "one %s is refused or ends",
    async (_, pattern) => {
      await write(record("1", { event_type: "agent_failed", error: "a".repeat(5_000) }));
      const outcome = await search("--", pattern);
      expect(outcome.signal).toBeNull();
      expect([0, 1, 2]).toContain(outcome.code);
      if (pattern === "(") expect(outcome).toMatchObject({ code: 2, stderr: expect.stringContaining("(") });
    },
    30_000,
  );
});

describe("D6: a glob that loses itself", () => {
  it.each([
    ["*a*a*a*a*a*a*a*a*b", `${"a".repeat(60)}c`],
    ["*agent*failed", "agent".repeat(200_000)],
    [`${"*a?".repeat(20)}b`, "a".repeat(1_000_000)],
    [`*${"a".repeat(20)}[b-z]`, "a".repeat(1_000_000)],
  ])(
    "over event types, %s, ends",
    async (glob, eventType) => {
      await write(record("1", { event_type: eventType }), record("2", { event_type: `${eventType}b` }));
      const outcome = await run("ls", `--event-type=${glob}`, "--output-format", "ndjson");
      expect(outcome).toMatchObject({ code: 0, signal: null });
      const found = outcome.lines.map((line) => JSON.parse(line).id);
      expect(found).toEqual(glob === "*agent*failed" ? [] : ["2"]);
      expect((await run("stats", `--event-type=${glob}`)).code).toBe(0);
    },
    60_000,
  );

  it("over file names ends", async () => {
    path = directory.join("work", `${"a".repeat(60)}.jsonl`);
    await write(record("1", { event_type: "x" }));
    const list = (glob: string) => runProgram(["ls", "--file", glob], { cwd });
    expect(await list("a*a*a*a*a*a*a*a*b.jsonl")).toMatchObject({ code: 0, stdout: "" });
    expect((await list("a*a*a*a*a*a*a*a*a.jsonl")).lines).toHaveLength(1);
  }, 60_000);

  it("with a range that runs backwards matches nothing", async () => {
    await write(record("1", { event_type: "y" }));
    expect(await run("ls", "--event-type=[z-a]")).toMatchObject({ code: 0, stdout: "" });
    expect((await run("ls", "--event-type=[z-ay]")).lines).toHaveLength(1);
  });
});

describe("D8: JSON that is a trap", () => {
  const deep = (depth: number) => `${"[".repeat(depth)}${"]".repeat(depth)}`;

  it("counts values that are called like properties of every object", async () => {
    const names = ["__proto__", "constructor", "toString", "hasOwnProperty", "valueOf"];
    await write(
      ...names.flatMap((name, at) => [
        record(`a${at}`, { event_type: name, job_id: name, agent_id: "a" }),
        record(`b${at}`, { event_type: name, job_id: name, agent_id: "a" }),
      ]),
    );
    const { groups, total } = JSON.parse(
      (await run("stats", "--group-by", "job_id", "--output-format", "json")).stdout,
    );
    expect(total).toBe(10);
    expect(
      groups.map((group: { key: object; count: number }) => [Object.values(group.key)[0], group.count]),
    ).toEqual(names.map((name) => [name, 2]).sort());
    const types = await run("stats", "--output-format", "csv");
    for (const name of names) expect(types.stdout).toContain(`${name}`);
    expect((await run("jobs", "--output-format", "ndjson")).lines).toHaveLength(5);
    for (const name of names) {
      expect((await run("ls", `--job-id=${name}`, "--output-format", "ndjson")).lines).toHaveLength(2);
      expect((await run("ls", `--event-type=${name}`, "--output-format", "ndjson")).lines).toHaveLength(2);
    }
  }, 60_000);

  it("keeps keys that would change a prototype to their record", async () => {
    const line =
      '{"id":"1","timestamp":"2026-01-01T12:00:00Z","correlation_id":"c","event":{"event_type":"x","__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":2}}},"metadata":{"__proto__":{"polluted":3}}}';
    await write(line, record("2", { event_type: "y" }));
    expect((await run("ls", "--output-format", "json")).stdout).toBe(
      `[\n${line},\n${record("2", { event_type: "y" })}\n]\n`,
    );
    const fields = await run("ls", "--fields", "polluted,event.polluted,event.__proto__.polluted");
    expect(fields.lines).toEqual(["\t\t1", "\t\t"]);
    for (const format of ["yaml", "csv", "table"])
      expect((await run("ls", "--output-format", format)).code).toBe(0);
    const grouped = JSON.parse(
      (await run("stats", "--group-by", "polluted", "--output-format", "json")).stdout,
    );
    expect(grouped.groups).toMatchObject([{ key: { polluted: null }, count: 2 }]);
  });

  it("takes 256 levels, and counts what is deeper as malformed instead of running out of stack", async () => {
    const nested = (levels: number) =>
      record("1", { event_type: "x", value: 0 }).replace('"value":0', `"value":${deep(levels)}`);
    await write(nested(254), nested(255), nested(5_000), nested(100_000), record("2", { event_type: "y" }));
    for (const format of ["ndjson", "json", "yaml", "csv", "human"]) {
      const outcome = await run("ls", "--output-format", format);
      expect(outcome.code).toBe(0);
      expect(outcome.stderr).toContain("3 malformed lines in 1 file");
      expect(outcome.stderr).toContain(" depth ");
    }
    expect((await run("ls", "--output-format", "ndjson")).lines).toHaveLength(2);
  });

  it("passes on integers that JavaScript cannot hold, and duplicate keys, as they are", async () => {
    const line = record("1", { event_type: "x", n: 1 }).replace(
      '"n":1',
      '"n":18446744073709551615,"d":1,"d":2',
    );
    await write(line);
    expect((await run("export")).stdout).toBe(`${line}\n`);
    expect((await run("ls", "--output-format", "json")).stdout).toContain("18446744073709551615");
  });

  it("locates what is no JSON: NaN, UTF-16, a byte order mark in the middle", async () => {
    const good = record("2", { event_type: "y" });
    const nan = record("1", { event_type: "x", v: 1 }).replace('"v":1', '"v":NaN');
    await write(nan, `\ufeff${good}`, good);
    const outcome = await run("ls", "--output-format", "ndjson");
    expect(outcome).toMatchObject({ code: 0, lines: [good] });
    expect(outcome.stderr).toContain("2 malformed lines in 1 file (66.7 %)");
    await writeFile(path, Buffer.from(`${good}\n${good}\n`, "utf16le"));
    const wide = await run("ls");
    expect(wide).toMatchObject({ code: 0, stdout: "" });
    expect(wide.stderr).toMatch(/malformed lines?|torn tail/);
  });
});

describe("D12: records without measure", () => {
  it("stats counts a great many groups apart, and says how many records are in the others", async () => {
    const ids = Array.from({ length: 101_000 }, (_, at) => `job-${at}`);
    await write(...ids.map((id) => record(id, { event_type: "x", job_id: id })));
    const json = JSON.parse((await run("stats", "--group-by", "job_id", "--output-format", "json")).stdout);
    expect(json).toMatchObject({ total: 101_000, other: 1_000 });
    expect(json.groups).toHaveLength(100_000);
    const human = await run("stats", "--group-by", "job_id", "--top", "3");
    expect(human.lines.at(-1)).toBe(
      "101,000 records, 3 groups, 99,997 in groups not shown, 1,000 in further groups (other)",
    );
  }, 60_000);

  it("a line of 17 MiB is counted and located, and hides no other", async () => {
    await write(
      record("1", { event_type: "a" }),
      record("2", { event_type: "b", blob: "x".repeat(17 * 2 ** 20) }),
      record("3", { event_type: "c" }),
    );
    const outcome = await run("ls", "--output-format", "ndjson");
    expect(outcome.lines.map((line) => JSON.parse(line).id)).toEqual(["1", "3"]);
    expect(outcome.stderr).toContain(" too_long ");
  });

  it("an event of 100 MB becomes event_rejected, with type and size, and the next one is written", async () => {
    const store = directory.join("store");
    const logger = await createEventLogger({ store, repo: "r", jobId: "j", onError: () => {} });
    logger.log({
      event_type: "agent_failed",
      agent_id: "a",
      error: "x".repeat(100_000_000),
      retry_eligible: false,
    });
    logger.log({ event_type: "job_paused", checkpoint_version: 1 });
    await logger.shutdown();
    const { lines } = await runProgram(["export", "--repo", "r"], { cwd, store });
    expect(lines.map((line) => JSON.parse(line).event)).toMatchObject([
      { event_type: "event_rejected", rejected_type: "agent_failed", bytes: expect.any(Number) },
      { event_type: "job_paused" },
    ]);
  }, 60_000);

  it("an event of a million keys is read, listed and shown", async () => {
    const fields = Object.fromEntries(Array.from({ length: 500_000 }, (_, at) => [`k${at}`, at]));
    await write(record("wide", { event_type: "x", ...fields }), record("next", { event_type: "y" }));
    expect((await run("ls")).lines).toHaveLength(2);
    expect((await run("stats")).code).toBe(0);
    expect((await run("show", "wide")).signal).toBeNull();
    expect((await run("export", "--format", "csv")).signal).toBeNull();
  }, 120_000);
});

describe("D13: an environment that means harm", () => {
  it.each([
    ["relative", "store"],
    ["a command", ";id"],
    ["a substitution", "$(id)"],
    ["with a tilde", "~/x"],
  ])("PRODIGY_HOME that is %s is refused in one line by whatever uses it", async (_, home) => {
    for (const words of [
      ["ls"],
      ["emit", "job_started"],
      ["clean", "--max-events", "1", "--yes"],
      ["jobs"],
    ]) {
      const outcome = await runProgram(words, { cwd, store: home });
      expect([1, 2]).toContain(outcome.code);
      expect(outcome.stdout).toBe("");
      expect(outcome.stderr).toMatch(/^error: [^\n]*\n$/);
    }
  });

  it("PRODIGY_HOME that is a file is said to be one, and stays as it is", async () => {
    const home = directory.join("file");
    await writeFile(home, "mine");
    const emitted = await runProgram(
      ["emit", "job_paused", "--job-id", "j", "--repo", "r", "--set", "checkpoint_version=1"],
      { cwd, store: home },
    );
    expect(emitted).toMatchObject({
      code: 1,
      stdout: "",
      stderr: expect.stringMatching(/^error: [^\n]*file[^\n]*\n$/),
    });
    expect(await runProgram(["ls", "--repo", "r"], { cwd, store: home })).toMatchObject({ stdout: "" });
    expect(await readFile(home, "utf8")).toBe("mine");
  });

  it("runs nothing that lies in the working directory", async () => {
    const trap = 'require("fs").writeFileSync("ran", ""); module.exports = {};\n';
    for (const name of ["prodigy.config.js", "prodigy.config.cjs", "prodigy.config.mjs", ".prodigyrc.js"])
      await writeFile(directory.join("work", name), trap);
    for (const words of [["ls"], ["schema"], ["stats"]])
      await runProgram(words, { cwd, store: directory.join("store") });
    await expect(readFile(directory.join("work", "ran"))).rejects.toMatchObject({ code: "ENOENT" });
  });
});
