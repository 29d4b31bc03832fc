import { ours } from "./contenders.js";
import { timeRatio } from "./promises.js";
import type { Row } from "./row.js";

const bare = "node -e 0";
const version = "prodigy-events --version";
const ls = "prodigy-events ls";

export const startUp: Row = {
  id: "start-up",
  questions: async ({ scale, tools, data }) => {
    const small = await data.plain(scale.smallMib);
    return [
      {
        title: "start-up: the version, and the newest 20 records of a small store",
        roundsFactor: 4,
        contenders: [
          ours(tools, version, ["--version"], undefined),
          ours(tools, ls, ["ls", "--limit", "20"], small),
          { name: bare, command: tools.node, args: ["-e", "0"] },
        ],
        promises: [timeRatio(version, bare, { bar: 1.5 }), timeRatio(ls, bare, { bar: 2.2 })],
      },
    ];
  },
};
