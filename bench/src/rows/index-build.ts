import { countsOf, ourStats, ours } from "./contenders.js";
import { dropIndexes } from "./indexes.js";
import { timeRatio } from "./promises.js";
import type { Row } from "./row.js";

const build = "prodigy-events index";
const scan = "prodigy-events stats --no-index";

export const indexBuild: Row = {
  id: "index-build",
  questions: async (bench) => {
    const { scale, tools, data } = bench;
    const plain = await data.plain(scale.mainMib);
    return [
      {
        title: `building all indexes of ${scale.mainMib} MiB`,
        bytes: plain.bytes,
        expected: countsOf(plain),
        contenders: [
          ours(tools, build, ["index"], plain, { prepare: () => dropIndexes(bench, plain) }),
          ourStats(tools, scan, plain, ["--no-index"]),
        ],
        promises: [timeRatio(build, scan, { bar: 3 })],
      },
    ];
  },
};
