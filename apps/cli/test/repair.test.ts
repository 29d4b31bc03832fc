import { appendFile, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { beforeEach, describe, expect, it } from "vitest";
import { runProgram } from "./support/program.js";
import { createSampleStore, type SampleStore } from "./support/sample-store.js";

let sample: SampleStore;
let segments: string[];
let target: string;

beforeEach(async () => {
  sample = await createSampleStore();
  segments = (await sample.files()).filter((path) => path.startsWith(sample.store));
  target = join(sample.repository.parent, "repaired");
});

const run = (...words: string[]) => runProgram(words, { cwd: sample.cwd, store: sample.store });
const repair = (...words: string[]) => run("repair", "--to", target, ...words);
const copyOf = (path: string) => join(target, path.slice(sample.store.length));

describe("repair", () => {
  it("copies a sound store, and says so", async () => {
    const { code, lines, stderr } = await repair();
    const contents = await Promise.all(segments.map((path) => readFile(path, "utf8")));
    const count = contents.join("").split("\n").length - 1;
    expect({ code, lines }).toEqual({
      code: 0,
      lines: [
        expect.stringMatching(
          `^${count} lines read \\(.*\\) = ${count} copied \\(.*\\) \\+ 0 left out \\(0 B\\)$`,
        ),
      ],
    });
    expect(stderr).toBe(`${segments.length} segments repaired to ${target}\n`);
    for (const [index, path] of segments.entries())
      expect(await readFile(copyOf(path), "utf8")).toBe(contents[index]);
    expect(await run("verify", "--store", target, "--file", target)).toMatchObject({ code: 0 });
  });

  it("of a damaged store says what it leaves behind, ends with 3, and the copy is sound", async () => {
    const [first, second, third] = segments as [string, string, string];
    const text = await readFile(first, "utf8");
    const lines = text.split("\n").slice(0, -1);
    await writeFile(first, text.replace(lines[1] as string, "\u001b[31mred"));
    await appendFile(second, '{"id":"torn');
    await rm(third);
    expect((await run("verify", "--repo", "sample")).code).toBe(3);

    const { code, stdout } = await repair("--output-format", "json");
    expect(code).toBe(3);
    const { complete, totals, segments: rows } = JSON.parse(stdout);
    expect(complete).toBe(false);
    expect(totals.left_out).toEqual({ json: { lines: 1, bytes: 9 }, torn: { lines: 1, bytes: 11 } });
    expect(totals.read.lines).toBe(totals.copied.lines + 2);
    expect(totals.read.bytes).toBe(totals.copied.bytes + 20);
    expect(rows).toMatchObject([
      {
        path: first,
        whole: false,
        lines_copied: lines.length - 1,
        lines_left_out: 1,
        suspect_lines: lines.length - 1,
      },
      { path: second, whole: true, left_out: { torn: { lines: 1, bytes: 11 } } },
    ]);
    expect(await readFile(`${copyOf(first)}.rotated`, "utf8")).toBe(
      lines
        .filter((_, index) => index !== 1)
        .map((line) => `${line}\n`)
        .join(""),
    );
    const verified = await run("verify", "--store", target, "--file", target, "--output-format", "json");
    expect(verified.code).toBe(0);
    expect(JSON.parse(verified.stdout)).toMatchObject({
      sound: true,
      totals: { records: totals.copied.lines },
    });
  });

  it("names the damaged files for people, safe for a terminal", async () => {
    const path = join(sample.cwd, "bro\u001b[31mken.jsonl");
    await writeFile(path, "bad\n");
    const { code, lines } = await repair("--file", path);
    expect(code).toBe(3);
    expect(lines).toEqual([
      expect.stringContaining("bro\\u{1b}[31mken.jsonl  left out: 1 json (4 bytes)"),
      "1 line read (4 B) = 0 copied (0 B) + 1 left out (4 B)",
    ]);
  });

  it("takes out of a damaged compressed file what was compressed before the damage", async () => {
    const lines = (await readFile(segments[0] as string, "utf8")).repeat(40);
    const bytes = gzipSync(lines);
    await mkdir(join(sample.cwd, "files"));
    await writeFile(join(sample.cwd, "files", "a.jsonl.gz"), bytes.subarray(0, bytes.length - 200));
    expect((await repair("--file", join(sample.cwd, "files"))).code).toBe(3);
    const copy = await readFile(join(target, "files", "files", "a.jsonl"), "utf8");
    expect(gunzipSync(bytes).toString().startsWith(copy)).toBe(true);
    expect(copy.length).toBeGreaterThan(lines.length / 2);
  });

  it("copies one job only, if asked", async () => {
    const [jobId] = sample.jobIds;
    await repair("--job-id", jobId);
    expect(await readdir(join(target, "events", "sample"))).toEqual([jobId]);
  });

  it.each([
    ["without --to", [], "repair needs --to DIR"],
    ["into the store", ["--to", "STORE/copy"], "it is in the store"],
    ["into a directory that is not empty", ["--to", "."], "it is not empty"],
    ["of standard input", ["--to", "new", "--file", "-"], "standard input cannot be repaired"],
  ])("%s is a usage error that changes nothing", async (_title, words, message) => {
    const before = (await readdir(sample.repository.parent, { recursive: true })).sort();
    const { code, stderr } = await run("repair", ...words.map((word) => word.replace("STORE", sample.store)));
    expect(code).toBe(2);
    expect(stderr).toContain(message);
    expect((await readdir(sample.repository.parent, { recursive: true })).sort()).toEqual(before);
  });

  it("below a file is a usage error", async () => {
    await writeFile(join(sample.cwd, "occupied"), "");
    const { code, stderr } = await run("repair", "--to", join(sample.cwd, "occupied", "below"));
    expect(code).toBe(2);
    expect(stderr).toContain("occupied/below: it is no directory");
  });
});
