import type { DataSet } from "../store/data-set.js";
import type { Bench } from "./bench.js";
import { countsOf, ourStats, ours } from "./contenders.js";
import { buildIndexes } from "./indexes.js";
import { timeRatio } from "./promises.js";
import type { Row } from "./row.js";

const indexed = (data: DataSet) => `prodigy-events stats, ${data.shape.bytes / 1024 / 1024} MiB`;
const version = "prodigy-events --version";

export const statsIndex: Row = {
  id: "stats-index",
  questions: async (bench: Bench) => {
    const { scale, tools, data } = bench;
    const [main, large] = [await data.plain(scale.mainMib), await data.plain(scale.largeMib)];
    await buildIndexes(bench, main);
    await buildIndexes(bench, large);
    return [
      {
        title: `count by event type over ${scale.mainMib} and ${scale.largeMib} MiB, with indexes`,
        roundsFactor: 3,
        contenders: [
          ourStats(tools, indexed(main), main, [], { expected: countsOf(main) }),
          ourStats(tools, indexed(large), large, [], { expected: countsOf(large) }),
          ours(tools, version, ["--version"], undefined),
        ],
        promises: [
          timeRatio(indexed(main), version, { bar: 1.6 }),
          timeRatio(indexed(large), version, { bar: 1.6 }),
          timeRatio(indexed(large), indexed(main), { aim: 1.1 }),
        ],
      },
    ];
  },
};
