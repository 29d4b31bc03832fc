import { readFileSync } from "node:fs";
import { temporaryDirectory } from "@prodigy-events/test-kit";
import { expect, it } from "vitest";
import { measureQuestion } from "../src/measure/measure-question.js";
import { verdictTable } from "../src/report/verdicts.js";
import { rateRatio, timeRatio } from "../src/rows/promises.js";
import type { Contender, Outcome, Question } from "../src/rows/row.js";

function contender(name: string, script: string, extra: Partial<Contender> = {}): Contender {
  const answer = (path: string) => readFileSync(path, "utf8");
  return { name, command: process.execPath, args: ["-e", script], answer, ...extra };
}

async function measure(contenders: Contender[], question: Partial<Question> = {}, runs = 2) {
  const said: string[] = [];
  const { path: workFolder } = await temporaryDirectory();
  const whole = { title: "", contenders, promises: [], ...question };
  const outcomes = await measureQuestion(whole, { runs, workFolder, log: (text) => said.push(text) });
  return { outcomes, said };
}

it("runs the contenders in turn, a round to warm up first, and who takes long less often", async () => {
  const turns: string[] = [];
  const named = (name: string, extra: Partial<Contender> = {}) =>
    contender(name, "", { prepare: (round) => void turns.push(`${name}${round}`), ...extra });
  const { outcomes } = await measure([named("a"), named("b"), named("slow", { maxRounds: 1 })]);
  expect(turns).toEqual(["a0", "b0", "a1", "b1", "slow1", "a2", "b2"]);
  expect([...outcomes.values()].map(({ rounds }) => rounds)).toEqual([2, 2, 1]);
});

it("says who answers otherwise and who fails, and goes on with the others", async () => {
  const { outcomes, said } = await measure(
    [
      contender("right", 'process.stdout.write("7")'),
      contender("wrong", 'process.stdout.write("8")'),
      contender("failing", 'process.stderr.write("no disk"); process.exitCode = 3'),
      contender("other", 'process.stdout.write("9")', { expected: "9" }),
    ],
    { expected: "7" },
  );
  const isRight = [...outcomes].map(([name, outcome]) => [name, outcome.isRight]);
  expect(isRight).toEqual([
    ["right", true],
    ["wrong", false],
    ["failing", undefined],
    ["other", true],
  ]);
  expect(outcomes.get("failing")?.failure).toMatch(/exit code 3: no disk/);
  expect(said).toEqual([expect.stringMatching(/failing: .* 3: no disk/), "  wrong answers 8 and not 7"]);
});

it("holds the answers against that of the judge, if there is one", async () => {
  const { outcomes } = await measure(
    [contender("ours", 'process.stdout.write("7")'), contender("judge", 'process.stdout.write("8")')],
    { judge: "judge" },
    1,
  );
  expect([...outcomes.values()].map(({ isRight }) => isRight)).toEqual([false, true]);
});

it.each([
  [
    "time at most",
    timeRatio("a", "b", { bar: 0.5, aim: 0.3 }),
    "| 0.40 × | ≤ 0.5 × | met | ≤ 0.3 × | **not met** |",
  ],
  [
    "rate at least",
    rateRatio("a", { label: "b or c", bestOf: ["c", "b"] }, { bar: 2, aim: 3 }),
    "| 2.50 × | ≥ 2 × | met | ≥ 3 × | **not met** |",
  ],
  [
    "the faster of two",
    timeRatio("a", { label: "b or c", bestOf: ["c", "b"] }, { bar: 0.3 }),
    "| 0.40 × | ≤ 0.3 × | **not met** |",
  ],
  [
    "the one of two that is there",
    timeRatio("a", { label: "c or d", bestOf: ["d", "c"] }, { bar: 0.3 }),
    "| 0.22 × | ≤ 0.3 × | met |",
  ],
  ["a peer that is missing", timeRatio("a", "d", { bar: 0.5 }), "| not measured | ≤ 0.5 × |  |  |  |"],
])("says whether a bar is met: %s", (_, promised, line) => {
  const outcomes = new Map([anOutcome("a", 2), anOutcome("b", 5), anOutcome("c", 9)]);
  const question = { title: "title", contenders: [], promises: [promised] };
  expect(verdictTable([{ rowId: "row", question, outcomes }])).toContain(`| title ${line}`);
});

it("says which answer of ours took the most memory", () => {
  const question = { title: "title", contenders: [], promises: [] };
  const of = (bytes: number) => {
    const [name, outcome] = anOutcome("stats", 1);
    const outcomes = new Map([[name, { ...outcome, isOurs: true, peakBytes: bytes }]]);
    return verdictTable([{ rowId: "row", question, outcomes }]);
  };
  expect(of(250e6)).toContain("most: stats | 250 MB | ≤ 250 MB | met |");
  expect(of(251e6)).toContain("most: stats | 251 MB | ≤ 250 MB | **not met** |");
});

function anOutcome(name: string, seconds: number): [string, Outcome] {
  const figures = {};
  const times = { seconds, cpuSeconds: seconds, fastest: seconds, slowest: seconds, rounds: 1 };
  return [
    name,
    { name, isOurs: false, ...times, peakBytes: 0, figures, answer: undefined, isRight: undefined },
  ];
}
