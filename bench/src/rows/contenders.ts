import type { DataSet } from "../store/data-set.js";
import { repo } from "../store/write-store.js";
import type { Tools } from "../tools/tools.js";
import { countsFromCsv, countsFromJson, countsText, sumOfCounts } from "./answers.js";
import type { Peer } from "./promises.js";
import type { Contender } from "./row.js";

type Extra = Omit<Contender, "name" | "command" | "args">;

/** Our program over a store. */
export function ours(
  tools: Tools,
  name: string,
  [command, ...args]: readonly [string, ...string[]],
  data: DataSet | undefined,
  extra: Extra = {},
): Contender {
  const source = data === undefined ? [] : ["--store", data.root, "--repo", repo];
  return {
    name,
    isOurs: true,
    command: tools.node,
    args: [tools.prodigyEvents, command, ...source, ...args],
    ...extra,
  };
}

/** `stats` by event type; `--no-index` and the like as `args`. */
export function ourStats(
  tools: Tools,
  name: string,
  data: DataSet,
  args: readonly string[],
  extra: Extra = {},
): Contender {
  const answered = { answer: countsFromCsv, ...extra };
  return ours(tools, name, ["stats", "--output-format", "csv", ...args], data, answered);
}

/** ripgrep counting lines; nothing when it is not installed. */
export function ripgrep(
  tools: Tools,
  name: string,
  args: readonly string[],
  data: DataSet,
  extra: Extra = {},
): Contender[] {
  if (tools.rg === undefined) return [];
  return [{ name, command: tools.rg, args: ["--no-config", "-c", ...args, ...data.paths], ...extra }];
}

/** The name of {@link literalCount}. */
export const rgLiteral = "rg -c of one literal";

/** ripgrep counting the lines of one event type: the least that anybody can do who reads everything. */
export function literalCount(tools: Tools, data: DataSet): Contender[] {
  const expected = String(data.byType.agent_failed);
  const literal = literalOf("agent_failed");
  return ripgrep(tools, rgLiteral, ["-F", literal], data, { answer: sumOfCounts, expected });
}

/** The count by event type that a store must give. */
export function countsOf(data: DataSet): string {
  return countsText(Object.entries(data.byType));
}

/** What a line of the given type contains, and no other line of ours. */
export function literalOf(type: string): string {
  return `"event_type":"${type}"`;
}

export const duckColumns = "DuckDB, columns given";
export const duckExtract = "DuckDB, json_extract";

/** Which of its ways is faster depends on the lines; ours is held against that one. */
export const fasterDuck: Peer = { label: "the faster DuckDB", bestOf: [duckColumns, duckExtract] };

/** DuckDB counting by event type in both of its ways; nothing when it is not installed. */
export function duckdb(tools: Tools, data: DataSet, extra: Extra = {}): Contender[] {
  const script = tools.peer("duckdb", "@duckdb/node-api");
  if (script === undefined) return [];
  const way = (name: string, argument: string): Contender => ({
    name,
    command: tools.node,
    args: [script, argument, ...data.paths],
    answer: countsFromCsv,
    ...extra,
  });
  return [way(duckColumns, "columns"), way(duckExtract, "extract")];
}

export const jqCount = "jq";

/** jq counting by event type; nothing when it is not installed. */
export function jqCounting(tools: Tools, data: DataSet): Contender[] {
  if (tools.jq === undefined) return [];
  const filter = "reduce inputs.event.event_type as $type ({}; .[$type] += 1)";
  return [
    {
      name: jqCount,
      command: tools.jq,
      args: ["-n", "-c", filter, ...data.paths],
      answer: countsFromJson,
      maxRounds: 3,
    },
  ];
}

/** jq answering with one number; nothing when it is not installed. It takes minutes, so it answers once. */
export function jqNumber(tools: Tools, name: string, args: readonly string[], data: DataSet): Contender[] {
  if (tools.jq === undefined) return [];
  return [{ name, command: tools.jq, args: [...args, ...data.paths], answer: sumOfCounts, maxRounds: 1 }];
}

/** What a user would write: readline and JSON.parse. */
export function parseEachLine(
  tools: Tools,
  question: string,
  data: DataSet,
  answer: Contender["answer"],
): Contender {
  const args = [tools.own("parse-each-line"), question, ...data.paths];
  return { name: "Node, JSON.parse", command: tools.node, args, maxRounds: 2, ...(answer && { answer }) };
}
