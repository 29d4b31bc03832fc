import { join } from "node:path";
import { agentIdOf, normalizeEventType, parseTimestamp } from "@prodigy-events/schema";
import { listSegments } from "@prodigy-events/storage";
import { temporaryDirectory } from "@prodigy-events/test-kit";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Bounds, openStore, type QueryInput, type RecordStream } from "../src/index.js";
import { countTypes, type OracleRecord, readEverything } from "./oracle.js";
import { randomStore, writeStore } from "./random-store.js";

/** Bounds so small that a handful of records exceeds every one of them. */
const tinyBounds: fc.Arbitrary<Partial<Bounds>> = fc.record({
  maxHeldMatches: fc.constantFrom(3, 1_000),
  maxChunkBytes: fc.constantFrom(64, 300, 2_000, 262_144),
  maxDecodedBytes: fc.constantFrom(64, 16_384),
  minChunkBytes: fc.constantFrom(16, 64),
  maxHeldBytes: fc.constantFrom(100, 1_000, 1_000_000),
  maxSurplusBytes: fc.constantFrom(0, 500, 1_000_000),
  maxOpenReaders: fc.constantFrom(1, 2, 64),
  maxChainsOpenedAtOnce: fc.constantFrom(0, 16),
  maxHeldFileBytes: fc.constantFrom(0, 1_000, 1_000_000),
  maxBlockBytes: fc.constantFrom(0, 700, 1_000_000),
  batchRecords: fc.constantFrom(1, 7, 1_000),
});

const questions: fc.Arbitrary<QueryInput> = fc.record(
  {
    eventTypes: fc.constantFrom(["agent_failed"], ["agent_*"], ["Agent*", "job_started"], ["DLQItemAdded"]),
    agentId: fc.constantFrom("agent-1", ["agent-0", "agent-2"]),
    since: fc.constantFrom("2026-01-01T00:00:00.010Z", "2026-01-01T00:00:00.010000001Z"),
    until: fc.constantFrom("2026-01-01T00:00:00.020Z", "2026-01-01T00:00:00.040Z"),
    limit: fc.constantFrom(1, 2, 5, 30),
    order: fc.constantFrom("newest" as const, "oldest" as const),
  },
  { requiredKeys: [] },
);

function isWanted({ record }: OracleRecord, question: QueryInput): boolean {
  const type = normalizeEventType(record.event.event_type);
  const instant = parseTimestamp(record.timestamp)!;
  const types: Record<string, (name: string) => boolean> = {
    agent_failed: (name) => name === "agent_failed",
    "agent_*": (name) => name.startsWith("agent_"),
    "Agent*": (name) => name.startsWith("agent"),
    job_started: (name) => name === "job_started",
    DLQItemAdded: (name) => name === "dlq_item_added",
  };
  const wantedTypes = question.eventTypes as string[] | undefined;
  const agents = [question.agentId ?? []].flat();
  return (
    (wantedTypes === undefined || wantedTypes.some((name) => types[name]!(type))) &&
    (agents.length === 0 || agents.includes(agentIdOf(record.event) ?? "")) &&
    (question.since === undefined || instant >= parseTimestamp(question.since as string)!) &&
    (question.until === undefined || instant <= parseTimestamp(question.until as string)!)
  );
}

async function linesOf(stream: RecordStream): Promise<string[]> {
  const lines: string[] = [];
  for await (const batch of stream.batches()) for (const { line } of batch) lines.push(line);
  return lines;
}

describe("a store of any shape, read within any bounds", () => {
  it("gives what a plain reader gives, in the same order, and counts everything else", async () => {
    await fc.assert(
      fc.asyncProperty(randomStore, tinyBounds, questions, async (store, bounds, question) => {
        await using root = await temporaryDirectory();
        const directory = join(root.path, "events", "repo", "job-1");
        await writeStore(store, directory);
        const expected = readEverything(await listSegments(directory));
        const wanted = expected.records.filter((each) => isWanted(each, question)).map(({ line }) => line);
        const limited =
          (question.limit ?? 0) === 0
            ? wanted
            : question.order === "oldest"
              ? wanted.slice(0, question.limit)
              : wanted.slice(-question.limit!);

        const open = () => openStore({ root: root.path, repo: "repo", local: false, bounds });
        const stream = (await open()).query(question);
        expect(await linesOf(stream)).toEqual(limited);
        const { report } = stream;
        expect(report.linesRead).toBe(report.records + report.malformed + report.torn + report.pending);
        const excluded = [...report.excludedTypes.values()].reduce((sum, count) => sum + count, 0);
        expect(report.records).toBe(report.matched + report.duplicates + excluded);
        if (report.complete) {
          expect(report).toMatchObject({
            linesRead: expected.lines,
            malformed: expected.malformed,
            duplicates: expected.duplicates,
            matched: wanted.length,
            outOfOrder: 0,
            unreadable: 0,
          });
          expect(report.torn + report.pending).toBe(expected.tails);
          expect(report.problems).toHaveLength(expected.malformed + report.torn);
        }

        const { groups, total } = await (await open()).stats({ groupBy: ["event_type"] });
        expect(new Map(groups.map(({ key, count }) => [key[0], count]))).toEqual(
          countTypes(expected.records),
        );
        expect(total).toBe(expected.records.length);
      }),
      { numRuns: 150 },
    );
  }, 120_000);
});
