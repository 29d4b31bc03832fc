import { appendFile, mkdir, readFile, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { cleanLogPath, listSegments } from "@prodigy-events/storage";
import { temporaryDirectory } from "@prodigy-events/test-kit";
import fc from "fast-check";
import { expect, it } from "vitest";
import { type Finding, openStore } from "../src/index.js";
import { type OracleRecord, readEverything } from "./oracle.js";
import { compress, recordAt, TestProducer } from "./test-producer.js";

type Step =
  | { readonly do: "append"; readonly count: number }
  | { readonly do: "skip" | "drop"; readonly count: number }
  | { readonly do: "copy the last line" | "write a bad line" | "rotate" | "compress" }
  | { readonly do: "lose" | "clean"; readonly segment: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant("append" as const), count: fc.integer({ min: 1, max: 4 }) }),
  },
  fc.record({ do: fc.constantFrom("skip" as const, "drop" as const), count: fc.integer({ min: 1, max: 5 }) }),
  fc.record({
    do: fc.constantFrom(
      "copy the last line",
      "write a bad line",
      "rotate",
      "compress",
    ) as fc.Arbitrary<"rotate">,
  }),
  fc.record({ do: fc.constantFrom("lose" as const, "clean" as const), segment: fc.nat(5) }),
);

/** The numbers that records stand for: their own, and those that they say were dropped. */
function numbersOf(records: readonly OracleRecord[]): { first: number; last: number }[] {
  return records.map(({ record: { event, metadata } }) => {
    const last = metadata.sequence as number;
    return { first: event.event_type === "events_dropped" ? (event.from_sequence as number) : last, last };
  });
}

/** Does what a producer, and others with its files, may do. Returns the numbers that clean has removed. */
async function play(
  steps: readonly Step[],
  producer: TestProducer,
): Promise<{ first: number; last: number }[]> {
  const closed: string[] = [];
  const cleaned: { first: number; last: number }[] = [];
  await producer.appendRaw("");
  for (const each of steps) {
    const next = producer.nextSequence;
    if (each.do === "append")
      await producer.append(Array.from({ length: each.count }, () => recordAt(Date.UTC(2026, 0, 1))));
    if (each.do === "skip" || each.do === "drop") producer.skip(each.count);
    if (each.do === "drop") {
      const range = { from_sequence: next, to_sequence: next + each.count };
      const event = { event_type: "events_dropped", count: each.count + 1, ...range, reason: "queue_full" };
      await producer.append([recordAt(0, { event })]);
    }
    if (each.do === "copy the last line") {
      const lines = (await readFile(producer.path, "utf8")).split("\n").slice(0, -1);
      const last = lines.findLast((line) => line !== "bad");
      if (last !== undefined) await producer.appendRaw(`${last}\n`);
    }
    if (each.do === "write a bad line") await producer.appendRaw("bad\n");
    if (each.do === "rotate") closed.push(await producer.rotate());
    if (each.do === "compress") closed.push(await compress(await producer.rotate(), 500));
    if (each.do !== "lose" && each.do !== "clean") continue;
    const [path] = closed.splice(each.segment, 1);
    const segment = (await listSegments(producer.directory)).find((found) => found.path === path);
    if (segment === undefined) continue;
    const numbers = numbersOf(readEverything([segment]).records);
    await rm(segment.path);
    if (each.do === "lose") continue;
    cleaned.push(...numbers);
    const ranges = numbers.map((range) => ({ producerId: producer.id, ...range }));
    const log = cleanLogPath(producer.directory);
    await mkdir(dirname(log), { recursive: true });
    await appendFile(log, `${JSON.stringify({ action: "remove", segment: segment.logicalName, ranges })}\n`);
  }
  return cleaned;
}

const missingNumbers = (findings: readonly Finding[], producerId: string) =>
  findings
    .filter((finding) => finding.kind === "sequence_gap" && finding.producerId === producerId)
    .flatMap(({ fromSequence = 0, count = 0 }) =>
      Array.from({ length: count }, (_, at) => fromSequence + at),
    );

it("finds the gaps, copies and bad lines that a plain reader finds", async () => {
  const stories = fc.array(fc.array(step, { maxLength: 14 }), { minLength: 1, maxLength: 3 });
  await fc.assert(
    fc.asyncProperty(stories, async (all) => {
      const root = await temporaryDirectory();
      const directory = root.join("events", "repo", "job-1");
      const producers = all.map((_, index) => new TestProducer(directory, `producer${index}`));
      const cleaned = await Promise.all(all.map((steps, index) => play(steps, producers[index]!)));
      const store = await openStore({ root: root.path, repo: "repo", local: false });
      const { findings, totals, sound } = await store.verify();

      const oracle = readEverything(await listSegments(directory));
      expect(totals).toMatchObject({
        ...{ lines: oracle.lines, malformed: oracle.malformed, duplicates: oracle.duplicates },
        records: oracle.lines - oracle.malformed - oracle.tails,
      });
      for (const [index, { id }] of producers.entries()) {
        const own = oracle.records.filter(({ record }) => record.metadata.producer_id === id);
        const upTo = Math.max(-1, ...numbersOf(own).map(({ last }) => last));
        const known = new Set(
          [...numbersOf(own), ...cleaned[index]!].flatMap(({ first, last }) =>
            Array.from({ length: last - first + 1 }, (_, at) => first + at),
          ),
        );
        const missing = Array.from({ length: upTo + 1 }, (_, at) => at).filter((at) => !known.has(at));
        expect(missingNumbers(findings, id)).toEqual(missing);
      }
      expect(sound).toBe(!findings.some(({ severity }) => severity !== "information"));
      expect(findings.filter(({ kind }) => kind === "malformed_line")).toHaveLength(oracle.malformed);
      await root.cleanup();
    }),
    { numRuns: 200 },
  );
});
