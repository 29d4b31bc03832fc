import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Bench } from "./bench.js";
import { eventsFile } from "./events-file.js";
import { figureOf, figureRatio } from "./promises.js";
import type { Contender, Row } from "./row.js";

const us = "log() of ours, redact: false";
const redacted = "log() of ours, default redaction";
const [pinoSync, pinoAsync] = ["info() of pino, sync", "info() of pino, async"] as const;
const betterPino = { label: "the better pino", bestOf: [pinoSync, pinoAsync] };

export const logCall: Row = {
  id: "log-call",
  questions: async (bench) => {
    const { scale, tools } = bench;
    const peer = tools.peer("log-pino", "pino");
    return [
      {
        title: `one call, of ${scale.calls.toLocaleString("en")} (µs)`,
        contenders: [
          times(bench, us, tools.own("log-ours"), "flush", true),
          times(bench, redacted, tools.own("log-ours"), "flush-redacted", true),
          ...(peer === undefined
            ? []
            : [times(bench, pinoSync, peer, "sync", false), times(bench, pinoAsync, peer, "async", false)]),
        ],
        promises: [
          figureOf(us, "p99", "µs", { bar: 10 }),
          figureOf(redacted, "p99", "µs", { bar: 10 }),
          figureRatio(us, betterPino, "p99", { bar: 1 }),
        ],
      },
    ];
  },
};

function times(bench: Bench, name: string, script: string, way: string, isOurs: boolean): Contender {
  const { scale, tools, workFolder } = bench;
  const directory = join(workFolder, "called");
  return {
    name,
    isOurs,
    command: tools.node,
    args: [script, way, "calls", eventsFile(bench), String(scale.calls), directory],
    maxRounds: 3,
    prepare: () => {
      rmSync(directory, { recursive: true, force: true });
      mkdirSync(directory);
    },
    figures: (stdoutPath) => JSON.parse(readFileSync(stdoutPath, "utf8")),
  };
}
