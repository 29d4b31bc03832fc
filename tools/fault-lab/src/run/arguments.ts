import { randomInt } from "node:crypto";
import { parseArgs } from "node:util";
import type { Mode } from "../row.js";

/** What the program was asked to do. */
export interface Request {
  readonly mode: Mode;
  /** Ids of the rows asked for; empty for all. */
  readonly rows: readonly string[];
  /** Only the rows that run in one process, or only those with processes; left out, all. */
  readonly only: Part | undefined;
  readonly seed: number;
  /** Print the JSON lines only, without the table. */
  readonly json: boolean;
  /** The Markdown file whose table is to be replaced. */
  readonly writeDocs: string | undefined;
  /** Files of JSON lines that earlier runs printed: nothing is run, their table is made again. */
  readonly from: readonly string[];
  /** Where rows find an empty folder; a temporary one when left out. */
  readonly directory: string | undefined;
}

/** The rows that run in one process, and those with processes. */
export type Part = "core" | "processes";

/** Seeds are printed and typed: they stay short. */
const seedBound = 1_000_000_000;

/**
 * Reads the command line.
 *
 * @throws TypeError for an option that does not exist, RangeError for a seed that is no whole number
 */
export function parseRequest(args: readonly string[]): Request {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      quick: { type: "boolean", default: false },
      full: { type: "boolean", default: false },
      row: { type: "string", multiple: true, default: [] },
      only: { type: "string" },
      seed: { type: "string" },
      json: { type: "boolean", default: false },
      "write-docs": { type: "string" },
      from: { type: "string", multiple: true, default: [] },
      directory: { type: "string" },
    },
  });
  const seed = values.seed === undefined ? randomInt(seedBound) : Number(values.seed);
  if (!Number.isSafeInteger(seed) || seed < 0) {
    throw new RangeError(`--seed must be a whole number from 0: ${values.seed}`);
  }
  if (positionals.length > 0 && values.row.length === 0) {
    throw new RangeError(`unknown argument ${positionals[0]}; rows are named with --row ID`);
  }
  if (values.only !== undefined && values.only !== "core" && values.only !== "processes") {
    throw new RangeError(`--only ${values.only}: give core or processes`);
  }
  return {
    mode: values.quick && !values.full ? "quick" : "full",
    rows: [...values.row, ...positionals].flatMap((ids) => ids.split(",")),
    only: values.only,
    seed,
    json: values.json,
    writeDocs: values["write-docs"],
    from: values.from,
    directory: values.directory,
  };
}
