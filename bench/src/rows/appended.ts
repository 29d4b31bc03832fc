import { appendFileSync, readFileSync, statSync, truncateSync } from "node:fs";
import { countsText } from "./answers.js";
import { countsOf, ourStats } from "./contenders.js";
import { buildIndexes, dropIndexes } from "./indexes.js";
import { timeRatio } from "./promises.js";
import type { Row } from "./row.js";

const again = "prodigy-events stats after 1 % more";
const indexed = "prodigy-events stats, indexed";

export const appended: Row = {
  id: "appended",
  questions: async (bench) => {
    const { scale, tools, data } = bench;
    const growing = await data.growing(scale.mainMib);
    const plain = await data.plain(scale.mainMib);
    const open = growing.paths.at(-1) as string;
    // As it was generated: that of the plain store is the same, and never appended to.
    const bytesBefore = statSync(plain.paths.at(-1) as string).size;
    await buildIndexes(bench, plain);

    // The first lines of the other store, so many that they are a hundredth of it.
    const addition = firstLines(plain.paths[0] as string, Math.round(plain.bytes / 100));
    const expected = new Map(Object.entries(growing.byType));
    for (const line of addition.toString().trim().split("\n")) {
      const type = JSON.parse(line).event.event_type as string;
      expected.set(type, (expected.get(type) ?? 0) + 1);
    }
    return [
      {
        title: `count by event type over ${scale.mainMib} MiB when 1 % was appended since`,
        roundsFactor: 2,
        contenders: [
          ourStats(tools, again, growing, [], {
            prepare: async () => {
              truncateSync(open, bytesBefore);
              await dropIndexes(bench, growing);
              await buildIndexes(bench, growing);
              appendFileSync(open, addition);
            },
            expected: countsText(expected),
          }),
          ourStats(tools, indexed, plain, [], { expected: countsOf(plain) }),
        ],
        promises: [timeRatio(again, indexed, { bar: 1.3 })],
      },
    ];
  },
};

function firstLines(path: string, bytes: number): Buffer {
  const content = readFileSync(path);
  return content.subarray(0, content.indexOf(0x0a, bytes) + 1);
}
