import type { QueryReport, Store } from "@prodigy-events/query";
import type { Damage } from "./damage.js";
import type { DamageFixture } from "./fixture.js";
import type { DamageFindings } from "./subject.js";

/** How the records are asked for; every way must survive every damage. */
export const questions = ["all", "newest", "stats", "search"] as const;
export type Question = (typeof questions)[number];

/** Asks a question of a damaged store; every line outside of the damage must be there, once, and the counts add up. */
export async function judgeAnswer(
  fixture: DamageFixture,
  damage: Pick<Damage, "start" | "end">,
  store: Store,
  question: Question,
): Promise<Pick<DamageFindings, "lost" | "dup" | "texts">> {
  const { lines, extents } = fixture;
  const hit = new Set(
    extents
      .filter(({ start, end }) => start < damage.end && end > damage.start)
      .flatMap((extent) => extent.lines),
  );
  const { read, count, report } = await ask(store, question);
  const texts: string[] = [];
  const { linesRead, records, malformed, torn, pending } = report;
  if (linesRead !== records + malformed + torn + pending) {
    texts.push(`R4: ${linesRead} = ${records} + ${malformed} + ${torn} + ${pending}`);
  }
  if (report.unreadable > 0 && fixture.name !== "gz")
    texts.push(`R5: unreadable: ${report.problems[0]?.message}`);
  if (read === undefined) {
    const least = lines.length - hit.size;
    if (count < least) texts.push(`R5: ${count} records counted of at least ${least}`);
    return { lost: Math.max(0, least - count), dup: 0, texts };
  }
  const counts = new Map<string, number>();
  for (const line of read) counts.set(line, (counts.get(line) ?? 0) + 1);
  const lost = lines.filter((line) => !hit.has(line) && !counts.has(line)).length;
  if (lost > 0) texts.push(`R5: ${lost} lines lost that were not damaged`);
  const dup = lines.filter((line) => (counts.get(line) ?? 0) > 1).length;
  if (dup > 0) texts.push(`R1: ${dup} lines given twice`);
  const foreign = read.filter((line) => !lines.includes(line)).length;
  if (foreign > hit.size + 1) texts.push(`R3: ${foreign} lines invented by damage to ${hit.size}`);
  return { lost, dup, texts };
}

async function ask(
  store: Store,
  question: Question,
): Promise<{ read?: string[]; count: number; report: QueryReport }> {
  if (question === "stats") {
    const { total, report } = await store.stats();
    return { count: total, report };
  }
  const stream =
    question === "search" ? store.search("e") : store.query(question === "newest" ? { limit: 1_000 } : {});
  const read: string[] = [];
  for await (const batch of stream.batches()) for (const { line } of batch) read.push(line);
  return { read, count: read.length, report: stream.report };
}
