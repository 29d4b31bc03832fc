import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import type { FileSystem } from "@prodigy-events/storage";
import { type CrashingFileSystem, type CrashPoint, crashingFileSystem } from "@prodigy-events/test-kit";
import type { Mode, Row, RowContext, RowResult } from "../../row.js";
import { Failures } from "../failures.js";
import { inParallel } from "../in-parallel.js";
import { quickFileSystem } from "../test-records.js";
import { cleaningScenario, restoringScenario } from "./cleaning.js";
import { indexingScenario } from "./indexing.js";
import { recoveringScenario } from "./recovering.js";
import type { FailpointScenario } from "./scenario.js";
import { writingScenario } from "./writing.js";

const scenarios: readonly FailpointScenario[] = [
  writingScenario("fsync"),
  writingScenario("flush"),
  recoveringScenario,
  cleaningScenario,
  restoringScenario,
  indexingScenario,
];

/** What the crash points gave so far. */
export interface Totals {
  points: number;
  lost: number;
  dup: number;
  readonly failures: Failures;
}

async function run({ mode, directory, log }: RowContext): Promise<RowResult> {
  const totals: Totals = { points: 0, lost: 0, dup: 0, failures: new Failures() };
  const figures: Record<string, number> = {};
  for (const scenario of scenarios) {
    const before = totals.points;
    await crashEverywhere(scenario, join(directory, scenario.name), totals, mode);
    figures[scenario.name] = totals.points - before;
    log(`row 2: ${totals.points} crash points after ${scenario.name}`);
  }
  const { points, lost, dup, failures } = totals;
  return { row: "2", n: points, lost, dup, failures: failures.lines, figures };
}

/** Crashes before, in and after every changing call of a scenario. */
export async function crashEverywhere(
  scenario: FailpointScenario,
  directory: string,
  totals: Totals,
  mode: Mode = "full",
): Promise<void> {
  const { changes } = await crashAt(undefined, scenario, join(directory, "whole"), totals);
  const points = changes.flatMap(({ operation }, index): CrashPoint[] => {
    const at = index + 1;
    const whens = ["before", operation.startsWith("write") ? "mid" : undefined, "after"] as const;
    // Where one call follows another, after the one is before the next.
    const isNews = (when: CrashPoint["when"] | undefined) =>
      when !== undefined && (mode === "full" || when !== "after" || scenario.isConcurrent);
    return whens.filter(isNews).map((when) => ({ at, when: when! }));
  });
  await inParallel(points, async (point) => {
    // Background work makes the number of calls vary by a few: a point beyond the end is no crash.
    const disk = await crashAt(point, scenario, join(directory, `${point.at}-${point.when}`), totals);
    if (disk.hasCrashed) totals.points += 1;
  });
}

async function crashAt(
  point: CrashPoint | undefined,
  scenario: FailpointScenario,
  root: string,
  totals: Totals,
): Promise<CrashingFileSystem<FileSystem>> {
  await mkdir(root, { recursive: true, mode: 0o700 });
  const stage = await scenario.prepare(root);
  const disk = crashingFileSystem<FileSystem>(quickFileSystem, point);
  await disk.untilCrash(() => stage.run(withSocketsOfItsOwn(disk.fs)));
  const { lost, dup, texts } = await stage.check(disk.hasCrashed);
  totals.lost += lost;
  totals.dup += dup;
  const call = disk.changes.at(-1);
  const where =
    point && `crash ${point.when} call ${point.at}, ${call?.operation} ${call?.path?.slice(root.length)}`;
  for (const text of texts) totals.failures.add(`${text} [${scenario.name}, ${where ?? "no crash"}]`);
  await rm(root, { recursive: true });
  return disk;
}

/**
 * The kernel takes back the sockets of a process that ends. Here only the file system seems to end and the process goes on,
 * so what crashes takes the sockets, which are named after real paths, of places that nobody else asks for.
 */
function withSocketsOfItsOwn(fs: FileSystem): FileSystem {
  return { ...fs, realpath: async (path) => `${await fs.realpath(path)} before the crash` };
}

/** Row 2: a crash at every step. */
export const failpointRow: Row = {
  id: "2",
  title:
    "a crash before, in and after every step of rotation, compression, recovery, clean, restore and index",
  modes: ["quick", "full"],
  run,
};
