import { spawn } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { DataSet } from "./data-set.js";
import { newestCount } from "./store-shape.js";

const noteName = "checked-by-jq.json";
const filter = '[.timestamp, .event.event_type, (.event.agent_id // "")] | @tsv';

/**
 * Has jq read every record of a data set once, and compares what it counts with what the generator noted, by which all
 * answers are judged. That it did is noted beside the store, so that it is done once.
 *
 * @throws Error when the two do not agree
 */
export async function jqAnswers(jq: string, dataSet: DataSet, log: (text: string) => void): Promise<void> {
  const note = join(dataSet.directory, noteName);
  if (existsSync(note) || dataSet.finish === "compressed") return;
  log(`jq reads ${dataSet.directory} once`);
  const byTypeAndAgent = new Map<string, number>();
  let newest: string[] = [];
  const child = spawn(jq, ["-r", filter, ...dataSet.paths], { stdio: ["ignore", "pipe", "inherit"] });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", resolve);
  });
  for await (const line of createInterface({ input: child.stdout })) {
    const [timestamp = "", type, agent] = line.split("\t");
    const key = `${type} ${agent}`;
    byTypeAndAgent.set(key, (byTypeAndAgent.get(key) ?? 0) + 1);
    if (newest.length < 20 * newestCount || timestamp > (newest[0] as string)) newest.push(timestamp);
    if (newest.length > 40 * newestCount) newest = newest.sort().slice(-20 * newestCount);
  }
  if ((await ended) !== 0) throw new Error(`jq could not read ${dataSet.directory}`);
  const counted = Object.fromEntries([...byTypeAndAgent].sort(([a], [b]) => (a < b ? -1 : 1)));
  demand("what jq counts by type and agent", counted, dataSet.byTypeAndAgent);
  demand("the newest instants by jq", newest.sort().slice(-newestCount), dataSet.newest);
  writeFileSync(note, JSON.stringify({ byTypeAndAgent: counted }));
}

function demand(what: string, is: unknown, expected: unknown): void {
  if (JSON.stringify(is) !== JSON.stringify(expected)) throw new Error(`${what} is not what was generated`);
}
