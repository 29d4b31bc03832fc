import type { Bench } from "./bench.js";

/** What a program measured by itself, by name: `p99` in its unit, `rows` as a count. */
export type Figures = Readonly<Record<string, number>>;

/** One way to answer the question of a row. */
export interface Contender {
  name: string;
  command: string;
  args: readonly string[];
  /** Where it runs; an empty directory by default. */
  cwd?: string;
  isOurs?: boolean;
  /** Runs at most so many times: for tools that take long. */
  maxRounds?: number;
  /** Before each run, not timed. The first round is 0 and warms up. */
  prepare?: (round: number) => void | Promise<void>;
  /** After each run, not timed: what must be equal for all contenders of the row. */
  answer?: (stdoutPath: string) => string | Promise<string>;
  /** What its answer must be, when that is another than the others'. */
  expected?: string;
  /** Its answer is shown, and not compared: it is that to a question a little different. */
  isOtherQuestion?: boolean;
  /** After each run: what the program measured by itself, if it does. `peakMb` is its peak memory. */
  figures?: (stdoutPath: string) => Figures;
}

/** What came of a contender, over all rounds. */
export interface Outcome {
  name: string;
  isOurs: boolean;
  seconds: number;
  cpuSeconds: number;
  fastest: number;
  slowest: number;
  rounds: number;
  peakBytes: number;
  figures: Figures;
  /** Its last answer. */
  answer: string | undefined;
  /** Whether its answers are what was expected; undefined when there is nothing to compare. */
  isRight: boolean | undefined;
  /** Why it could not be measured. */
  failure?: string;
}

/** A promise about a row: its value from the outcomes, and the limits that it is held against. */
export interface Promised {
  what: string;
  unit: "×" | "ms" | "µs";
  /** Undefined when a peer was not measured. */
  value: (outcomes: Outcomes) => number | undefined;
  /** Whether small values are good. */
  want: "at most" | "at least";
  /** What must hold. */
  bar?: number;
  /** What we would like to hold. */
  aim?: number;
}

export type Outcomes = ReadonlyMap<string, Outcome>;

/** A row when its data is there. */
export interface Question {
  /** What is asked, as it stands in the tables. */
  title: string;
  /** Bytes that a tool without index has to read, for the rate; absent where a rate says nothing. */
  bytes?: number;
  contenders: readonly Contender[];
  /** What all answers must be; absent: what `judge` answers. */
  expected?: string;
  /** The contender whose answer the others must give. */
  judge?: string;
  promises: readonly Promised[];
  /** Said below the row's table. */
  note?: string;
  /** Rounds as a multiple of those asked for: more for what is short. */
  roundsFactor?: number;
}

/** One or more questions over the same data. `id` is what `--rows` takes. */
export interface Row {
  id: string;
  questions: (bench: Bench) => Promise<readonly Question[]>;
}
