import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { builtinEvents, defineCatalog, defineEvent, encodeRecord, unchecked } from "@prodigy-events/schema";
import { compressSegment } from "@prodigy-events/storage";
import { temporaryDirectory } from "@prodigy-events/test-kit";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type Bounds,
  type Match,
  openStore,
  type QueryInput,
  type QueryReport,
  type Store,
} from "../src/index.js";
import { anyLine } from "./arbitrary-lines.js";
import { arbitraryPattern } from "./arbitrary-pattern.js";

const plainEvent = fc.record(
  {
    event_type: fc.constantFrom("agent_failed", "agent_started", "DLQItemAdded", "my_type"),
    job_id: fc.constantFrom("job-1", "job-2"),
    agent_id: fc.constantFrom("agent-1", "agent-2", "ünï"),
    item_id: fc.constantFrom("item-1", 'a"b\\c'),
  },
  { requiredKeys: ["event_type"] },
);

/** Some records of a producer as it writes them, among them at times one that is not. */
const linesInTurn = fc
  .tuple(
    fc.constantFrom("producer0", "producer0", "producer1"),
    fc.nat(30),
    fc.array(fc.option(plainEvent, { freq: 20 }), { maxLength: 12 }),
  )
  .map(([producer_id, first, events]) =>
    events.map((event, at) => {
      if (!event) return Buffer.from("oops");
      const timestamp = new Date(Date.UTC(2026, 0, 1, 12) + at).toISOString();
      const record = {
        id: `${producer_id}-${first + at}`,
        timestamp,
        correlation_id: "run-1",
        event,
        metadata: { producer_id, sequence: first + at },
      };
      return Buffer.from(encodeRecord(record).trimEnd());
    }),
  );
const concatenated = (lists: Buffer[][]) => lists.flat();

/** Files of two producers' chains, out of order and with copies, and of anybody. */
const files = fc.uniqueArray(
  fc.record({
    name: fc.constantFrom(
      "events-20260101_000000_000-producer0.jsonl",
      "events-20260101_000000_001-producer0.jsonl.rotated",
      "events-20260101_000000_002-producer0.jsonl.rotated.gz",
      "events-20260101_000000_000-producer1.jsonl",
      "events-shared.jsonl",
      "events-20260101_000000.jsonl",
    ),
    lines: fc.oneof(
      fc.array(anyLine, { maxLength: 25 }),
      fc.array(linesInTurn, { maxLength: 4 }).map(concatenated),
    ),
    tail: fc.constantFrom("", "", '{"id":"x","timest', "\0\0"),
    isForeign: fc.boolean(),
  }),
  { maxLength: 5, selector: ({ name }) => name },
);

const scanSettings: fc.Arbitrary<ScanSetting> = fc.record({
  indexes: fc.constantFrom("none", "made in passing", "fresh", "of former content", "damaged"),
  damagedByte: fc.nat(5_000),
  maxScannedBytes: fc.constantFrom(100, 300, 2_000, 1_048_576),
  maxChunkBytes: fc.constantFrom(50, 700, 262_144),
  scanUnitBytes: fc.constantFrom(0, 100, 1_000, 4_194_304),
});

const unindexed: ScanSetting = { indexes: "none", damagedByte: 0 };

const times = fc.constantFrom(
  "1969-12-31T23:59:59.999999999Z",
  "2026-01-01T12:00:00.004Z",
  "2026-01-01T12:00:00.004000001Z",
  "1970-01-01T00:00:00Z",
);
const filters: fc.Arbitrary<QueryInput> = fc.record(
  {
    eventTypes: fc.constantFrom(
      ["agent_failed"],
      ["agent_*"],
      ["DLQItemAdded", "my_type"],
      ["größer"],
      ["a?"],
    ),
    jobId: fc.constantFrom("job-1", ["job-1", "job-2"], ["job 7", "no"]),
    agentId: fc.constantFrom("agent-1", ["ünï", "agent-2"], "x".repeat(2_000)),
    itemId: fc.constantFrom("item-1", ["", 'a"b\\c'], "\ud800"),
    correlationId: fc.constantFrom("run-1", ["", "run-2"]),
    severity: fc.constantFrom("error" as const, ["info" as const, "warning" as const]),
    category: fc.constantFrom("agent", ["other", "dlq", "mine"]),
    since: times,
    until: fc.constantFrom("2026-01-01T12:00:00.004000001Z", "9999-01-01T00:00:00Z"),
  },
  { requiredKeys: [] },
);
/** Mostly few filters, so that something is left. */
const fewFilters = fc
  .tuple(
    filters,
    fc.subarray(
      [
        "eventTypes",
        "jobId",
        "agentId",
        "itemId",
        "correlationId",
        "severity",
        "category",
        "since",
        "until",
      ] as const,
      { maxLength: 2 },
    ),
  )
  .map(([all, kept]): QueryInput => Object.fromEntries(kept.map((name) => [name, all[name]])));

const groupings = fc.oneof(
  fc.subarray([
    "event_type",
    "job_id",
    "agent_id",
    "item_id",
    "correlation_id",
    "event.event_type",
    "event.agent_id",
  ]),
  fc.constantFrom(["host"], ["event_type", "sequence"], ["event.correlation_id"]),
);

const catalog = defineCatalog(builtinEvents, [
  defineEvent("my_type", unchecked<{ agent_id?: string }>(), {
    category: "mine",
    severity: (event) => (event.agent_id === "agent-1" ? "error" : "info"),
  }),
]);

/** A report as plain data. Which of several problems is met first depends on how a file is cut into chunks. */
function plain(report: QueryReport) {
  const { problems, excludedTypes } = report;
  return {
    linesRead: report.linesRead,
    records: report.records,
    matched: report.matched,
    malformed: report.malformed,
    torn: report.torn,
    pending: report.pending,
    duplicates: report.duplicates,
    outOfOrder: report.outOfOrder,
    segments: report.segments,
    bytesRead: report.bytesRead,
    unreadable: report.unreadable,
    complete: report.complete,
    problemFiles: report.problemFiles,
    excludedTypes: [...excludedTypes].sort(([a], [b]) => (a < b ? -1 : 1)),
    problems: [...problems].sort((a, b) =>
      a.path === b.path ? a.offset - b.offset : a.path < b.path ? -1 : 1,
    ),
  };
}

/** How a store is scanned: with what bounds, and with what indexes of its segments. */
interface ScanSetting extends Partial<Bounds> {
  readonly indexes: "none" | "made in passing" | "fresh" | "of former content" | "damaged";
  readonly damagedByte: number;
}

interface WrittenFile {
  /** Whether gzip is as any program makes it, and not ours. */
  readonly isForeign?: boolean;
  readonly name: string;
  readonly lines: readonly Buffer[];
  readonly tail: string;
}

async function openBoth(
  written: readonly WrittenFile[],
  { indexes, damagedByte, ...bounds }: ScanSetting,
  use: (stores: [Store, Store]) => Promise<void>,
) {
  await using root = await temporaryDirectory();
  const directory = join(root.path, "events", "repo", "job%207");
  await mkdir(directory, { recursive: true });
  const open = (more: Partial<Bounds>) =>
    openStore({
      root: root.path,
      files: [directory],
      catalog,
      index: indexes !== "none",
      bounds: { minIndexedBytes: 0, minIndexGrowthBytes: 0, ...bounds, ...more },
    });
  if (indexes !== "none" && indexes !== "made in passing") {
    for (const file of written) await writeSegment(directory, indexes === "fresh" ? file : beginningOf(file));
    const { segments } = await (await open({})).index();
    expect(segments.filter(({ action }) => action === "failed")).toEqual([]);
  }
  if (indexes !== "fresh") for (const file of written) await writeSegment(directory, file);
  if (indexes === "made in passing") await (await open({})).stats();
  if (indexes === "damaged") await damageIndexes(join(directory, ".index"), damagedByte);
  await use([await open({}), await open({ maxScannedBytes: 0 })]);
}

async function writeSegment(directory: string, { name, lines, tail, isForeign }: WrittenFile): Promise<void> {
  const content = Buffer.concat([...lines.flatMap((line) => [line, Buffer.from("\n")]), Buffer.from(tail)]);
  const path = join(directory, name);
  if (!name.endsWith(".gz") || isForeign) {
    await writeFile(path, name.endsWith(".gz") ? gzipSync(content) : content);
    return;
  }
  const plain = join(directory, "plain");
  await writeFile(plain, content);
  await compressSegment(plain, path, { memberBytes: 700 });
  await rm(plain);
}

/** As much of a file as there is before it grows, or is replaced. */
function beginningOf(file: WrittenFile): WrittenFile {
  return { ...file, lines: file.lines.slice(0, file.lines.length / 2), tail: "" };
}

async function damageIndexes(directory: string, at: number): Promise<void> {
  for (const name of await readdir(directory).catch(() => [])) {
    const path = join(directory, name);
    const bytes = await readFile(path);
    bytes[at % bytes.length]! ^= 1;
    await writeFile(path, bytes);
  }
}

const searches = fc.record(
  {
    pattern: fc.oneof(
      arbitraryPattern(
        ...["agent", "failed", "ENT_", "größer", "item-", "job", "-", "_", '"', ".", "\\.", "[a-f]", "\\w"],
        ...["\\d", "^", "$", "\\b", "(?=t)", "(?!_)", "\\u0061", "1", "\\\\"],
      ),
      fc.constantFrom<string | RegExp>(
        /agent|x/,
        /agent_failed|"item_id"/,
        "FAILED|dlq",
        "failed|dlq_item",
        "größer",
        "GRÖSSER",
        'a"b',
        "\\\\u",
        "^item-\\d$",
        "job 7",
        /TASK|Sk/iu,
        /\d+|\u2028/,
        "17",
        "1e",
        "x{3,}",
        "-",
      ),
    ),
    raw: fc.boolean(),
    fields: fc.constantFrom(
      [],
      [],
      ["event_type"],
      ["job_id", "note"],
      ["metadata.host", "agent_id"],
      ["sequence", "x"],
    ),
    literal: fc.boolean(),
    caseSensitive: fc.boolean(),
  },
  { requiredKeys: ["pattern"] },
);
const counts = fc.tuple(groupings, fc.option(searches, { nil: undefined }));

describe("a question answered from columns", () => {
  it("has the counts and the report of parsing every line", async () => {
    await fc.assert(
      fc.asyncProperty(
        files,
        scanSettings,
        fewFilters,
        counts,
        async (written, bounds, filter, [groupBy, search]) => {
          await openBoth(written, bounds, async ([scanning, parsing]) => {
            const [found, expected] = await Promise.all([
              scanning.stats({ ...filter, groupBy, search }),
              parsing.stats({ ...filter, groupBy, search }),
            ]);
            expect({ ...found, report: plain(found.report) }).toEqual({
              ...expected,
              report: plain(expected.report),
            });
          });
        },
      ),
      { numRuns: 60 },
    );
  }, 300_000);

  it("counts alike what has no room in a dictionary, and what has none among the groups", async () => {
    const lines = Array.from({ length: 110_000 }, (_, at) => {
      const event = { event_type: "a", agent_id: `agent-${at % 3}`, item_id: `item-${at % 105_000}` };
      return Buffer.from(JSON.stringify({ id: "", timestamp: "2026-01-01T00:00:00Z", event }));
    });
    await openBoth(
      [{ name: "events-shared.jsonl", lines, tail: "" }],
      unindexed,
      async ([scanning, parsing]) => {
        const groupBy = ["agent_id", "item_id"];
        const found = await scanning.stats({ groupBy });
        const expected = await parsing.stats({ groupBy });
        expect(found.other).toBeGreaterThan(0);
        expect([found.total, found.other]).toEqual([expected.total, expected.other]);
        const counts = (groups: typeof found.groups) =>
          new Map(groups.map((each) => [each.key.join(), each.count]));
        expect(counts(found.groups)).toEqual(counts(expected.groups));
      },
    );
  });

  it("has the records and the report of merging all lines, until it finds too much", async () => {
    const questions = fc.tuple(
      fewFilters,
      fc.constantFrom({}, { limit: 4 }, { limit: 4, order: "oldest" as const }),
      fc.option(searches, { freq: 2 }),
      fc.constantFrom(0, 500, 1_000_000),
    );
    await fc.assert(
      fc.asyncProperty(
        files,
        scanSettings,
        questions,
        async (written, bounds, [filter, limit, search, held]) => {
          const own = { ...bounds, maxGatheredBytes: held, maxHeldMatches: 3, batchRecords: 3 };
          await openBoth(written, own, async (stores) => {
            const [found, expected] = await Promise.all(
              stores.map(async (store) => {
                const input = { ...filter, ...limit };
                const stream = search
                  ? store.search(search.pattern, { ...input, ...search })
                  : store.query(input);
                const matches: Match[] = [];
                for await (const batch of stream.batches()) matches.push(...batch);
                return { matches, report: plain(stream.report) };
              }),
            );
            expect(found).toEqual(expected);
          });
        },
      ),
      { numRuns: 60 },
    );
  }, 300_000);
});
