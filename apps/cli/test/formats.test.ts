import { readFile } from "node:fs/promises";
import { beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { parseCsv } from "./support/csv.js";
import { runProgram } from "./support/program.js";
import { createSampleStore, type SampleRecord, type SampleStore } from "./support/sample-store.js";

let sample: SampleStore;
let all: SampleRecord[];

beforeAll(async () => {
  sample = await createSampleStore();
  all = await sample.records();
});

const run = (...words: string[]) => runProgram(words, { cwd: sample.cwd, store: sample.store });
const ids = (records: readonly { id?: unknown }[]) => records.map(({ id }) => id).sort();

describe("ls in every format", () => {
  it("human: one line per record, oldest first, with time, mark, type, job, agent and summary", async () => {
    const { lines, stderr, code } = await run(
      "ls",
      "--job-id",
      "mapreduce-abc456",
      "--agent-id",
      "agent-1",
      "--event-type",
      "agent_failed",
    );
    expect([stderr, code]).toEqual(["", 0]);
    expect(lines[0]).toMatch(
      /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}\+00:00 ✖ agent_failed {2}\S+ +agent-1 +timeout: timeout after 30s on \S+ {2}log: \/logs\/session-1-0\.json {2}#run-of-/,
    );
    expect(lines).toHaveLength(4);
  });

  it("json: an array of normalised records", async () => {
    const records = JSON.parse((await run("ls", "--output-format", "json")).stdout) as SampleRecord[];
    expect(ids(records)).toEqual(ids(all));
    const prodigy = records
      .filter(({ correlation_id }) => correlation_id === "prodigy-run")
      .map(({ event }) => event);
    expect(prodigy).toEqual([
      expect.objectContaining({ event_type: "agent_started" }),
      expect.objectContaining({ event_type: "agent_completed", duration: { secs: 45, nanos: 0 } }),
      expect.objectContaining({ event_type: "dlq_item_added" }),
      expect.objectContaining({ event_type: "agent_failed", failure_reason: "command_failed", exit_code: 2 }),
    ]);
  });

  it("ndjson: the lines as they are stored, byte for byte", async () => {
    const stored = (await Promise.all((await sample.files()).map((file) => readFile(file, "utf8"))))
      .flatMap((text) => text.split("\n"))
      .filter(Boolean);
    expect([...(await run("ls", "--output-format", "ndjson")).lines].sort()).toEqual(stored.sort());
  });

  it("csv: a line of titles and a line per record, with the whole event in one cell", async () => {
    const [titles, ...rows] = parseCsv((await run("ls", "--output-format", "csv")).stdout);
    expect(titles).toEqual(
      "id,timestamp,correlation_id,event_type,severity,category,job_id,agent_id,item_id,summary,event,metadata".split(
        ",",
      ),
    );
    expect(ids(rows.map(([id]) => ({ id })))).toEqual(ids(all));
    const failed = rows.find((row) => row[3] === "agent_failed")!;
    expect(failed[4]).toBe("error");
    expect(failed[5]).toBe("agent");
    expect(JSON.parse(failed[10]!)).toMatchObject({ event_type: "agent_failed", job_id: failed[6] });
  });

  it("yaml: a sequence of records", async () => {
    const records = parse((await run("ls", "--output-format", "yaml")).stdout) as SampleRecord[];
    const json = JSON.parse((await run("ls", "--output-format", "json")).stdout);
    expect(records).toEqual(json);
  });

  it("table: titles and a row per record", async () => {
    const { lines } = await run("ls", "--output-format", "table", "--event-type", "memory_pressure");
    expect(lines[0]).toMatch(/^TIMESTAMP +SEVERITY +EVENT_TYPE +JOB_ID +AGENT_ID +ITEM_ID +SUMMARY$/);
    expect(lines[1]).toMatch(/ warning +memory_pressure +mapreduce-xyz789 /);
    expect(lines).toHaveLength(2);
  });

  it("an answer without records is valid in every format", async () => {
    const none = ["ls", "--job-id", "nobody", "--output-format"];
    expect(JSON.parse((await run(...none, "json")).stdout)).toEqual([]);
    expect((await run(...none, "ndjson")).stdout).toBe("");
    expect(parse((await run(...none, "yaml")).stdout)).toEqual([]);
    expect(parseCsv((await run(...none, "csv")).stdout)).toHaveLength(1);
    expect((await run(...none, "human")).stdout).toBe("");
  });
});

describe("ls --fields", () => {
  const fields = [
    "ls",
    "--event-type",
    "agent_failed",
    "--agent-id",
    "agent-9",
    "--fields",
    "agent_id,event.exit_code,nope",
  ];

  it("human: values separated by tabs in a pipe", async () => {
    expect((await run(...fields)).stdout).toBe("agent-9\t2\t\n");
  });

  it("json and ndjson: objects of these fields, null for what is not there", async () => {
    const wanted = { agent_id: "agent-9", "event.exit_code": 2, nope: null };
    expect(JSON.parse((await run(...fields, "--output-format", "json")).stdout)).toEqual([wanted]);
    expect(JSON.parse((await run(...fields, "--output-format", "ndjson")).stdout)).toEqual(wanted);
  });

  it("csv: these columns", async () => {
    expect((await run(...fields, "--output-format", "csv")).stdout).toBe(
      'agent_id,event.exit_code,nope\r\n"agent-9",2,\r\n',
    );
  });

  it("warns about a field that no record has, with the field that was probably meant", async () => {
    const { stderr, code } = await run("ls", "--fields", "agent_idd,event.eror");
    expect(stderr).toBe(
      'warning: no record has the field "agent_idd"; did you mean agent_id?\n' +
        'warning: no record has the field "event.eror"; did you mean error?\n',
    );
    expect(code).toBe(0);
  });
});

describe("stats in every format", () => {
  const stats = ["stats", "--group-by", "agent_id", "--job-id"];

  it("json: counts, shares, and what the answer rests on", async () => {
    const document = JSON.parse((await run(...stats, "mapreduce-abc456", "--output-format", "json")).stdout);
    expect(document).toMatchObject({
      group_by: ["agent_id"],
      total: 120,
      other: 0,
      groups: [1, 2, 3].map((agent) => ({ key: { agent_id: `agent-${agent}` }, count: 40, share: 1 / 3 })),
      report: { matched: 120, malformed: 0, torn: 0, pending: 0, pending_bytes: 0, problems: [] },
    });
  });

  it("a group without the field is null in JSON and (none) for people", async () => {
    const words = ["stats", "--group-by", "agent_id", "--event-type", "job_*"];
    const document = JSON.parse((await run(...words, "--output-format", "json")).stdout);
    expect(document.groups).toEqual([{ key: { agent_id: null }, count: 5, share: 1 }]);
    expect((await run(...words)).lines[1]).toMatch(/^\(none\) +5 +100\.0 % {2}█+$/);
  });

  it("several fields count their combinations, --top keeps the largest", async () => {
    const words = [
      "stats",
      "--group-by",
      "agent_id,event_type",
      "--job-id",
      "mapreduce-abc456",
      "--top",
      "3",
    ];
    const { lines } = await run(...words, "--output-format", "ndjson");
    expect(lines.map((line) => JSON.parse(line))).toEqual(
      [1, 2, 3].map((agent) => ({
        key: { agent_id: `agent-${agent}`, event_type: "agent_started" },
        count: 20,
        share: 20 / 120,
      })),
    );
    expect((await run(...words)).lines.at(-1)).toBe("120 records, 3 groups, 60 in groups not shown");
  });

  it("csv, table and yaml say the same", async () => {
    const csv = parseCsv((await run(...stats, "mapreduce-abc456", "--output-format", "csv")).stdout);
    expect(csv.slice(0, 2)).toEqual([
      ["agent_id", "count", "share"],
      ["agent-1", "40", String(1 / 3)],
    ]);
    const table = (await run(...stats, "mapreduce-abc456", "--output-format", "table")).lines;
    expect(table[1]).toMatch(/^agent-1 +40 +33\.3 %$/);
    const yaml = parse((await run(...stats, "mapreduce-abc456", "--output-format", "yaml")).stdout);
    expect(yaml.groups[0]).toEqual({ key: { agent_id: "agent-1" }, count: 40, share: 1 / 3 });
  });

  it("warns about a field that nothing has", async () => {
    const { stderr } = await run("stats", "--group-by", "agnet_id");
    expect(stderr).toBe('warning: no record has the field "agnet_id"; did you mean agent_id?\n');
  });
});
