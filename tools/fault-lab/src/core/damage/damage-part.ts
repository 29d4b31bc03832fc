import { Failures } from "../failures.js";
import { randomOf } from "../random.js";
import { type Damage, damageAt } from "./damage.js";
import { type Detect, detectByVerify } from "./detect.js";
import type { SimulatedFile } from "./fixture.js";
import { type DetectIndex, detectIndexByStore, indexSubject } from "./index-subject.js";
import { storeSubject } from "./store-subject.js";
import type { DamageFindings, DamageSubject } from "./subject.js";

/** Which file is damaged. */
export type DamagedFile = SimulatedFile | "index";
export const damagedFiles: readonly DamagedFile[] = ["segment", "gz", "manifest", "index"];

/** The slowest that one damage may be. */
const maxDamageMs = 5_000;

/** Other ways to detect damage than those of the user. */
export interface Detection {
  readonly detect?: Detect;
  readonly detectIndex?: DetectIndex;
}

/** What came of some damages. */
export interface DamageTally {
  readonly lost: number;
  readonly dup: number;
  readonly failures: readonly string[];
  /** Counts by name. */
  readonly figures: Readonly<Record<string, number>>;
}

/** The file of a kind, before it is damaged. */
export function subjectOf(
  file: DamagedFile,
  directory: string,
  { detect = detectByVerify, detectIndex = detectIndexByStore }: Detection = {},
): Promise<DamageSubject> {
  return file === "index" ? indexSubject(directory, detectIndex) : storeSubject(file, detect);
}

/** Does the damages with these numbers, one after the other. */
export async function tallyDamages(
  file: DamagedFile,
  subject: DamageSubject,
  numbers: Iterable<number>,
  seed: number,
): Promise<DamageTally> {
  const failures = new Failures();
  const figures: Record<string, number> = { flips: 0, truncations: 0, told: 0, harmless: 0, overlooked: 0 };
  const count = (name: string): void => {
    figures[name] = (figures[name] ?? 0) + 1;
  };
  let [lost, dup, slowestMs] = [0, 0, 0];
  for (const number of numbers) {
    const damage = damageAt(subject.bytes, number);
    count(`${damage.kind}s`);
    const start = performance.now();
    const found = await judged(subject, damage, randomOf(seed, damagedFiles.indexOf(file), number));
    slowestMs = Math.max(slowestMs, Math.round(performance.now() - start));
    lost += found.lost;
    dup += found.dup;
    count(found.detection);
    for (const name of found.met) count(name);
    for (const text of found.texts) failures.add(`${text} [${damage.title} of the ${file}]`);
    if (found.detection === "overlooked") failures.add(`nobody notices ${damage.title} of the ${file}`);
  }
  if (slowestMs > maxDamageMs) failures.add(`a damage to the ${file} took ${slowestMs} ms`);
  return {
    lost,
    dup,
    failures: failures.lines,
    figures: { ...figures, slowestMs, bytes: subject.bytes.length },
  };
}

async function judged(
  subject: DamageSubject,
  damage: Damage,
  random: Parameters<DamageSubject["judge"]>[1],
): Promise<DamageFindings> {
  try {
    return await subject.judge(damage, random);
  } catch (error) {
    const text = `threw ${error instanceof Error ? error.stack : String(error)}`;
    return { lost: 0, dup: 0, texts: [text], detection: "told", met: ["threw"] };
  }
}

const isSummed = (name: string): boolean => name !== "slowestMs" && name !== "bytes";

/** What came of several parts together. */
export function sumOf(tallies: readonly DamageTally[]): DamageTally {
  const failures = new Failures();
  const figures: Record<string, number> = {};
  let [lost, dup] = [0, 0];
  for (const tally of tallies) {
    lost += tally.lost;
    dup += tally.dup;
    for (const failure of tally.failures) failures.add(failure);
    for (const [name, value] of Object.entries(tally.figures)) {
      const before = figures[name] ?? 0;
      figures[name] = isSummed(name) ? before + value : Math.max(before, value);
    }
  }
  return { lost, dup, failures: failures.lines, figures };
}
