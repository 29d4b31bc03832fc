import { formatRange } from "./format-range.js";
import type { ProducerNumbers } from "./producer-numbers.js";
import type { NumberRange } from "./ranges.js";
import type { VerifyContext } from "./verify-context.js";

/** What accounts for numbers that are not there, by producer. */
export type AccountedFor = ReadonlyMap<string, readonly NumberRange[]>;

/** Tells of gaps and duplicates among the numbers of what is at `path`. */
export function checkNumbers(
  numbers: ProducerNumbers,
  path: string,
  { accountedFor, from }: { accountedFor: readonly AccountedFor[]; from: "zero" | "least" },
  { findings }: VerifyContext,
): void {
  const known = (producerId: string) => accountedFor.flatMap((ranges) => ranges.get(producerId) ?? []);
  for (const { producerId, gaps, duplicates, isComplete } of numbers.missing(known, from)) {
    if (!isComplete) {
      const message = `the numbers of producer ${producerId} are too scattered to tell what is missing`;
      findings.add("untracked_sequence", path, message, { producerId });
    }
    for (const { first, last } of gaps) {
      findings.add("sequence_gap", path, `${formatRange(producerId, first, last)} missing`, {
        ...{ producerId, fromSequence: first, toSequence: last, count: last - first + 1 },
      });
    }
    if (duplicates === 0) continue;
    findings.totals.duplicates += duplicates;
    const message = `producer ${producerId} wrote ${duplicates} of its records twice, as after an abrupt end; readers give them once`;
    findings.add("duplicates", path, message, { producerId, count: duplicates });
  }
  if (numbers.untracked === 0) return;
  const message = "there are too many producers to look for the missing records of all of them";
  findings.add("untracked_sequence", path, message, { count: numbers.untracked });
}
