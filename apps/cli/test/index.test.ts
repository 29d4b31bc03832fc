import { mkdir, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { temporaryDirectory } from "@prodigy-events/test-kit";
import { beforeEach, describe, expect, it } from "vitest";
import { type Outcome, runProgram } from "./support/program.js";

let store: string;
let directory: string;
let run: (...words: string[]) => Promise<Outcome>;
const name = "events-20260101_000000_000-producer0.jsonl.rotated";

/** A store with a segment that is worth an index, and one that is not. */
beforeEach(async () => {
  const root = await temporaryDirectory();
  store = root.path;
  directory = join(store, "events", "shop", "job-1");
  await mkdir(directory, { recursive: true });
  const line = (at: number) =>
    `${JSON.stringify({
      id: `id-${at}`,
      timestamp: new Date(Date.UTC(2026, 0, 1) + at).toISOString(),
      event: { event_type: "agent_progress", agent_id: `agent-${at % 5}`, step: "x".repeat(400) },
      metadata: { producer_id: "producer0", sequence: at },
    })}\n`;
  await writeFile(join(directory, name), Array.from({ length: 2_500 }, (_, at) => line(at)).join(""));
  await writeFile(join(directory, "events-20260101_000001_000-producer1.jsonl.rotated"), line(1));
  run = (...words) => runProgram(words, { cwd: store, store });
});

const index = (...words: string[]) => run("index", "--repo", "shop", ...words);

describe("index", () => {
  it("builds what is worth it, says what it takes, and leaves the rest alone", async () => {
    const { lines, code, stderr } = await index();
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(lines).toEqual([
      expect.stringMatching(/^built +.*producer0\.jsonl\.rotated {2}2,500 lines, \d\.\d kB \(\d\.\d %\)$/),
      expect.stringMatching(/^1 built, 1 skipped: \d\.\d kB of indexes for 1\.\d MB of events \(\d\.\d %\)$/),
    ]);
    expect(await readdir(join(directory, ".index"))).toEqual([
      "events-20260101_000000_000-producer0.jsonl.idx",
    ]);
    expect((await index()).lines[0]).toMatch(/^kept /);
  });

  it("gives every segment as JSON", async () => {
    const { stdout } = await index("--output-format", "json");
    const { size } = await stat(join(directory, name));
    const document = JSON.parse(stdout);
    expect(document).toMatchObject({ orphans: [], bytes_read: size, sources: [directory] });
    expect(document.segments).toEqual([
      {
        path: join(directory, name),
        stored_bytes: size,
        action: "built",
        state: "absent",
        reason: null,
        lines: 2_500,
        undecided: 0,
        content_bytes: size,
        index_bytes: expect.any(Number),
      },
      expect.objectContaining({ action: "skipped", lines: null, reason: expect.stringContaining("small") }),
    ]);
  });

  it("changes no answer", async () => {
    const ask = async () => (await run("stats", "--repo", "shop", "--group-by", "agent_id")).stdout;
    const before = await ask();
    await index();
    expect(await ask()).toBe(before);
  });

  it("checks, and ends with 3 when one is damaged, which changes no answer either", async () => {
    expect(await index("--check")).toMatchObject({ code: 0, stdout: expect.stringContaining("2 absent") });
    await index();
    expect(await index("--check")).toMatchObject({
      code: 0,
      stdout: expect.stringContaining("1 fresh, 1 absent"),
    });
    const path = join(directory, ".index", "events-20260101_000000_000-producer0.jsonl.idx");
    const bytes = await readFile(path);
    bytes[bytes.length - 100]! ^= 4;
    await writeFile(path, bytes);
    const before = await run("stats", "--repo", "shop", "--output-format", "json");
    expect(await index("--check")).toMatchObject({ code: 3, stdout: expect.stringMatching(/^damaged /) });
    await index("--drop");
    const after = await run("stats", "--repo", "shop", "--output-format", "json");
    expect(before).toEqual(after);
  });

  it("drops them", async () => {
    await index();
    expect(await index("--drop")).toMatchObject({ code: 0, stdout: expect.stringContaining("1 dropped") });
    expect(await readdir(directory)).not.toContain(".index");
    expect((await index("--drop")).lines).toEqual(["no indexes"]);
  });

  it("takes one demand at a time", async () => {
    expect(await index("--check", "--drop")).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("exclude each other"),
    });
  });

  it("says where it looked when nothing is there", async () => {
    const { code, stderr } = await run("index", "--repo", "nothing");
    expect(code).toBe(0);
    expect(stderr).toContain(`no events found; looked in ${join(store, "events", "nothing")}`);
  });

  it("is told of by doctor, for segments that are worth one", async () => {
    const line = async () =>
      (await run("doctor", "--repo", "shop")).lines.find((each) => each.includes(" index "));
    expect(await line()).toMatch(/^ok .*large segments with an index: 0 of 1; `prodigy events index` builds/);
    await index();
    expect(await line()).toMatch(/large segments with an index: 1 of 1$/);
    const path = join(directory, ".index", "events-20260101_000000_000-producer0.jsonl.idx");
    await writeFile(path, "damaged");
    expect(await line()).toMatch(/^warning .*1 index cannot be used, such as that of /);
  });
});
