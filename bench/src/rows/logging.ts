import { mkdirSync, readdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { lineCount } from "./answers.js";
import type { Bench } from "./bench.js";
import { eventsFile } from "./events-file.js";
import { rateRatio } from "./promises.js";
import type { Contender, Row } from "./row.js";

const flush = "ours, flush, redact: false";
const flushRedacted = "ours, flush, default redaction";
const fsync = "ours, fsync, redact: false";
const fsyncRedacted = "ours, fsync, default redaction";
const [pinoSync, pinoAsync] = ["pino, sync, minLength 8192", "pino, async"] as const;
const betterPino = { label: "the better pino, which does not sync", bestOf: [pinoSync, pinoAsync] };

export const logging: Row = {
  id: "logging",
  questions: async (bench) => {
    const { scale, tools } = bench;
    const own = tools.own("log-ours");
    const peer = (name: string, script: string, packageName: string, way: string, maxRounds?: number) => {
      const path = tools.peer(script, packageName);
      return path === undefined
        ? []
        : [writes(bench, name, path, way, maxRounds === undefined ? {} : { maxRounds })];
    };
    return [
      {
        title: `logging ${scale.events.toLocaleString("en")} events to files`,
        expected: String(scale.events),
        contenders: [
          writes(bench, flush, own, "flush", { isOurs: true }),
          writes(bench, flushRedacted, own, "flush-redacted", { isOurs: true }),
          writes(bench, fsync, own, "fsync", { isOurs: true }),
          writes(bench, fsyncRedacted, own, "fsync-redacted", { isOurs: true }),
          ...peer(pinoSync, "log-pino", "pino", "sync"),
          ...peer(pinoAsync, "log-pino", "pino", "async"),
          ...peer("winston", "log-winston", "winston", "file", 2),
          ...peer("rotating-file-stream", "log-rotating-file-stream", "rotating-file-stream", "file", 2),
        ],
        promises: [
          rateRatio(flush, betterPino, { bar: 2, aim: 3 }),
          rateRatio(flushRedacted, betterPino, { bar: 1.4, aim: 2 }),
          rateRatio(fsync, betterPino, { bar: 1.5, aim: 2 }),
        ],
        note:
          "All write the same: id, time, correlation id, event, metadata with a number. Ours awaits `ready()` every 1,000 " +
          "events; pino's asynchronous mode yields as often; winston and rotating-file-stream wait for `drain`.",
      },
    ];
  },
};

function writes(
  bench: Bench,
  name: string,
  script: string,
  way: string,
  extra: Partial<Contender>,
): Contender {
  const { scale, tools, workFolder } = bench;
  const directory = join(workFolder, "written");
  return {
    name,
    command: tools.node,
    args: [script, way, "rate", eventsFile(bench), String(scale.events), directory],
    prepare: () => {
      rmSync(directory, { recursive: true, force: true });
      mkdirSync(directory);
    },
    answer: () => String(segmentsIn(directory).reduce((sum, path) => sum + Number(lineCount(path)), 0)),
    figures: () => ({ MB: segmentsIn(directory).reduce((sum, path) => sum + statSync(path).size, 0) / 1e6 }),
    ...extra,
  };
}

/** What was written, without manifests and the like. */
function segmentsIn(directory: string): string[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.parentPath.includes("/."))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !path.endsWith(".json"));
}
