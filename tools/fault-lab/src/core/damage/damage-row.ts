import { gunzipSync } from "node:zlib";
import type { Mode, Row, RowContext, RowResult } from "../../row.js";
import { Failures } from "../failures.js";
import { type Random, randomOf } from "../random.js";
import { type Detect, detectByStorage } from "./detect.js";
import { type DamagedFile, type DamageFixture, damageFixture } from "./fixture.js";
import { type Damage, judgeDamage, type Question } from "./judge.js";

const files: readonly DamagedFile[] = ["segment", "gz", "manifest"];
const questions: readonly Question[] = ["all", "newest", "stats", "search"];

/** Milliseconds for each kind of file, and the slowest that one question may be. */
const defaultBudgetMs = 4_500;
const maxQuestionMs = 5_000;

/** How row 9 is run; all has defaults. */
export interface DamageOptions {
  /** Another way to detect damage than the storage package's. */
  readonly detect?: Detect;
  /** Milliseconds for each kind of file in quick mode. */
  readonly quickBudgetMs?: number;
}

/** Row 9. */
export function damageRow({
  detect = detectByStorage,
  quickBudgetMs = defaultBudgetMs,
}: DamageOptions = {}): Row {
  return {
    id: "9",
    title: "every flipped bit and every length of a 20 KiB segment, its gz and its manifest",
    modes: ["quick", "full"],
    run: (context) => run(context, { detect, quickBudgetMs }),
  };
}

async function run({ mode, seed, log }: RowContext, options: Required<DamageOptions>): Promise<RowResult[]> {
  const results: RowResult[] = [];
  for (const [stream, name] of files.entries()) {
    const fixture = await damageFixture(name);
    results.push(await damageFile(fixture, { ...options, mode, seed, random: randomOf(seed, stream) }));
    log(`row 9: ${results.at(-1)?.n} damages to the ${name}`);
  }
  return results;
}

interface DamageRun extends Required<DamageOptions> {
  readonly mode: Mode;
  readonly seed: number;
  readonly random: Random;
}

async function damageFile(
  fixture: DamageFixture,
  { mode, seed, random, detect, quickBudgetMs }: DamageRun,
): Promise<RowResult> {
  const failures = new Failures();
  const totals = {
    n: 0,
    lost: 0,
    dup: 0,
    flips: 0,
    truncations: 0,
    harmless: 0,
    undetected: 0,
    slowestMs: 0,
  };
  const deadline = mode === "quick" ? performance.now() + quickBudgetMs : Infinity;
  for (const [index, damage] of damagesTo(fixture, mode, random)) {
    if (performance.now() > deadline) break;
    totals.n += 1;
    totals[damage.title.startsWith("flip") ? "flips" : "truncations"] += 1;
    const fs = fixture.damaged(damage.bytes);
    const question = questions[index % questions.length]!;
    const start = performance.now();
    const { lost, dup, texts } = await judgeDamage(fixture, damage, fs, question).catch((error: unknown) => {
      return { lost: 0, dup: 0, texts: [`threw ${error instanceof Error ? error.stack : String(error)}`] };
    });
    totals.slowestMs = Math.max(totals.slowestMs, Math.round(performance.now() - start));
    totals.lost += lost;
    totals.dup += dup;
    for (const text of texts)
      failures.add(`${text} [${question} after ${damage.title} of the ${fixture.name}]`);
    if (await detect(fixture, fs)) continue;
    totals[isHarmless(fixture, damage) ? "harmless" : "undetected"] += 1;
    if (!isHarmless(fixture, damage)) failures.add(`nobody notices ${damage.title} of the ${fixture.name}`);
  }
  const { n, lost, dup, flips, truncations, harmless, undetected, slowestMs } = totals;
  if (slowestMs > maxQuestionMs) failures.add(`a question took ${slowestMs} ms`);
  const figures = { flips, truncations, harmless, undetected, slowestMs, bytes: fixture.bytes.length };
  return { row: `9 ${fixture.name}`, n, lost, dup, failures: failures.lines, seed, figures };
}

/** All of them, in quick mode in an order drawn by chance, since time allows only some. */
function* damagesTo({ bytes }: DamageFixture, mode: Mode, random: Random): Generator<[number, Damage]> {
  const flips = bytes.length * 8;
  const order = Array.from({ length: flips + bytes.length }, (_, number) => number);
  for (const [index, number] of order.entries()) {
    let chosen = number;
    if (mode === "quick") {
      const other = index + random.below(order.length - index);
      chosen = order[other]!;
      order[other] = order[index]!;
    }
    yield [index, chosen < flips ? flip(bytes, chosen) : truncation(bytes, chosen - flips)];
  }
}

function flip(bytes: Buffer, bit: number): Damage {
  const damaged = Buffer.from(bytes);
  const at = Math.floor(bit / 8);
  damaged[at] = bytes[at]! ^ (1 << (bit % 8));
  // A flipped line end, or one that comes about, touches the lines on both sides.
  return {
    title: `flip of bit ${bit % 8} of byte ${at}`,
    bytes: damaged,
    start: at,
    end: at + 1 + Number(bytes[at] === 0x0a),
  };
}

function truncation(bytes: Buffer, length: number): Damage {
  return {
    title: `truncation to ${length} bytes`,
    bytes: bytes.subarray(0, length),
    start: length,
    end: bytes.length,
  };
}

/** A flip in what gzip does not check (times, padding, our own field) leaves the content as it was. */
function isHarmless({ name, lines }: DamageFixture, { bytes }: Damage): boolean {
  if (name !== "gz") return false;
  try {
    return gunzipSync(bytes).equals(Buffer.from(lines.map((line) => `${line}\n`).join("")));
  } catch {
    return false;
  }
}
