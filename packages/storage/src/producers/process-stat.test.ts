import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { parseProcessStat } from "./process-stat.js";

const rest =
  "S 1 4242 4242 0 -1 4194304 100 0 0 0 5 6 0 0 20 0 11 0 987654 1000000 5000 18446744073709551615";

it.each(["node", "tmux: server", "a) S 1 (b", "((", "evil) Z 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 0 0 1 ("])(
  "counts the fields after the program's name %j",
  (name) => {
    expect(parseProcessStat(`4242 (${name}) ${rest}\n`)).toEqual({
      state: "S",
      threads: 11,
      startTime: "987654",
    });
  },
);

it("reads the stat file of this process", () => {
  expect(parseProcessStat(readFileSync("/proc/self/stat", "utf8"))).toMatchObject({
    state: expect.stringMatching(/^[RS]$/),
  });
});

it.each([
  "",
  "4242",
  "4242 (node)",
  "4242 (node) S 1 2",
  `4242 (node) ${rest.replace("987654", "later")}`,
  `4242 (node) ${rest.replace("S ", "7 ")}`,
])("makes nothing of %j", (text) => {
  expect(parseProcessStat(text)).toBeUndefined();
});
