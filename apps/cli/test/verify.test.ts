import { appendFile, copyFile, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createEventLogger } from "@prodigy-events/logger";
import { anEvent } from "@prodigy-events/schema/testing";
import { segmentWriter } from "@prodigy-events/writer";
import { beforeEach, describe, expect, it } from "vitest";
import { runProgram, runShell } from "./support/program.js";
import { createSampleStore, type SampleStore } from "./support/sample-store.js";

let sample: SampleStore;
let segments: string[];

beforeEach(async () => {
  sample = await createSampleStore();
  segments = (await sample.files()).filter((path) => path.startsWith(sample.store));
});

const verify = (...words: string[]) =>
  runProgram(["verify", ...words], { cwd: sample.cwd, store: sample.store });

interface Document {
  sound: boolean;
  totals: Record<string, number>;
  counts: Record<string, number>;
  findings: Record<string, unknown>[];
}

async function verifyJson(...words: string[]): Promise<Document & { code: number | null }> {
  const { stdout, code } = await verify("--output-format", "json", ...words);
  return { ...(JSON.parse(stdout) as Document), code };
}

async function flipByte(path: string, at: number): Promise<void> {
  const bytes = await readFile(path);
  bytes[at] = (bytes[at] as number) ^ 1;
  await writeFile(path, bytes);
}

describe("verify of a sound store", () => {
  it("says so in one line, and ends with 0", async () => {
    const { code, lines, stderr } = await verify();
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const records = (await sample.records()).length;
    expect(lines).toEqual([
      expect.stringMatching(`^sound: ${records} records in 4 segments \\(3 sealed\\), `),
    ]);
  });

  it("gives the totals as JSON", async () => {
    const { code, sound, totals, findings } = await verifyJson("--deep");
    const records = (await sample.records()).length;
    expect({ code, sound, findings }).toEqual({ code: 0, sound: true, findings: [] });
    expect(totals).toMatchObject({
      segments: 4,
      sealed: 3,
      lines: records,
      records,
      malformed: 0,
      torn: 0,
      pending: 0,
    });
  });

  it("says where it looked when nothing is there", async () => {
    const { code, stderr } = await verify("--repo", "nothing");
    expect(code).toBe(0);
    expect(stderr).toContain(`no events found in ${join(sample.store, "events", "nothing")}`);
  });

  it("works under both names of the program", async () => {
    const surroundings = { cwd: sample.cwd, store: sample.store, bin: sample.bin };
    expect((await runShell("prodigy events verify && prodigy-events verify", surroundings)).code).toBe(0);
  });
});

describe("verify of a damaged store ends with 3", () => {
  it("and tells a malformed line with its place, made safe for a terminal", async () => {
    const path = join(sample.cwd, ".prodigy", "events", "mapreduce_events.jsonl");
    await appendFile(path, "\u001b[31mred\n");
    const { code, lines } = await verify();
    expect(code).toBe(3);
    expect(lines[0]).toMatch(/^damage {7}.*mapreduce_events\.jsonl:5 {2}json: .* \(byte \d+, 8 bytes\): /);
    expect(lines[0]).toContain("\\u{1b}[31mred");
    expect(lines[1]).toMatch(/^damaged: 1 malformed line, /);
  });

  it("and tells which block is not as it was written", async () => {
    const [path] = segments as [string];
    await flipByte(path, (await readFile(path)).indexOf('"correlation_id":"') + 20);
    const { code, findings } = await verifyJson();
    expect(code).toBe(3);
    expect(findings).toMatchObject([{ kind: "damaged_block", severity: "damage", path, offset: 0 }]);
  });

  it("and tells a missing segment by the numbers that it held", async () => {
    const [path] = segments as [string];
    const lines = (await readFile(path, "utf8")).split("\n").length - 1;
    await rm(path);
    const { lines: shown, code } = await verify("--output-format", "ndjson");
    expect(code).toBe(3);
    expect(shown.map((line) => JSON.parse(line))).toMatchObject([
      { kind: "missing_segment", path, from_sequence: 0, to_sequence: lines - 1, count: lines },
    ]);
  });

  it("and names a segment that another was put in place of", async () => {
    const [first, second] = segments as [string, string];
    await copyFile(second, first);
    const { findings } = await verifyJson();
    expect(findings).toContainEqual(expect.objectContaining({ kind: "replaced_segment", path: first }));
    const { differences } = findings.find(({ kind }) => kind === "replaced_segment") as {
      differences: object[];
    };
    expect(differences).toContainEqual(expect.objectContaining({ what: "bytes" }));
  });

  it("in every format", async () => {
    await flipByte(segments[0] as string, 30);
    for (const format of ["human", "json", "ndjson", "yaml", "table", "csv"]) {
      const { code, stdout } = await verify("--output-format", format);
      expect([format, code, stdout.includes("damaged_block") || format === "human"]).toEqual([
        format,
        3,
        true,
      ]);
    }
  });
});

describe("verify", () => {
  it("looks only at the job that was asked for", async () => {
    const [first, second] = sample.jobIds;
    const damaged = segments.find((path) => path.includes(second)) as string;
    await flipByte(damaged, 40);
    expect((await verify("--job-id", first)).code).toBe(0);
    expect((await verify("--job-id", second)).code).toBe(3);
  });

  it("finds damage in a compressed segment of the real writer, and in its manifest", async () => {
    const options = { store: sample.store, repo: "other", jobId: "job-1", env: {} };
    const writers = [segmentWriter({ maxSegmentBytes: 1 })];
    const logger = await createEventLogger({ ...options, writers });
    for (let batch = 0; batch < 3; batch++) {
      for (let at = 0; at < 20; at++) logger.log({ ...anEvent("agent_progress"), job_id: "job-1" });
      await logger.flush();
    }
    await logger.shutdown();
    const directory = join(sample.store, "events", "other", "job-1");
    const gz = (await readdir(directory)).find((name) => name.endsWith(".gz")) as string;
    expect(await verifyJson("--repo", "other")).toMatchObject({ sound: true, counts: {} });
    await flipByte(join(directory, gz), 100);
    const damaged = await verifyJson("--repo", "other");
    expect(damaged.code).toBe(3);
    expect(damaged.findings.map(({ path }) => path)).toContain(join(directory, gz));
    await flipByte(join(directory, gz), 100);
    const manifest = join(directory, ".manifest", `${gz.replace(/\.rotated\.gz$/, "")}.json`);
    await flipByte(manifest, 20);
    expect((await verifyJson("--repo", "other")).findings).toMatchObject([
      { kind: "damaged_manifest", path: manifest },
    ]);
  });

  it("takes --assume-dead for torn what else is pending", async () => {
    const directory = join(sample.store, "events", "sample", sample.jobIds[0]);
    await writeFile(join(directory, "events-20260101_000000_000-unknown1.jsonl"), '{"id":"half');
    expect((await verifyJson()).counts).toEqual({ pending_tail: 1 });
    expect(await verifyJson("--assume-dead", "unknown1")).toMatchObject({
      code: 3,
      counts: { torn_tail: 1 },
    });
  });

  it("reads standard input", async () => {
    const { code, stdout } = await runProgram(
      ["verify", "--file", "-", "--output-format", "json"],
      { cwd: sample.cwd, store: sample.store },
      "bad\n",
    );
    expect(code).toBe(3);
    expect(JSON.parse(stdout).findings).toMatchObject([{ kind: "malformed_line", path: "-", line: 1 }]);
  });

  it("ends with 1 when a file cannot be read", async () => {
    const directory = join(sample.cwd, "files");
    await mkdir(directory);
    await writeFile(join(directory, "a.jsonl"), Buffer.from("28b52ffd00", "hex"));
    const { code } = await verify("--file", directory);
    // Zstandard is damaged here where this Node reads it, and cannot be read where it does not.
    expect(code).toBe("zstd" in process.versions ? 3 : 1);
  });

  it.each([
    [["--file", "missing.jsonl"], 1, "does not exist"],
    [["extra"], 2, "does not know what to do with"],
    [["--file", "a", "--all-repos"], 2, "exclude each other"],
  ])("%j is an error", async (words, code, message) => {
    const outcome = await verify(...words);
    expect(outcome.code).toBe(code);
    expect(outcome.stderr).toContain(message);
  });
});
