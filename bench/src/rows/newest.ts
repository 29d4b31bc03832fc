import { timestampsOf } from "./answers.js";
import { ours } from "./contenders.js";
import { buildIndexes } from "./indexes.js";
import { timeRatio } from "./promises.js";
import type { Row } from "./row.js";

export const newest: Row = {
  id: "newest",
  questions: async (bench) => {
    const { scale, tools, data } = bench;
    const [small, large] = [await data.plain(scale.smallMib), await data.plain(scale.largeMib)];
    await buildIndexes(bench, large);
    const question = (how: string, args: readonly string[]) => {
      const name = (mib: number) => `prodigy-events ls --limit 50${how}, ${mib} MiB`;
      const contender = (mib: number, set: typeof small) =>
        ours(tools, name(mib), ["ls", "--limit", "50", "--output-format", "ndjson", ...args], set, {
          answer: timestampsOf,
          expected: set.newest.join(" "),
        });
      return {
        title: `the newest 50 of ${scale.largeMib} and of ${scale.smallMib} MiB${how}`,
        roundsFactor: 3,
        contenders: [contender(scale.largeMib, large), contender(scale.smallMib, small)],
        promises: [timeRatio(name(scale.largeMib), name(scale.smallMib), { bar: 1.2 })],
      };
    };
    return [question("", []), question(" --no-index", ["--no-index"])];
  },
};
