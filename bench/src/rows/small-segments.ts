import { countsOf, literalCount, ourStats } from "./contenders.js";
import type { Row } from "./row.js";

const us = "prodigy-events stats";
const scan = "prodigy-events stats --no-index";

export const smallSegments: Row = {
  id: "small-segments",
  questions: async ({ scale, tools, data }) => {
    const small = await data.smallSegments(scale.segments);
    return [
      {
        title: `count by event type over ${small.files.length.toLocaleString("en")} segments of 100 KB`,
        bytes: small.bytes,
        expected: countsOf(small),
        contenders: [
          ourStats(tools, us, small, []),
          ourStats(tools, scan, small, ["--no-index"]),
          ...literalCount(tools, small),
        ],
        promises: [],
        note: "Nothing is promised here; opening thousands of files must not be what takes the time.",
      },
    ];
  },
};
