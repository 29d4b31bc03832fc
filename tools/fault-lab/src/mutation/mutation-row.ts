import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { Row } from "../row.js";

/** What the mutation program says of a package; shares are in per cent. */
interface PackageScore {
  readonly package: string;
  readonly killed: number;
  readonly survived: number;
  readonly score: number;
  readonly least: number;
}

/** Matrix row 18: hours, unless an earlier run has left its reports, of which only what changed is run again. */
export const mutationRow: Row = {
  id: "18",
  title: "changes of the source that no test notices",
  modes: ["full"],
  run: async () => {
    const scores = await mutationScores();
    const sum = (of: "killed" | "survived"): number => scores.reduce((total, each) => total + each[of], 0);
    const tenth = (share: number): number => Math.round(share * 10) / 10;
    const n = sum("killed") + sum("survived");
    return {
      row: "18",
      ...{ n, lost: 0, dup: 0 },
      failures: scores
        .filter(({ score, least }) => score < least)
        .map(
          (each) => `${each.package}: ${tenth(each.score)} % of the changes are noticed, not ${each.least} %`,
        ),
      figures: {
        notNoticed: sum("survived"),
        ...Object.fromEntries(scores.map((each) => [`${each.package}Percent`, tenth(each.score)])),
      },
    };
  },
};

async function mutationScores(): Promise<PackageScore[]> {
  const program = fileURLToPath(import.meta.resolve("@prodigy-events/mutation"));
  const child = spawn(process.execPath, [program, "--json"], { stdio: ["ignore", "pipe", "inherit"] });
  const ended = once(child, "close");
  const scores: PackageScore[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    scores.push(JSON.parse(line) as PackageScore);
  }
  await ended;
  if (scores.length === 0) throw new Error("the mutation program said nothing");
  return scores;
}
