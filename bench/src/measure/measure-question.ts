import { join } from "node:path";
import type { Contender, Figures, Outcome, Outcomes, Question } from "../rows/row.js";
import { type Run, runMeasured } from "./peak-memory.js";
import { median } from "./statistics.js";

export interface Rounds {
  /** How many times each contender runs, without the round that warms up. */
  runs: number;
  /** Where the output goes; commands run there, too. */
  workFolder: string;
  log: (text: string) => void;
}

interface Series {
  contender: Contender;
  limit: number;
  runs: Run[];
  figures: Figures[];
  answers: string[];
  failure?: string;
}

/**
 * Measures all contenders of a question in turn, round by round, so that whatever else the machine does meets all of
 * them. A round before the first warms up what is cached, and is not counted.
 */
export async function measureQuestion(
  question: Question,
  { runs, workFolder, log }: Rounds,
): Promise<Outcomes> {
  const rounds = runs === 1 ? 1 : Math.round(runs * (question.roundsFactor ?? 1));
  const series = question.contenders.map(
    (contender): Series => ({
      contender,
      limit: Math.min(rounds, contender.maxRounds ?? rounds),
      runs: [],
      figures: [],
      answers: [],
    }),
  );
  for (let round = 0; round <= rounds; round += 1) {
    for (const one of series) {
      // What takes so long that it is run a few times only needs no warming up by itself: the others have.
      const isWarmUp = round === 0;
      const isOver = one.failure !== undefined || one.runs.length >= one.limit;
      if (isOver || (isWarmUp && one.contender.maxRounds !== undefined)) continue;
      try {
        await runOnce(one, round, workFolder);
      } catch (error) {
        one.failure = error instanceof Error ? error.message : String(error);
        log(`  ${one.contender.name}: ${one.failure}`);
      }
      if (isWarmUp) one.runs = [];
    }
  }
  const judge = series.find(({ contender }) => contender.name === question.judge);
  const common = question.expected ?? judge?.answers[0];
  return new Map(
    series.map((one) => [one.contender.name, outcomeOf(one, one.contender.expected ?? common, log)]),
  );
}

async function runOnce({ contender, runs, figures, answers }: Series, round: number, workFolder: string) {
  const stdoutPath = join(workFolder, "stdout");
  const stderrPath = join(workFolder, "stderr");
  const { command, args, cwd = workFolder } = contender;
  await contender.prepare?.(round);
  runs.push(await runMeasured({ command, args, cwd, stdoutPath, stderrPath }));
  if (contender.answer !== undefined) answers.push(await contender.answer(stdoutPath));
  if (contender.figures !== undefined && round > 0) figures.push(contender.figures(stdoutPath));
}

function outcomeOf(one: Series, expected: string | undefined, log: (text: string) => void): Outcome {
  const { contender, runs, figures, answers, failure } = one;
  const seconds = runs.map((run) => run.seconds);
  const isCompared = answers.length > 0 && expected !== undefined && contender.isOtherQuestion !== true;
  const wrong = isCompared ? answers.find((answer) => answer !== expected) : undefined;
  if (wrong !== undefined)
    log(`  ${contender.name} answers ${shortened(wrong)} and not ${shortened(expected ?? "")}`);
  const own = mediansOf(figures);
  return {
    name: contender.name,
    isOurs: contender.isOurs ?? false,
    seconds: median(seconds),
    cpuSeconds: median(runs.map((run) => run.cpuSeconds)),
    fastest: Math.min(...seconds),
    slowest: Math.max(...seconds),
    rounds: seconds.length,
    peakBytes: own.peakMb === undefined ? Math.max(0, ...runs.map((run) => run.peakBytes)) : own.peakMb * 1e6,
    figures: own,
    answer: answers.at(-1),
    isRight: isCompared ? wrong === undefined : undefined,
    ...(failure === undefined ? {} : { failure }),
  };
}

function mediansOf(figures: readonly Figures[]): Figures {
  const names = Object.keys(figures[0] ?? {});
  return Object.fromEntries(names.map((name) => [name, median(figures.map((one) => one[name] as number))]));
}

function shortened(text: string): string {
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}
