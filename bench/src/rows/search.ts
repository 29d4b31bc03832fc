import { sumOfCounts } from "./answers.js";
import { jqNumber, ours, parseEachLine, ripgrep } from "./contenders.js";
import { timeRatio } from "./promises.js";
import type { Row } from "./row.js";

const pattern = "error|failed";
const raw = "prodigy-events search --raw --case-sensitive --no-index";
const decoded = "prodigy-events search --no-index";
const jq = "jq";
/** jq counts what its filter selects; with `-R` that is lines as they stand. */
const counting = (condition: string) => `reduce (inputs | select(${condition})) as $one (0; . + 1)`;

export const search: Row = {
  id: "search",
  questions: async ({ scale, tools, data }) => {
    const plain = await data.plain(scale.mainMib);
    const bytes = plain.bytes;
    return [
      {
        title: `lines with ${pattern} in ${scale.mainMib} MiB`,
        bytes,
        judge: tools.jq === undefined ? "rg -c" : jq,
        contenders: [
          ours(tools, raw, ["search", pattern, "--raw", "--case-sensitive", "--count", "--no-index"], plain, {
            answer: sumOfCounts,
          }),
          ...ripgrep(tools, "rg -c", [pattern], plain, { answer: sumOfCounts }),
          ...jqNumber(tools, jq, ["-n", "-R", counting(`test("${pattern}")`)], plain),
        ],
        promises: [timeRatio(raw, "rg -c", { bar: 3, aim: 1.5 })],
      },
      {
        title: `records with ${pattern} in a text of theirs, in whatever case, in ${scale.mainMib} MiB`,
        bytes,
        judge: tools.jq === undefined ? "Node, JSON.parse" : jq,
        contenders: [
          ours(tools, decoded, ["search", pattern, "--count", "--no-index"], plain, { answer: sumOfCounts }),
          ...ripgrep(tools, "rg -c -S", ["-S", pattern], plain, {
            answer: sumOfCounts,
            isOtherQuestion: true,
          }),
          parseEachLine(tools, "search", plain, sumOfCounts),
          ...jqNumber(tools, jq, ["-n", counting(`any(.. | strings; test("${pattern}"; "i"))`)], plain),
        ],
        promises: [timeRatio(decoded, "rg -c -S", { bar: 8, aim: 4 })],
        note:
          "Ours looks at the texts as they are when decoded, and not at keys; ripgrep at the line as it stands, so it also " +
          'counts records whose only match is a key such as `"error"` or `"failed"`. Ours is held against jq, which looks at the same texts.',
      },
    ];
  },
};
