import { countsOf, duckdb, fasterDuck, ourStats } from "./contenders.js";
import { buildIndexes } from "./indexes.js";
import { timeRatio } from "./promises.js";
import type { Row } from "./row.js";

const scan = "prodigy-events stats --no-index, gzip";
const indexed = "prodigy-events stats, gzip";
const plainIndexed = "prodigy-events stats, plain";

export const compressed: Row = {
  id: "compressed",
  questions: async (bench) => {
    const { scale, tools, data } = bench;
    const [plain, gzip] = [await data.plain(scale.mainMib), await data.compressed(scale.mainMib)];
    await buildIndexes(bench, plain);
    await buildIndexes(bench, gzip);
    const expected = countsOf(plain);
    return [
      {
        title: `count by event type over ${scale.mainMib} MiB in compressed segments, without index`,
        bytes: gzip.bytes,
        expected,
        contenders: [ourStats(tools, scan, gzip, ["--no-index"]), ...duckdb(tools, gzip, { maxRounds: 3 })],
        promises: [timeRatio(scan, fasterDuck, { bar: 1 })],
      },
      {
        title: `count by event type over ${scale.mainMib} MiB in compressed and in plain segments, with indexes`,
        roundsFactor: 3,
        expected,
        contenders: [ourStats(tools, indexed, gzip, []), ourStats(tools, plainIndexed, plain, [])],
        // "As plain", with a tenth for the noise of a run.
        promises: [timeRatio(indexed, plainIndexed, { bar: 1.1 })],
      },
    ];
  },
};
