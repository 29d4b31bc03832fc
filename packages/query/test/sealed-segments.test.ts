import { readFile, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { EventRecord } from "@prodigy-events/schema";
import { temporaryDirectory } from "@prodigy-events/test-kit";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Bounds, type Match, openStore, type QueryInput, type Store } from "../src/index.js";
import { TestProducer } from "./test-producer.js";

const texts = fc.oneof(
  fc.constantFrom("agent-1", "agent-2", "", 'a"b\\c', "größer 💥", '","event_type":"agent_failed"', "}\n{"),
  fc.string({ unit: "binary", maxLength: 30 }),
);

/** Events as jobs log them: the same fields in mostly the same order, some of them left out, some of them deep. */
const event = fc
  .record(
    {
      event_type: fc.constantFrom("agent_failed", "agent_started", "claude_message", "my_type"),
      job_id: fc.constantFrom("job-1", "job-1", "job-2"),
      agent_id: fc.constantFrom("agent-1", "agent-2", "ünï"),
      item_id: fc.oneof(fc.constant("item-1"), texts),
      content: texts,
      attempt: fc.oneof(fc.nat(12), fc.double({ noNaN: true, noDefaultInfinity: true })),
      parameters: fc.constantFrom({ event_type: "agent_failed", agent_id: "agent-1" }, [], null, true, [
        { id: "x" },
      ]),
    },
    { requiredKeys: ["event_type"] },
  )
  .chain((fields) =>
    fc
      .tuple(fc.nat(9), fc.shuffledSubarray(Object.keys(fields), { minLength: Object.keys(fields).length }))
      .map(([draw, shuffled]) => {
        const keys = draw === 0 ? shuffled : Object.keys(fields);
        return Object.fromEntries(keys.map((key) => [key, fields[key as keyof typeof fields]]));
      }),
  );

interface SealedLine {
  readonly event: Record<string, unknown>;
  readonly stepMs: number;
  readonly correlation: string;
}

const lines: fc.Arbitrary<SealedLine[]> = fc.array(
  fc.record({
    event,
    // At times the clock was set back.
    stepMs: fc.nat(40).map((draw) => (draw === 0 ? -50 : draw % 4)),
    correlation: fc.nat(20).map((draw) => (draw === 0 ? "run-2" : "run-1")),
  }),
  { minLength: 1, maxLength: 60 },
);

const filters: fc.Arbitrary<QueryInput> = fc
  .tuple(
    fc.subarray(["eventTypes", "agentId", "itemId", "jobId", "correlationId", "since"] as const, {
      maxLength: 2,
    }),
    fc.record({
      eventTypes: fc.constantFrom(["agent_failed"], ["agent_*"], ["my_type", "claude_message"]),
      agentId: fc.constantFrom("agent-1", ["ünï", "agent-2"]),
      itemId: fc.constantFrom("item-1", 'a"b\\c'),
      jobId: fc.constantFrom("job-1", ["job-2"]),
      correlationId: fc.constantFrom("run-1", "run-2"),
      since: fc.constantFrom("2026-01-01T12:00:00.030Z"),
    }),
  )
  .map(([kept, all]): QueryInput => Object.fromEntries(kept.map((name) => [name, all[name]])));

const groupings = fc.subarray(["event_type", "job_id", "agent_id", "item_id", "correlation_id"]);
const patterns = fc.constantFrom(
  "failed",
  "agent_failed|größer",
  "item-1",
  /"agent_id":"agent-1"/,
  "\\d\\d",
  "started",
);
const bounds = fc.record({
  scanUnitBytes: fc.constantFrom(300, 2_000, 4_194_304),
  maxScannedBytes: fc.constantFrom(700, 3_000, 1_048_576),
});

/** Two segments that a producer has closed, the first of them written before its manifest was, as the second. */
async function sealedStore(
  root: string,
  segments: readonly (readonly SealedLine[])[],
  onlyRecords = true,
): Promise<string[]> {
  const producer = new TestProducer(join(root, "events", "repo", "job-9"), "producer00");
  const paths: string[] = [];
  let ms = Date.UTC(2026, 0, 1, 12);
  for (const segment of segments) {
    const first = producer.nextSequence;
    const records = segment.map(({ event, stepMs, correlation }, at): EventRecord => {
      ms += stepMs;
      const timestamp = new Date(ms).toISOString();
      const id = `019b796d-d60f-7a8b-8d75-${String(first + at).padStart(12, "0")}`;
      return { id, timestamp, correlation_id: correlation, event, metadata: { host: "h" } } as EventRecord;
    });
    const text = producer.encode(records);
    await producer.appendRaw(text);
    await producer.seal(Buffer.from(text), producer.nextSequence - 1, first, { onlyRecords });
    paths.push(await producer.rotate());
  }
  for (const path of paths) await setWritten(path, "before");
  return paths;
}

/** Sets the time at which a segment was last written, to before or after that of its manifest. */
async function setWritten(path: string, when: "before" | "after"): Promise<void> {
  const seconds = Date.now() / 1000 + (when === "before" ? -60 : 60);
  await utimes(path, seconds, seconds);
}

function open(root: string, own: Partial<Bounds>): Promise<Store> {
  return openStore({ root, repo: "repo", index: false, bounds: { minSealedBytes: 0, ...own } });
}

/** The answers of the scan, and those of parsing every line. */
async function ask<Answer>(root: string, own: Partial<Bounds>, question: (store: Store) => Promise<Answer>) {
  const scanning = await question(await open(root, own));
  const parsing = await question(await open(root, { maxScannedBytes: 0 }));
  return { scanning, parsing };
}

async function recordsOf(stream: ReturnType<Store["query"]>) {
  const matches: Match[] = [];
  for await (const batch of stream.batches()) matches.push(...batch);
  return matches;
}

describe("a segment that is as its writer sealed it", () => {
  it("is counted as if every line were parsed", async () => {
    const questions = fc.record(
      { groupBy: groupings, search: fc.record({ pattern: patterns, raw: fc.boolean() }) },
      { requiredKeys: ["groupBy"] },
    );
    await fc.assert(
      fc.asyncProperty(
        lines,
        lines,
        bounds,
        filters,
        questions,
        async (one, other, own, filter, question) => {
          await using root = await temporaryDirectory();
          await sealedStore(root.path, [one, other]);
          const { scanning, parsing } = await ask(root.path, own, (store) =>
            store.stats({ ...filter, ...question }),
          );
          const plain = ({ report, ...counts }: typeof scanning) => {
            const {
              linesRead,
              records,
              matched,
              malformed,
              duplicates,
              outOfOrder,
              bytesRead,
              excludedTypes,
            } = report;
            const excluded = [...excludedTypes].sort();
            return {
              counts,
              linesRead,
              records,
              matched,
              malformed,
              duplicates,
              outOfOrder,
              bytesRead,
              excluded,
            };
          };
          expect(plain(scanning)).toEqual(plain(parsing));
        },
      ),
      { numRuns: 150 },
    );
  }, 120_000);

  it("gives no line that was not read to its end, whatever the disk has changed", async () => {
    const damages = fc.array(fc.tuple(fc.nat(), fc.constantFrom(0x0a, 0x22, 0x7d, 0x5c, 0xff, 0x20, 0x30)), {
      maxLength: 3,
    });
    const questions = fc.option(fc.record({ pattern: patterns, raw: fc.boolean() }), { nil: undefined });
    await fc.assert(
      fc.asyncProperty(
        lines,
        bounds,
        filters,
        questions,
        damages,
        async (segment, own, filter, search, changes) => {
          await using root = await temporaryDirectory();
          const [path = ""] = await sealedStore(root.path, [segment]);
          const bytes = await readFile(path);
          for (const [place, byte] of changes) bytes[place % bytes.length] = byte;
          await writeFile(path, bytes);
          await setWritten(path, "before");
          const { scanning, parsing } = await ask(root.path, { ...own, maxGatheredBytes: 1e6 }, (store) =>
            recordsOf(search ? store.search(search.pattern, { ...filter, ...search }) : store.query(filter)),
          );
          expect(scanning).toEqual(parsing);
        },
      ),
      { numRuns: 150 },
    );
  }, 120_000);

  it("is read to its end if its manifest is not the writer's own, who alone knows what was written", async () => {
    await using root = await temporaryDirectory();
    const event = { event_type: "claude_message", content: "what a power cut has changed" };
    const alike = Array.from({ length: 50 }, () => ({ event, stepMs: 1, correlation: "run-1" }));
    const [path = ""] = await sealedStore(root.path, [alike], false);
    const text = await readFile(path, "utf8");
    await writeFile(path, text.replace("what a power cut", "what a\0\0\0\0\0\0\0\0cut"));
    await setWritten(path, "before");
    const { total, report } = await (await open(root.path, {})).stats();
    expect([total, report.malformed]).toEqual([49, 1]);
  });

  it("is read no further than it takes to count it, and to its end once it was written to", async () => {
    await using root = await temporaryDirectory();
    const event = { event_type: "claude_message", content: "what a disk may change" };
    const alike = Array.from({ length: 50 }, () => ({ event, stepMs: 1, correlation: "run-1" }));
    const [path = ""] = await sealedStore(root.path, [alike]);
    const text = await readFile(path, "utf8");
    const at = text.lastIndexOf("what a disk");
    const store = await open(root.path, {});
    const counted = async () => {
      const { total, report } = await store.stats();
      return { total, malformed: report.malformed };
    };

    await writeFile(path, `${text.slice(0, at)}"${text.slice(at + 1)}`);
    await setWritten(path, "before");
    expect(await counted()).toEqual({ total: 50, malformed: 0 });

    await setWritten(path, "after");
    expect(await counted()).toEqual({ total: 49, malformed: 1 });

    await writeFile(path, `${text}${text.split("\n")[0]}\n`);
    await setWritten(path, "before");
    expect(await counted()).toEqual({ total: 50, malformed: 0 });
    expect((await store.stats()).report.duplicates).toBe(1);
  });
});
