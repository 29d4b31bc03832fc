import { rm } from "node:fs/promises";
import { join } from "node:path";
import { chanceFrom } from "../chance/chance.js";
import { sumOf } from "../evidence/sum.js";
import type { Mode, Row, RowContext, RowResult } from "../row.js";
import { type KillRound, killRound } from "./kill-round.js";

/** Writers killed in one job before it is read back. */
const killsPerRound = 10;

/** How writers write, round by round: small batches and large ones, and some whose last write is cut short. */
const shapes = [
  { batchEvents: 20 },
  { batchEvents: 900 },
  { batchEvents: 150 },
  { batchEvents: 50, maxSegmentBytes: 1_000_000, tearsTails: true },
];

const kills: Record<Mode, { flush: number; fsync: number }> = {
  quick: { flush: 200, fsync: 30 },
  full: { flush: 1_000, fsync: 1_000 },
};

/** Matrix row 1. */
export const killRow: Row = {
  id: "1",
  title: "kill -9 at random points, with rotation at 64 KiB and compression",
  modes: ["quick", "full"],
  run: async (context) => [await killAll("flush", context), await killAll("fsync", context)],
};

async function killAll(durability: "flush" | "fsync", context: RowContext): Promise<RowResult> {
  const chance = chanceFrom(context.seed);
  const wanted = kills[context.mode][durability];
  const rounds: KillRound[] = [];
  for (let done = 0; done < wanted; done += killsPerRound) {
    const store = join(context.directory, `${durability}-${done}`);
    const { tearsTails = false, ...shape } = shapes[rounds.length % shapes.length] as (typeof shapes)[number];
    const job = { store, repo: "kill", jobId: `round-${done}` };
    const order = { ...job, durability, maxSegmentBytes: 65_536, ...shape };
    rounds.push(await killRound(order, Math.min(killsPerRound, wanted - done), chance, tearsTails));
    await rm(store, { recursive: true });
    if (done % 200 === 0) context.log(`${durability}: ${done} of ${wanted} killed`);
  }
  return {
    row: `1 kill -9, ${durability}`,
    n: sumOf(rounds, (round) => round.kills),
    acked: sumOf(rounds, (round) => round.acked),
    lost: sumOf(rounds, (round) => round.lost),
    dup: sumOf(rounds, (round) => round.dup),
    failures: rounds.flatMap(({ failures }) => failures),
    figures: {
      corruptReported: sumOf(rounds, (round) => round.tornReported),
      corruptActual: sumOf(rounds, (round) => round.torn),
      segments: sumOf(rounds, (round) => round.segments),
      staleTemporaries: sumOf(rounds, (round) => round.temporaries),
      plainAndCompressed: sumOf(rounds, (round) => round.both),
    },
  };
}
