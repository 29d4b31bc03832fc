/**
 * Makes a store of realistic jobs. Usage:
 *   node bench/dist/generate.js --size-mib 512 --out DIR [--segment-kb 100000] [--jobs 3] [--producers 2] [--seed 42]
 *     [--foreign 0.1] [--malformed 0.001] [--finish rotated|compressed|last-open]
 * The store is DIR/store, for `prodigy-events stats --store DIR/store --repo bench`; DIR/data-set.json says what is in
 * it. One that is there already from the same options is left as it is.
 */
import { mkdirSync } from "node:fs";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { type Finish, makeDataSet, openDataSet } from "./store/data-set.js";
import { type StoreShape, usualShape } from "./store/store-shape.js";

const { values } = parseArgs({
  options: {
    out: { type: "string" },
    "size-mib": { type: "string", default: "64" },
    "segment-kb": { type: "string", default: String(usualShape.maxSegmentBytes / 1000) },
    jobs: { type: "string", default: String(usualShape.jobs) },
    producers: { type: "string", default: String(usualShape.producersPerJob) },
    seed: { type: "string", default: String(usualShape.seed) },
    foreign: { type: "string", default: "0" },
    malformed: { type: "string", default: "0" },
    finish: { type: "string", default: "rotated" },
  },
});
if (values.out === undefined) throw new Error("--out DIR is needed: where the store goes");
const finish = values.finish.replace("-", " ") as Finish;
if (!["rotated", "compressed", "last open"].includes(finish)) {
  throw new Error(`--finish ${values.finish}: give rotated, compressed or last-open`);
}

const shape: StoreShape = {
  bytes: Math.round(number("size-mib") * 1024 * 1024),
  jobs: number("jobs"),
  producersPerJob: number("producers"),
  maxSegmentBytes: number("segment-kb") * 1000,
  seed: number("seed"),
  foreignShare: number("foreign"),
  malformedShare: number("malformed"),
};
const directory = resolve(values.out);
mkdirSync(directory, { recursive: true });
const dataSet = openDataSet(directory, shape, finish) ?? (await makeDataSet(directory, shape, finish));
const { records, malformed, bytes, files } = dataSet;
process.stdout.write(
  `${dataSet.root}: ${records} records, ${malformed} malformed lines, ${bytes} bytes, ${files.length} segments\n`,
);

function number(option: Exclude<keyof typeof values, "out" | "finish">): number {
  const value = Number(values[option]);
  if (!Number.isFinite(value) || value < 0) throw new Error(`--${option} ${values[option]}: give a number`);
  return value;
}
