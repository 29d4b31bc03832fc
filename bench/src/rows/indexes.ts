import { join } from "node:path";
import { runMeasured } from "../measure/peak-memory.js";
import type { DataSet } from "../store/data-set.js";
import { repo } from "../store/write-store.js";
import type { Bench } from "./bench.js";

/** Makes sure that every segment of a store has its index. */
export function buildIndexes(bench: Bench, data: DataSet): Promise<void> {
  return run(bench, data, []);
}

/** Removes the indexes of a store. */
export function dropIndexes(bench: Bench, data: DataSet): Promise<void> {
  return run(bench, data, ["--drop"]);
}

async function run({ tools, workFolder }: Bench, data: DataSet, args: readonly string[]): Promise<void> {
  await runMeasured({
    command: tools.node,
    args: [tools.prodigyEvents, "index", "--store", data.root, "--repo", repo, ...args],
    cwd: workFolder,
    stdoutPath: join(workFolder, "index.out"),
    stderrPath: join(workFolder, "index.err"),
  });
}
