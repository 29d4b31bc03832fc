import { chanceFrom } from "../chance/chance.js";
import { sumOf } from "../evidence/sum.js";
import { startCleaner } from "../process/cleaner-process.js";
import type { Mode, Row } from "../row.js";
import { type CleanRace, runCleanRace } from "./clean-race.js";
import { archiveElsewhere } from "./other-file-system.js";

const rounds: Record<Mode, number> = { quick: 15, full: 150 };
const cleanersAtOnce = 3;

/** Matrix row 11. */
export const cleanRaceRow: Row = {
  id: "11",
  title: "several cleans at once, with compression and a writer that begins mid-way",
  modes: ["quick", "full"],
  run: async ({ directory, mode, seed, log }) => {
    const chance = chanceFrom(seed);
    const cleaners = Array.from({ length: cleanersAtOnce }, startCleaner);
    const races: CleanRace[] = [];
    try {
      for (let round = 0; round < rounds[mode]; round += 1) {
        races.push(await runCleanRace(directory, round, cleaners, chance));
        if (round % 30 === 29) log(`${round + 1} races`);
      }
    } finally {
      await Promise.all(cleaners.map((cleaner) => cleaner.stop()));
    }
    const raced = {
      row: "11 clean + clean + clean + compression + new writer",
      n: races.length,
      acked: sumOf(races, ({ acked }) => acked),
      lost: sumOf(races, ({ lost }) => lost),
      dup: sumOf(races, ({ dup }) => dup),
      failures: races.flatMap(({ failures }) => failures),
      figures: {
        carriedOut: sumOf(races, ({ winners }) => winners),
        lockedOut: sumOf(races, ({ locked }) => locked),
        stoppedByRename: sumOf(races, ({ stopped }) => stopped),
        inBothUntilNextClean: sumOf(races, ({ inBoth }) => inBoth),
        doubleHolders: sumOf(races, ({ overlaps }) => overlaps),
      },
    };
    return [raced, await archiveElsewhere(directory)];
  },
};
