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
      sizes: { type: "string" },
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
    scale: values.sizes === undefined ? scale : { ...scale, ...parseSizes(values.sizes) },
    runs,
    rows: values.rows.flatMap((ids) => ids.split(",")),
    data: values.data,
    writeDocs: values["docs-file"] ?? values["write-docs"],
    install: !values["no-install"],
  };
}

/** Sizes in MiB: of the store that most rows ask, and of the large one. */
function parseSizes(text: string): Pick<Scale, "mainMib" | "largeMib"> {
  const [mainMib, largeMib, ...more] = text.split(",").map(Number);
  const isSize = (mib: number | undefined): mib is number =>
    mib !== undefined && Number.isFinite(mib) && mib > 0;
  if (!isSize(mainMib) || !isSize(largeMib) || more.length > 0)
    throw new RangeError(`--sizes ${text}: give two sizes in MiB, such as 64,2048`);
  return { mainMib, largeMib };
}
