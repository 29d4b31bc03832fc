import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { cp, readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { beforeAll, describe, expect, it } from "vitest";
import { type Outcome, runShell } from "./support/program.js";
import { createSampleStore, type SampleRecord, type SampleStore } from "./support/sample-store.js";

/*
 * Every command line of the seed document, as it is typed there, in a shell, with the ids filled in. What it must
 * show is said by plain JSON.parse over the same files.
 */

let sample: SampleStore;
let all: SampleRecord[];

beforeAll(async () => {
  sample = await createSampleStore();
  all = await sample.records();
});

type Oracle = (records: readonly SampleRecord[]) => readonly SampleRecord[];

const fixture = new URL("fixtures/seed-commands.txt", import.meta.url);
const agentId = "agent-2";
const correlationId = "workflow-abc123";

const typeOf = ({ event }: SampleRecord): string =>
  ({ AgentStarted: "agent_started", d_l_q_item_added: "dlq_item_added" })[event.event_type] ??
  event.event_type;
const ofJob = (record: SampleRecord) => record.event.job_id === sample.jobIds[0];
const ofType = (type: string) => (record: SampleRecord) => typeOf(record) === type;
const texts = (value: unknown): string[] =>
  typeof value === "string"
    ? [value]
    : typeof value === "object" && value !== null
      ? Object.values(value).flatMap(texts)
      : [];
const newest = (records: readonly SampleRecord[], count: number) =>
  [...records].sort((a, b) => (a.timestamp < b.timestamp ? -1 : 1)).slice(-count);

/** What each line of the fixture must find. Lines that are not here are of `stats` and `clean`. */
const expected: Readonly<Record<string, Oracle>> = {
  "ls --job-id <job_id>": (records) => records.filter(ofJob),
  "ls --job-id <job_id> --event-type agent_completed": (records) =>
    records.filter((record) => ofJob(record) && ofType("agent_completed")(record)),
  "ls --job-id <job_id> --agent-id agent-1": (records) =>
    records.filter((record) => ofJob(record) && record.event.agent_id === "agent-1"),
  "ls --job-id <job_id> --since 30": (records) =>
    records.filter((record) => ofJob(record) && Date.parse(record.timestamp) > Date.now() - 30 * 60_000),
  "ls --job-id <job_id> --limit 50": (records) => newest(records.filter(ofJob), 50),
  'search "error|failed"': (records) =>
    records.filter((record) => [...texts(record), typeOf(record)].some((text) => /error|failed/i.test(text))),
  'search "timeout" --fields error,description': (records) =>
    records.filter(({ event }) =>
      [...texts(event.error), ...texts(event.description)].some((text) => /timeout/i.test(text)),
    ),
  "ls --job-id <job_id> --agent-id <agent_id>": (records) =>
    records.filter((record) => ofJob(record) && record.event.agent_id === agentId),
  "ls --event-type queue_depth_changed": (records) => records.filter(ofType("queue_depth_changed")),
  "ls --event-type memory_pressure": (records) => records.filter(ofType("memory_pressure")),
  "ls --event-type checkpoint_created": (records) => records.filter(ofType("checkpoint_created")),
  "ls --event-type checkpoint_failed": (records) => records.filter(ofType("checkpoint_failed")),
  "ls --event-type dlq_item_added": (records) => records.filter(ofType("dlq_item_added")),
  "ls --event-type dlq_analysis_generated": (records) => records.filter(ofType("dlq_analysis_generated")),
  'search "<correlation_id>"': (records) =>
    records.filter((record) => texts(record).some((text) => text.includes(correlationId))),
};

function fillIn(line: string): string {
  return line
    .replaceAll("<job_id>", sample.jobIds[0])
    .replaceAll("<agent_id>", agentId)
    .replaceAll("<correlation_id>", correlationId);
}

function run(line: string, env: Readonly<Record<string, string>> = {}): Promise<Outcome> {
  return runShell(line, { cwd: sample.cwd, store: sample.store, bin: sample.bin, env });
}

describe("every command line of the seed", () => {
  it("is one of those that are tested here", async () => {
    const lines = (await readFile(fixture, "utf8")).split("\n").filter((line) => line.startsWith("prodigy "));
    const others = [
      "ls --job-id <job_id> --file ~/.prodigy/events/{repo_name}/{job_id}/events-{timestamp}.jsonl",
      "stats",
      "stats --group-by job_id",
      "stats --group-by agent_id",
      "follow --job-id <job_id>",
      "follow --job-id <job_id> --event-type agent_failed",
      "clean --older-than 30d --dry-run",
      "clean --max-events 10000",
      "clean --max-size 100MB",
      "clean --older-than 7d --archive --archive-path /backup/events",
      "ls --job-id <job_id> --limit 1",
    ];
    expect(lines.map((line) => line.replace("prodigy events ", "")).sort()).toEqual(
      [...Object.keys(expected), ...others].sort(),
    );
  });

  it.each(Object.entries(expected))(
    "prodigy events %s finds what plain JSON.parse finds",
    async (line, oracle) => {
      const outcome = await run(`prodigy events ${fillIn(line)}`);
      expect(outcome.stderr).toBe("");
      expect(outcome.code).toBe(0);
      const wanted = oracle(all);
      expect(wanted.length).toBeGreaterThan(0);
      expect(outcome.lines).toHaveLength(wanted.length);
      const asJson = await run(`prodigy-events ${fillIn(line)} --output-format json`);
      const ids = (JSON.parse(asJson.stdout) as SampleRecord[]).map(({ id }) => id);
      expect(ids.sort()).toEqual(wanted.map(({ id }) => id).sort());
    },
  );

  it("ls --file names one segment of the store below the home directory", async () => {
    const home = join(sample.repository.parent, "home");
    await cp(sample.store, join(home, ".prodigy"), { recursive: true });
    const [file] = (await sample.files()).filter((path) => path.includes(`/${sample.jobIds[0]}/`));
    const name = file!.split("/").at(-1)!;
    const line = `prodigy events ls --job-id ${sample.jobIds[0]} --file ~/.prodigy/events/sample/${sample.jobIds[0]}/${name}`;
    const outcome = await run(line, { HOME: home });
    const inFile = (await readFile(file!, "utf8")).split("\n").filter(Boolean);
    expect(outcome.stderr).toBe("");
    expect(outcome.lines).toHaveLength(inFile.length);
  });

  it.each([
    ["stats", typeOf],
    ["stats --group-by job_id", ({ event }: SampleRecord) => event.job_id ?? "(none)"],
    ["stats --group-by agent_id", ({ event }: SampleRecord) => event.agent_id ?? "(none)"],
  ])("prodigy events %s counts what plain JSON.parse counts", async (line, keyOf) => {
    const counts = new Map<string, number>();
    for (const record of all) counts.set(keyOf(record), (counts.get(keyOf(record)) ?? 0) + 1);
    const outcome = await run(`prodigy events ${line}`);
    expect(outcome.stderr).toBe("");
    expect(outcome.code).toBe(0);
    const shown = outcome.lines.slice(1, -1).map((row) => row.split(/\s+/));
    expect(new Map(shown.map(([key = "", count]) => [key, Number(count)]))).toEqual(counts);
    expect(outcome.lines.at(-1)).toBe(`${all.length} records, ${counts.size} groups`);
  });

  it.each([
    ["follow --job-id <job_id>", (record: SampleRecord) => ofJob(record)],
    [
      "follow --job-id <job_id> --event-type agent_failed",
      (record: SampleRecord) => ofJob(record) && typeOf(record) === "agent_failed",
    ],
  ])("prodigy events %s begins with the newest ten", async (line, isWanted) => {
    const outcome = await run(`prodigy events ${fillIn(line)} --until-idle 400ms --output-format ndjson`);
    expect(outcome.stderr).toBe("");
    expect(outcome.code).toBe(0);
    expect(outcome.lines.map((text) => JSON.parse(text).id)).toEqual(
      newest(all.filter(isWanted), 10).map(({ id }) => id),
    );
  });

  it("ls --limit 1 shows the latest record in full, with its correlation id", async () => {
    const outcome = await run(`prodigy events ls --job-id ${sample.jobIds[0]} --limit 1`);
    const [latest] = newest(all.filter(ofJob), 1);
    expect(JSON.parse(outcome.stdout)).toEqual(latest);
    expect(outcome.stdout).toContain(`"correlation_id": "${latest!.correlation_id}"`);
  });

  it.each([
    "clean --older-than 30d --dry-run",
    "clean --max-events 10000",
    "clean --max-size 100MB",
    "clean --older-than 7d --archive --archive-path ./backup/events",
  ])("prodigy events %s says what would go, and here nothing does", async (line) => {
    const outcome = await run(`prodigy events ${line}`, { PRODIGY_AUTOMATION: "true" });
    expect(outcome.stderr).toBe("");
    expect(outcome.code).toBe(0);
    expect((await sample.records()).length).toBe(all.length);
  });
});

describe("jq", () => {
  const jq = ["/usr/bin/jq", "/usr/local/bin/jq", "/opt/homebrew/bin/jq"].find((path) => existsSync(path));
  const count = async (type: string): Promise<number> => {
    if (jq === undefined) return all.filter(ofType(type)).length;
    const { stdout } = await promisify(execFile)(jq, [
      "-s",
      "-r",
      `map(select(.event.event_type == "${type}")) | length`,
      ...(await sample.files()),
    ]);
    return Number(stdout);
  };

  it.each(["agent_started", "agent_completed", "agent_failed", "memory_pressure", "job_started"])(
    "counts as many %s as stats does, less what Prodigy spells otherwise",
    async (type) => {
      const foreign = all.filter((record) => ofType(type)(record) && record.event.event_type !== type).length;
      const outcome = await run(`prodigy-events stats --event-type ${type} --output-format json`);
      expect(JSON.parse(outcome.stdout).total).toBe((await count(type)) + foreign);
    },
  );
});
