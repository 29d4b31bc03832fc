import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { jobDirectory } from "@prodigy-events/storage";
import { repo } from "../store/write-store.js";
import type { Bench } from "./bench.js";
import { figureOf } from "./promises.js";
import type { Contender, Row } from "./row.js";

const us = "prodigy-events follow";

export const follow: Row = {
  id: "follow",
  questions: async (bench) => {
    const { tools, workFolder } = bench;
    const root = join(workFolder, "followed");
    const segment = join(jobDirectory(root, repo, "live"), "events-20260101_120000_000-live0000.jsonl");
    const format = ["--output-format", "ndjson"];
    const command = [
      tools.node,
      tools.prodigyEvents,
      "follow",
      "-n",
      "0",
      ...format,
      "--store",
      root,
      "--repo",
      repo,
    ];
    return [
      {
        title: "from the append of a line to its arrival (ms)",
        contenders: [
          follows(bench, us, segment, command, true),
          ...(tools.tail === undefined
            ? []
            : [follows(bench, "tail -f", segment, [tools.tail, "-n", "0", "-f", segment], false)]),
        ],
        promises: [figureOf(us, "p50", "ms", { bar: 10 }), figureOf(us, "p99", "ms", { bar: 300 })],
      },
    ];
  },
};

function follows(
  { scale, tools }: Bench,
  name: string,
  segment: string,
  command: readonly string[],
  isOurs: boolean,
): Contender {
  return {
    name,
    isOurs,
    command: tools.node,
    args: [tools.own("follow-latency"), String(scale.followed), segment, ...command],
    maxRounds: 2,
    prepare: () => {
      rmSync(dirname(segment), { recursive: true, force: true });
      mkdirSync(dirname(segment), { recursive: true, mode: 0o700 });
      writeFileSync(segment, "", { mode: 0o600 });
    },
    figures: (stdoutPath) => JSON.parse(readFileSync(stdoutPath, "utf8")),
  };
}
