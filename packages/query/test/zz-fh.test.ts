import { appendFile, mkdir, readFile, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { cleanLogPath, listSegments, type Segment } from "@prodigy-events/storage";
import { temporaryDirectory } from "@prodigy-events/test-kit";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type FollowInput, openStore } from "../src/index.js";
import { readEverything } from "./oracle.js";
import { randomStore, writeStore } from "./random-store.js";
import { Taker } from "./taker.js";
import { compress, gzipWhole, recordAt, TestProducer } from "./test-producer.js";

const start = Date.UTC(2026, 0, 1);

/** How much of it is shown, which decides how it is read; by how much at a time; and what a filter hides. */
const reading = fc.record({
  history: fc.constantFrom(1, 2, 3, 5, 10, 30, Number.POSITIVE_INFINITY),
  bounds: fc.constantFrom(
    {},
    { maxDecodedBytes: 300, maxChunkBytes: 600, minChunkBytes: 300 },
    { maxDecodedBytes: 300, maxChunkBytes: 600, minChunkBytes: 300, maxChainsOpenedAtOnce: 0 },
    { maxHeldMatches: 2, maxHeldBytes: 1_000 },
    { scanUnitBytes: 500, minIndexedBytes: 0, minIndexGrowthBytes: 0 },
  ),
  input: fc.constantFrom<FollowInput>({}, { eventTypes: ["agent_failed"] }),
});

type Reading = typeof reading extends fc.Arbitrary<infer T> ? T : never;

async function follow(root: string, { history, bounds, input }: Reading): Promise<Taker> {
  const store = await openStore({ root, repo: "repo", local: false, bounds });
  const options = { history, untilIdleMs: 0 };
  const taker = new Taker((more) => store.follow(input, { ...more, ...options }));
  await taker.ended();
  return taker;
}

const upTo = (first: number, last: number) =>
  Array.from({ length: Math.max(0, last - first + 1) }, (_, at) => first + at);

describe("the history of a follow of any store", () => {
  it("has no gap where no number is missing", async () => {
    await fc.assert(
      fc.asyncProperty(randomStore, reading, async (store, how) => {
        const root = await temporaryDirectory();
        await writeStore(store, root.join("events", "repo", "job-1"));
        expect((await follow(root.path, how)).gaps).toEqual([]);
        await root.cleanup();
      }),
      { numRuns: 100 },
    );
  }, 900_000);

  it("tells only numbers that are missing, each once, and when it shows all, all of them", async () => {
    const stories = fc.array(fc.array(step, { maxLength: 16 }), { minLength: 1, maxLength: 3 });
    await fc.assert(
      fc.asyncProperty(stories, reading, async (all, how) => {
        const root = await temporaryDirectory();
        const directory = root.join("events", "repo", "job-1");
        const producers = all.map(
          (_, at) => new TestProducer(directory, `producer${at}`, start + at * 1_000),
        );
        const cleaned = await Promise.all(all.map((steps, at) => play(steps, producers[at]!)));
        const { records } = readEverything(await listSegments(directory));
        const { gaps } = await follow(root.path, how);
        for (const [at, { id }] of producers.entries()) {
          const own = records.filter(({ record }) => record.metadata.producer_id === id);
          const met = own.map(({ record }) => record.metadata.sequence as number);
          const dropped = own.flatMap(({ record: { event, metadata } }) =>
            event.event_type === "events_dropped"
              ? upTo(event.from_sequence as number, metadata.sequence as number)
              : [],
          );
          const known = new Set([...met, ...dropped]);
          const missing = upTo(Math.min(...met), Math.max(...met)).filter((number) => !known.has(number));
          const tellable = new Set(missing);
          const told = gaps.filter(({ producerId }) => producerId === id);
          const numbers = told.flatMap(({ fromSequence, toSequence }) => upTo(fromSequence!, toSequence!));
          expect(new Set(numbers).size).toBe(numbers.length);
          expect(numbers.filter((number) => !tellable.has(number))).toEqual([]);
          if (how.history === Number.POSITIVE_INFINITY && isTellable(await listSegments(directory), id))
            expect(numbers.sort((a, b) => a - b)).toEqual(missing);
          for (const { reason, fromSequence, toSequence } of told)
            for (const number of upTo(fromSequence!, toSequence!))
              expect(cleaned[at]!.has(number)).toBe(reason === "removed");
        }
        await root.cleanup();
      }),
      { numRuns: 3000 },
    );
  }, 900_000);
});

/** Whether every segment of a producer has a record, and the last one the greatest number. */
function isTellable(segments: readonly Segment[], id: string): boolean {
  const own = segments.filter(({ producerId, bytes }) => producerId === id && bytes > 0);
  const lasts = own.map((segment) =>
    Math.max(...readEverything([segment]).records.map(({ record }) => record.metadata.sequence as number)),
  );
  return lasts.every((last) => Number.isFinite(last) && last <= lasts.at(-1)!);
}

type Step =
  | { readonly do: "append"; readonly count: number }
  | { readonly do: "skip" | "drop"; readonly count: number }
  | { readonly do: "write a bad line" }
  | {
      readonly do: "begin the next segment";
      readonly state: "left" | "rotated" | "sealed" | "members" | "gzip";
      /** How many of the last lines it repeats, and which of these cannot be read. */
      readonly repeated: number;
      readonly damaged: readonly boolean[];
    }
  | { readonly do: "lose" | "clean"; readonly segment: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant("append" as const), count: fc.integer({ min: 1, max: 6 }) }),
  },
  fc.record({ do: fc.constantFrom("skip" as const, "drop" as const), count: fc.integer({ min: 1, max: 5 }) }),
  fc.record({ do: fc.constant("write a bad line" as const) }),
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant("begin the next segment" as const),
      state: fc.constantFrom("left", "rotated", "sealed", "members", "gzip"),
      repeated: fc.nat(4),
      damaged: fc.array(fc.boolean(), { minLength: 4, maxLength: 4 }),
    }),
  },
  fc.record({ do: fc.constantFrom("lose" as const, "clean" as const), segment: fc.nat(5) }),
);

/** Does what a producer, and others with its files, may do. Returns the numbers that clean has removed. */
async function play(steps: readonly Step[], producer: TestProducer): Promise<Set<number>> {
  const closed: string[] = [];
  const cleaned = new Set<number>();
  let ms = start;
  await producer.appendRaw("");
  for (const each of steps) {
    const next = producer.nextSequence;
    if (each.do === "append") {
      const types = ["agent_failed", "agent_progress"];
      const event = (at: number) => ({ event_type: types[at % 2]!, agent_id: "a" });
      await producer.append(upTo(1, each.count).map((at) => recordAt(ms++, { event: event(at) })));
    } else if (each.do === "skip" || each.do === "drop") {
      producer.skip(each.count);
      if (each.do === "skip") continue;
      const range = { from_sequence: next, to_sequence: next + each.count };
      const event = { event_type: "events_dropped", count: each.count + 1, ...range, reason: "queue_full" };
      await producer.append([recordAt(ms++, { event })]);
    } else if (each.do === "write a bad line") {
      await producer.appendRaw("bad\n");
    } else if (each.do === "begin the next segment") {
      closed.push(await beginNext(each, producer));
    } else if (each.do === "lose" || each.do === "clean") {
      const [path] = closed.splice(each.segment, 1);
      const segment = (await listSegments(producer.directory)).find((found) => found.path === path);
      if (segment === undefined) continue;
      const numbers = readEverything([segment]).records.map(
        ({ record }) => record.metadata.sequence as number,
      );
      await rm(segment.path);
      if (each.do === "lose") continue;
      const log = cleanLogPath(producer.directory);
      await mkdir(dirname(log), { recursive: true });
      const ranges = numbers.map((number) => ({ producerId: producer.id, first: number, last: number }));
      const at = new Date(start).toISOString();
      await appendFile(
        log,
        `${JSON.stringify({ action: "remove", at, segment: segment.logicalName, lines: 1, bytes: 1, ranges })}\n`,
      );
      for (const number of numbers) cleaned.add(number);
    }
  }
  return cleaned;
}

/** Returns the path of the segment that has ended. */
async function beginNext(
  { state, repeated, damaged }: Step & { do: "begin the next segment" },
  producer: TestProducer,
): Promise<string> {
  const { path } = producer;
  const content = await readFile(path);
  const lines = content.toString().split("\n").slice(0, -1);
  const copies = lines.slice(lines.length - Math.min(repeated, lines.length));
  const numbers = lines.filter((line) => line !== "bad").map((line) => JSON.parse(line).metadata.sequence);
  let ended = path;
  if (state === "left") producer.leave();
  else ended = await producer.rotate();
  if (state === "sealed") {
    const [last = -1, first = 0] = [numbers.at(-1), numbers[0]];
    await producer.seal(content, last, first, { segment: producer.segments.at(-2)! });
  }
  if (state === "members") ended = await compress(ended, 400);
  if (state === "gzip") ended = await gzipWhole(ended, content);
  for (const [at, line] of copies.entries()) await producer.appendRaw(damaged[at] ? "bad\n" : `${line}\n`);
  if (copies.length === 0) await producer.appendRaw("");
  return ended;
}
