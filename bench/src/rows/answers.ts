import { readFileSync } from "node:fs";

/** Counts by event type, written so that two can be compared. */
export function countsText(counts: Iterable<readonly [string, number]>): string {
  return [...counts]
    .map(([type, count]) => `${type}=${count}`)
    .sort()
    .join(" ");
}

/** Counts by type from lines `type,count`: ours as CSV, and what the peers' programs print. */
export function countsFromCsv(path: string): string {
  const counts = new Map<string, number>();
  for (const line of readFileSync(path, "utf8").split("\n")) {
    const pair = /^"?([a-z_]+)"?,(\d+)\b/.exec(line);
    if (pair) counts.set(pair[1] as string, Number(pair[2]));
  }
  return countsText(counts);
}

/** Counts by type from one object of jq. */
export function countsFromJson(path: string): string {
  return countsText(Object.entries(JSON.parse(readFileSync(path, "utf8"))));
}

/** The sum of the lines `12` or `file:12` that `rg -c` prints, or the one number of ours. */
export function sumOfCounts(path: string): string {
  const lines = readFileSync(path, "utf8").trim().split("\n");
  return String(lines.reduce((sum, line) => sum + Number(/(\d+)\D*$/.exec(line)?.[1] ?? 0), 0));
}

export function lineCount(path: string): string {
  const bytes = readFileSync(path);
  let lines = 0;
  for (let at = bytes.indexOf(0x0a); at !== -1; at = bytes.indexOf(0x0a, at + 1)) lines += 1;
  return String(lines);
}

/** The instants of records, in the order in which they stand. */
export function timestampsOf(path: string): string {
  const lines = readFileSync(path, "utf8").trim().split("\n");
  return lines.map((line) => JSON.parse(line).timestamp).join(" ");
}
