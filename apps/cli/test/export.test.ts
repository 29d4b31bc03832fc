import { mkdir, readdir, readFile, stat, symlink, writeFile } from "node:fs/promises";
import { temporaryDirectory } from "@prodigy-events/test-kit";
import { beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { parseCsv } from "./support/csv.js";
import { runProgram } from "./support/program.js";
import { createSampleStore, type SampleStore } from "./support/sample-store.js";

let sample: SampleStore;

beforeAll(async () => {
  sample = await createSampleStore();
});

const run = (...words: string[]) =>
  runProgram(["export", ...words], { cwd: sample.cwd, store: sample.store });
const countOf = async () => (await sample.records()).length;

describe("export", () => {
  it("is ndjson byte for byte, also of lines that are not canonical", async () => {
    const line =
      '{ "timestamp":"2026-01-01T00:00:00Z" ,"id":"x","event":{"n":18446744073709551615,"event_type":"t\\u0041"},"metadata":{},"correlation_id":"\\u00e9" }';
    const outcome = await runProgram(["export", "--file", "-"], { cwd: sample.cwd }, `${line}\n`);
    expect(outcome.stdout).toBe(`${line}\n`);
  });

  it("json keeps the digits of large integers", async () => {
    const line =
      '{"id":"x","timestamp":"2026-01-01T00:00:00Z","correlation_id":"","event":{"event_type":"t","n":18446744073709551615},"metadata":{}}';
    const outcome = await runProgram(
      ["export", "--file", "-", "--format", "json"],
      { cwd: sample.cwd },
      `${line}\n`,
    );
    expect(outcome.stdout).toBe(`[\n${line}\n]\n`);
  });

  it.each([
    ["json", (text: string) => JSON.parse(text).length],
    ["ndjson", (text: string) => text.trim().split("\n").length],
    ["csv", (text: string) => parseCsv(text).length - 1],
    ["tsv", (text: string) => text.trimEnd().split("\n").length - 1],
    ["yaml", (text: string) => parse(text).length],
  ])("%s has every record, on standard output and in a file named for it", async (format, count) => {
    expect(count((await run("--format", format)).stdout)).toBe(await countOf());
    const directory = await temporaryDirectory();
    const path = directory.join(`events.${format}`);
    const { stdout, stderr, code } = await run("--output", path);
    expect([stdout, code]).toEqual(["", 0]);
    expect(stderr).toMatch(new RegExp(`^wrote ${await countOf()} records to ${path} \\(.*B\\)\n$`));
    expect(await readFile(path, "utf8")).toBe((await run("--format", format)).stdout);
  });

  it("writes a private file, or with the permissions of --mode", async () => {
    const directory = await temporaryDirectory();
    await run("--output", directory.join("private.ndjson"));
    await run("--output", directory.join("shared.ndjson"), "--mode", "644");
    expect((await stat(directory.join("private.ndjson"))).mode & 0o777).toBe(0o600);
    expect((await stat(directory.join("shared.ndjson"))).mode & 0o777).toBe(0o644);
    expect((await readdir(directory.path)).sort()).toEqual(["private.ndjson", "shared.ndjson"]);
  });

  it("leaves an existing file as it is when it fails half-way", async () => {
    const directory = await temporaryDirectory();
    const path = directory.join("events.ndjson");
    await writeFile(path, "what was there");
    const damaged = directory.join("damaged.jsonl");
    await writeFile(
      damaged,
      `${(await sample.records()).map((record) => JSON.stringify(record)).join("\n")}\nbroken\n`,
    );
    const outcome = await run("--file", damaged, "--strict", "--output", path);
    expect(outcome.code).toBe(3);
    expect(await readFile(path, "utf8")).toBe("what was there");
    expect((await readdir(directory.path)).sort()).toEqual(["damaged.jsonl", "events.ndjson"]);
  });

  it("writes through a symbolic link and replaces nothing that is no file", async () => {
    const directory = await temporaryDirectory();
    await writeFile(directory.join("real.ndjson"), "");
    await symlink("real.ndjson", directory.join("link.ndjson"));
    expect((await run("--output", directory.join("link.ndjson"))).code).toBe(0);
    expect((await readFile(directory.join("real.ndjson"), "utf8")).split("\n")).toHaveLength(
      (await countOf()) + 1,
    );
    await mkdir(directory.join("folder"));
    expect(await run("--output", directory.join("folder"))).toMatchObject({
      code: 1,
      stderr: `error: cannot replace ${directory.join("folder")}: it is not a regular file; leave --output out to write to standard output\n`,
    });
    expect((await run("--output", "/dev/null")).code).toBe(1);
  });

  it("says in one line that the directory of --output is not there", async () => {
    const { stderr, code } = await run("--output", "/no/such/directory/x.json");
    expect(code).toBe(1);
    expect(stderr).toMatch(/^error: cannot create a file in \/no\/such\/directory: .*\(ENOENT\); [^\n]+\n$/);
  });

  it("--fields picks fields in every format", async () => {
    const words = ["--event-type", "memory_pressure", "--fields", "event_type,used_mb"];
    expect(JSON.parse((await run(...words)).stdout)).toEqual({
      event_type: "memory_pressure",
      used_mb: expect.any(Number),
    });
    expect(parseCsv((await run(...words, "--format", "csv")).stdout)[0]).toEqual(["event_type", "used_mb"]);
    expect((await run(...words, "--format", "tsv")).lines[0]).toBe("event_type\tused_mb");
  });
});
