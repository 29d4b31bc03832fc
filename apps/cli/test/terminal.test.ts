import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { beforeAll, describe, expect, it } from "vitest";
import { endProducers } from "./support/end-producers.js";
import { createSampleStore, type SampleStore } from "./support/sample-store.js";
import { runOnTerminal, type Seen, type TerminalOptions } from "./support/terminal-program.js";

let sample: SampleStore;

beforeAll(async () => {
  sample = await createSampleStore({ agoMs: 3_600_000 });
  await endProducers(sample.store);
});

function see(words: readonly string[], options: Partial<TerminalOptions> = {}): Promise<Seen> {
  return runOnTerminal(words, { cwd: sample.cwd, store: sample.store, ...options });
}
const plain = (text: string) => stripVTControlCharacters(text);
const linesOf = (text: string) => plain(text).replace(/\n$/, "").split("\n");

describe("ls on a terminal", () => {
  it("says the zone and the day once and the time on each line", async () => {
    const { stdout } = await see(["ls", "--limit", "3", "--tz", "Asia/Tokyo"]);
    const [zone, day, ...records] = linesOf(stdout);
    expect(zone).toBe("times in Asia/Tokyo (UTC+09:00)");
    expect(day).toMatch(/^\d{4}-\d\d-\d\d$/);
    expect(records).toHaveLength(3);
    for (const record of records) expect(record).toMatch(/^\d\d:\d\d:\d\d\.\d{3} [✖▲·] \w+ /);
  });

  it("shows the newest 100 and says how many more there are", async () => {
    const total = (await sample.records()).length;
    const { stdout, stderr, code } = await see(["ls"]);
    expect(linesOf(stdout).filter((line) => /^\d\d:/.test(line))).toHaveLength(100);
    expect([stderr, code]).toEqual([`… ${total - 100} more, --limit 0\n`, 0]);
  });

  it("shows all with --limit 0, and says nothing more", async () => {
    const { stdout, stderr } = await see(["ls", "--limit", "0"]);
    expect(linesOf(stdout).filter((line) => /^\d\d:/.test(line))).toHaveLength(
      (await sample.records()).length,
    );
    expect(stderr).toBe("");
  });

  it.each([80, 100, 140])("at %i columns cuts summaries and not log paths", async (columns) => {
    const words = ["ls", "--job-id", "mapreduce-abc456", "--event-type", "agent_failed", "--limit", "0"];
    const { stdout } = await see(words, { columns });
    for (const line of linesOf(stdout).filter((text) => text.includes("✖"))) {
      expect(line).toMatch(/log: \/logs\/session-\d-\d+\.json/);
      if (columns >= 100) expect(line.length).toBeLessThanOrEqual(columns);
      expect(line.includes("#run-of-")).toBe(columns >= 140);
    }
  });

  it("marks failures in red, and not with NO_COLOR or --color never", async () => {
    const words = ["ls", "--event-type", "agent_failed", "--limit", "2"];
    expect((await see(words)).stdout).toContain("\u001b[31m✖\u001b[39m");
    expect((await see(words, { env: { NO_COLOR: "1" } })).stdout).not.toContain("\u001b");
    expect((await see([...words, "--color", "never"])).stdout).not.toContain("\u001b");
    expect((await see([...words, "--no-color"])).stdout).not.toContain("\u001b");
  });

  it("draws with ASCII only when told so", async () => {
    const { stdout, stderr } = await see(["ls", "--ascii"]);
    expect(plain(stdout + stderr)).toMatch(/^[ -~\n]*$/);
    expect(plain(stdout)).toMatch(/ [x!-] agent_/);
    expect(stderr).toMatch(/^\.\.\. \d+ more, --limit 0\n$/);
  });

  it("--limit 1 is the record in full, coloured, and still JSON", async () => {
    const { stdout } = await see(["ls", "--limit", "1"]);
    expect(stdout).toContain('\u001b[36m"correlation_id"\u001b[39m');
    expect(JSON.parse(plain(stdout))).toHaveProperty("metadata.producer_id");
  });

  it("--time-format relative counts from now, raw is what the record says", async () => {
    expect(linesOf((await see(["ls", "--limit", "2", "--time-format", "relative"])).stdout)[0]).toMatch(
      /^1h( \dm)? ago /,
    );
    const raw = linesOf((await see(["ls", "--limit", "2", "--time-format", "raw"])).stdout)[0]!;
    expect(raw).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z /);
    const iso = linesOf((await see(["ls", "--limit", "2", "--time-format", "iso", "--utc"])).stdout)[0]!;
    expect(iso).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z /);
  });

  it("--fields is a table", async () => {
    const { stdout } = await see(["ls", "--fields", "agent_id,event_type", "--limit", "2"]);
    expect(linesOf(stdout)[0]).toMatch(/^AGENT_ID +EVENT_TYPE$/);
  });

  it("ndjson on a terminal shows no character that would act on it", async () => {
    const path = join(sample.repository.parent, "c1.jsonl");
    const line =
      '{"id":"1","timestamp":"2026-01-01T00:00:00Z","correlation_id":"\u009b2J","event":{"event_type":"x"},"metadata":{}}';
    await writeFile(path, `${line}\n`);
    const { stdout } = await see(["ls", "--file", path, "--output-format", "ndjson"]);
    expect(stdout).toContain('"correlation_id":"\\u009b2J"');
    expect(JSON.parse(stdout)).toEqual(JSON.parse(line));
  });
});

describe("search and stats on a terminal", () => {
  it("highlights what matched", async () => {
    const { stdout } = await see(["search", "timeout after", "--limit", "1"]);
    expect(stdout).toContain("\u001b[1m\u001b[31mtimeout after\u001b[39m\u001b[22m");
  });

  it("fits the bars into the width", async () => {
    const { stdout } = await see(["stats"], { columns: 60 });
    for (const line of linesOf(stdout)) expect(line.length).toBeLessThanOrEqual(60);
  });
});

describe("clean on a terminal", () => {
  const clean = ["clean", "--max-events", "5", "--job-id", "mapreduce-abc456", "--all-repos"];
  const count = async () =>
    JSON.parse(
      (await see(["stats", "--job-id", "mapreduce-abc456", "--output-format", "json", "--color", "never"]))
        .stdout,
    ).total;

  it.each([
    ["n\n", "no"],
    ["\n", "nothing"],
    ["", "the end of the input"],
    ["yesterday\n", "something else"],
  ])("asks, and changes nothing on %j (%s)", async (typed) => {
    const { stdout, stderr, code } = await see(clean, { typed });
    expect(plain(stdout)).toContain("115 records in 1 segment go (deleted), 9 stay");
    expect(plain(stderr)).toContain("115 records in 1 segment go (deleted), 9 stay; about");
    expect(plain(stderr)).toContain("Go ahead? [y/N] ");
    expect(plain(stderr)).toMatch(/nothing was changed\n$/);
    expect(code).toBe(0);
    expect(await count()).toBe(120);
  });

  it("does what it showed on y", async () => {
    const { stderr, code } = await see(clean, { typed: "y\n" });
    expect(plain(stderr)).toMatch(
      /115 records deleted, .* freed\nchecked: 120 lines .* 5 kept .* 115 deleted .*\n$/,
    );
    expect([code, await count()]).toEqual([0, 5]);
  });
});
