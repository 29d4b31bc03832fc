import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { runMeasured } from "../measure/peak-memory.js";
import type { Tools } from "../tools/tools.js";
import { type DataSet, type Finish, openDataSet } from "./data-set.js";
import { jqAnswers } from "./jq-answers.js";
import { type StoreShape, usualShape } from "./store-shape.js";

/** The stores of a run, by size and finish: made when they are first asked for, used again by later runs. */
export class DataSets {
  readonly #directory: string;
  readonly #generator: string;
  readonly #tools: Tools;
  readonly #log: (text: string) => void;

  constructor(directory: string, generator: string, tools: Tools, log: (text: string) => void) {
    this.#directory = directory;
    this.#generator = generator;
    this.#tools = tools;
    this.#log = log;
  }

  /** Segments of six producers, closed. */
  plain(mib: number): Promise<DataSet> {
    return this.#get(`plain-${mib}`, { ...usualShape, bytes: bytesOf(mib) }, "rotated");
  }

  /** The same, each segment compressed as our writer does. */
  compressed(mib: number): Promise<DataSet> {
    return this.#get(`gzip-${mib}`, { ...usualShape, bytes: bytesOf(mib) }, "compressed");
  }

  /** The same as plain, with the last segment still written to. */
  growing(mib: number): Promise<DataSet> {
    return this.#get(`growing-${mib}`, { ...usualShape, bytes: bytesOf(mib) }, "last open");
  }

  /** So many segments of 100 KB. */
  smallSegments(count: number): Promise<DataSet> {
    const shape = { ...usualShape, jobs: 5, maxSegmentBytes: 100_000, bytes: count * 100_000 };
    return this.#get(`segments-${count}`, shape, "rotated");
  }

  async #get(name: string, shape: StoreShape, finish: Finish): Promise<DataSet> {
    const directory = join(this.#directory, name);
    let dataSet = openDataSet(directory, shape, finish);
    if (dataSet === undefined) {
      this.#log(`making ${name}`);
      mkdirSync(directory, { recursive: true });
      // In a process of its own: the memory it takes would make every later start of a process slower.
      const { seconds } = await runMeasured({
        command: process.execPath,
        args: [this.#generator, ...generatorOptions(shape, finish), "--out", directory],
        cwd: directory,
        stdoutPath: join(directory, "generate.out"),
        stderrPath: join(directory, "generate.err"),
      });
      this.#log(`made ${name} in ${seconds.toFixed(1)} s`);
      dataSet = openDataSet(directory, shape, finish);
      if (dataSet === undefined) throw new Error(`${directory} is not what was to be generated`);
    }
    if (this.#tools.jq !== undefined && finish !== "last open")
      await jqAnswers(this.#tools.jq, dataSet, this.#log);
    return dataSet;
  }
}

function bytesOf(mib: number): number {
  return Math.round(mib * 1024 * 1024);
}

function generatorOptions(shape: StoreShape, finish: Finish): string[] {
  return [
    ...["--size-mib", String(shape.bytes / 1024 / 1024)],
    ...["--segment-kb", String(shape.maxSegmentBytes / 1000)],
    ...["--jobs", String(shape.jobs), "--producers", String(shape.producersPerJob)],
    ...["--seed", String(shape.seed), "--finish", finish.replace(" ", "-")],
  ];
}
