// Does some of the damages to a file, and says what came of them.
import { damageCount } from "../core/damage/damage.js";
import { subjectOf, tallyDamages } from "../core/damage/damage-part.js";
import type { DamageOrder } from "./damage-order.js";

const { file, first, step, seed, directory }: DamageOrder = JSON.parse(process.argv[2] ?? "{}");
const subject = await subjectOf(file, directory);
const tally = await tallyDamages(file, subject, numbers(damageCount(subject.bytes.length)), seed);
process.stdout.write(`${JSON.stringify(tally)}\n`);

function* numbers(count: number): Generator<number> {
  for (let number = first; number < count; number += step) yield number;
}
