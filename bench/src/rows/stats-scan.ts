import { countsFromCsv } from "./answers.js";
import {
  countsOf,
  duckdb,
  fasterDuck,
  jqCount,
  jqCounting,
  literalCount,
  ourStats,
  parseEachLine,
  rgLiteral,
} from "./contenders.js";
import { timeRatio } from "./promises.js";
import type { Row } from "./row.js";

const us = "prodigy-events stats --no-index";

export const statsScan: Row = {
  id: "stats-scan",
  questions: async ({ scale, tools, data }) => {
    const plain = await data.plain(scale.mainMib);
    return [
      {
        title: `count by event type over ${scale.mainMib} MiB, without index`,
        bytes: plain.bytes,
        expected: countsOf(plain),
        contenders: [
          ourStats(tools, us, plain, ["--no-index"]),
          ...literalCount(tools, plain),
          ...duckdb(tools, plain),
          ...jqCounting(tools, plain),
          parseEachLine(tools, "count", plain, countsFromCsv),
        ],
        promises: [
          timeRatio(us, fasterDuck, { bar: 0.3 }),
          timeRatio(us, jqCount, { bar: 0.04 }),
          timeRatio(us, rgLiteral, { aim: 2 }),
        ],
        note: "ripgrep only counts the lines of one type; it stands for reading everything as fast as can be.",
      },
    ];
  },
};
