import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { chanceFrom } from "../chance/chance.js";
import { mountExt4 } from "../disk/mounts.js";
import { sumOf } from "../evidence/sum.js";
import { runCommand } from "../process/run-command.js";
import type { Mode, Row, RowContext, RowResult } from "../row.js";
import { cutPower, type PowerCut } from "./power-cut.js";

const cuts: Record<Mode, number> = { quick: 2, full: 20 };

/** Matrix row 3. */
export const powerCutRow: Row = {
  id: "3",
  title: "power cuts, on an ext4 of its own",
  modes: ["full"],
  run: async (context) => [await cutAll("fsync", context), await cutAll("flush", context)],
};

async function cutAll(durability: "flush" | "fsync", context: RowContext): Promise<RowResult> {
  const row = `3 power cut, ${durability}`;
  const skipped = await powerCutProblem(join(context.directory, `probe-${durability}`));
  if (skipped !== undefined) return { row, n: 0, lost: 0, dup: 0, failures: [], skipped };
  const chance = chanceFrom(context.seed);
  const found: PowerCut[] = [];
  for (let nth = 0; nth < cuts[context.mode]; nth += 1) {
    found.push(await cutPower(join(context.directory, `${durability}-${nth}`), nth, durability, chance));
    if (nth % 5 === 4) context.log(`${durability}: power cut ${nth + 1} times`);
  }
  const missing = sumOf(found, ({ lost }) => lost);
  return {
    ...{ row, n: found.length, acked: sumOf(found, ({ acked }) => acked) },
    // What `flush` promises is to survive the process; what a power cut takes of it is shown, not held against it.
    lost: durability === "fsync" ? missing : 0,
    dup: sumOf(found, ({ dup }) => dup),
    failures: found.flatMap(({ failures }) => failures),
    figures: {
      ...(durability === "flush" ? { lostUnsynced: missing } : {}),
      tornOrMalformed: sumOf(found, ({ torn, malformed }) => torn + malformed),
      emptyCompressed: sumOf(found, ({ emptyCompressed }) => emptyCompressed),
      holes: sumOf(found, ({ holes }) => holes),
    },
  };
}

/** Why power cannot be cut here; `undefined` when it can. */
async function powerCutProblem(folder: string): Promise<string | undefined> {
  try {
    await mkdir(folder, { recursive: true });
    const disk = await mountExt4(folder, 16);
    try {
      await runCommand("xfs_io", "-x", "-c", "shutdown", disk.path);
    } finally {
      await disk.release();
    }
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
