import { parseArgs } from "node:util";
import { fullScale, quickScale, type Scale, tinyScale } from "./rows/bench.js";

/** What a run of the bench was asked for. */
export interface BenchArguments {
  scale: Scale;
  /** Rounds that are counted. */
  runs: number;
  /** Ids of the rows; all when empty. */
  rows: string[];
  /** Where stores are kept for later runs; a temporary directory that is removed, without it. */
  data: string | undefined;
  /** The file to write what was printed into; true for `docs/benchmarks.md`. */
  writeDocs: string | boolean;
  /** Whether npm may install peers that are missing. */
  install: boolean;
}

const scales = { full: fullScale, quick: quickScale, tiny: tinyScale };

export function parseBenchArguments(args: readonly string[]): BenchArguments {
  const { values } = parseArgs({
    args: [...args],
    options: {
      scale: { type: "string", default: "full" },
      runs: { type: "string" },
      rows: { type: "string", multiple: true, default: [] },
      data: { type: "string" },
      "write-docs": { type: "boolean", default: false },
      "docs-file": { type: "string" },
      "no-install": { type: "boolean", default: false },
    },
  });
  const scale = scales[values.scale as keyof typeof scales];
  if (scale === undefined)
    throw new RangeError(`--scale ${values.scale}: give ${Object.keys(scales).join(", ")}`);
  const runs = Number(values.runs ?? { full: 5, quick: 3, tiny: 1 }[values.scale]);
  if (!Number.isInteger(runs) || runs < 1)
    throw new RangeError(`--runs ${values.runs}: give a number from 1`);
  return {
    scale,
    runs,
    rows: values.rows.flatMap((ids) => ids.split(",")),
    data: values.data,
    writeDocs: values["docs-file"] ?? values["write-docs"],
    install: !values["no-install"],
  };
}
