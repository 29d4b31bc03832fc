import { lineCount, sumOfCounts } from "./answers.js";
import { literalOf, ours, ripgrep } from "./contenders.js";
import { buildIndexes } from "./indexes.js";
import { timeRatio } from "./promises.js";
import type { Row } from "./row.js";

const scan = "prodigy-events ls --no-index";
const indexed = "prodigy-events ls";
const rg = "rg -c of the type's literal";
const [type, agent] = ["agent_failed", "agent-17"];

export const selectiveLs: Row = {
  id: "selective-ls",
  questions: async (bench) => {
    const { scale, tools, data } = bench;
    const large = await data.plain(scale.largeMib);
    await buildIndexes(bench, large);
    const expected = String(large.byTypeAndAgent[`${type} ${agent}`] ?? 0);
    const ofType = String(large.byType[type] ?? 0);
    const command = ["ls", "--event-type", type, "--agent-id", agent, "--output-format", "ndjson"] as const;
    return [
      {
        title: `all records of one type and one agent of ${scale.largeMib} MiB`,
        bytes: large.bytes,
        expected,
        contenders: [
          ours(tools, scan, [...command, "--no-index"], large, { answer: lineCount }),
          ours(tools, indexed, command, large, { answer: lineCount }),
          ...ripgrep(tools, rg, ["-F", literalOf(type)], large, {
            answer: sumOfCounts,
            expected: ofType,
          }),
        ],
        promises: [timeRatio(scan, rg, { bar: 2, aim: 1.2 }), timeRatio(indexed, rg, { bar: 1, aim: 0.6 })],
        note: "ripgrep counts the lines of the type; ours prints those of type and agent.",
      },
    ];
  },
};
