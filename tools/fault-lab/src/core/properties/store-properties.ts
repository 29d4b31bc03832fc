import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createEventLogger } from "@prodigy-events/logger";
import { openStore, type QueryInput, type Store } from "@prodigy-events/query";
import {
  applyRetention,
  gatherInventory,
  planRetention,
  type RetentionPlan,
  scopeOfStore,
} from "@prodigy-events/retention";
import { encodeRecord } from "@prodigy-events/schema";
import {
  type FileSystem,
  formatSegmentName,
  indexDirectoryName,
  jobDirectory,
  type Line,
  type LineProblem,
  readLines,
  registerProducer,
} from "@prodigy-events/storage";
import fc from "fast-check";
import { diskWith } from "../simulation/file-on-disk.js";
import { simulatedFileSystem } from "../simulation/simulated-file-system.js";
import { deadIdentity, firstRecordMs, jobId, quickFileSystem, repo } from "../test-records.js";
import { type Property, property, same } from "./property.js";
import { arbitraryText, arbitraryValue } from "./text-properties.js";

const root = "/store";
const producerIds = ["prod0", "prod1", "prod2"];

const arbitraryBytes = fc
  .array(
    fc.oneof(
      fc.constantFrom("\n", "\r\n", "\0", "\ufeff", "{}", "x".repeat(50)).map((text) => Buffer.from(text)),
      fc.uint8Array({ maxLength: 12 }).map((bytes) => Buffer.from(bytes)),
      arbitraryText.map((text) => Buffer.from(text)),
    ),
    { maxLength: 25 },
  )
  .map((parts) => Buffer.concat(parts));

async function scan(fs: FileSystem, chunkBytes: number | undefined): Promise<unknown> {
  const lines: Line[] = [];
  const problems: LineProblem[] = [];
  const onProblem = (problem: LineProblem): number => problems.push(problem);
  const options = { fs, onProblem, maxLineBytes: 60, ...(chunkBytes === undefined ? {} : { chunkBytes }) };
  for await (const some of readLines("/x.jsonl", options)) lines.push(...some);
  return [lines, problems.sort((a, b) => a.offset - b.offset || (a.reason < b.reason ? -1 : 1))];
}

/** Records of a few producers at a few instants: producer, and milliseconds since the one before. */
const arbitraryRecords = fc.array(fc.tuple(fc.integer({ min: 0, max: 2 }), fc.integer({ min: 0, max: 2 })), {
  maxLength: 30,
});

type Records = readonly (readonly [number, number])[];

function storeOf(records: Records): FileSystem {
  return diskWith(Object.fromEntries(filesOf(root, records)));
}

/** The segments of a store: paths and contents. */
function filesOf(root: string, records: Records): [string, Buffer][] {
  const contents = ["", "", ""];
  const counts = [0, 0, 0];
  let ms = firstRecordMs;
  for (const [producer, step] of records) {
    ms += step;
    const metadata = {
      host: "",
      pid: 1,
      thread: "main",
      producer_id: `prod${producer}`,
      sequence: counts[producer]!,
    };
    contents[producer] += encodeRecord({
      ...{ id: `${producer}-${counts[producer]}`, timestamp: new Date(ms).toISOString(), correlation_id: "" },
      ...{ event: { event_type: producer === 0 ? "a_started" : "b_failed", job_id: jobId }, metadata },
    });
    counts[producer]! += 1;
  }
  const directory = jobDirectory(root, repo, jobId);
  return contents.map((content, producer) => [
    `${directory}/${formatSegmentName(firstRecordMs, `prod${producer}`)}`,
    Buffer.from(content),
  ]);
}

async function idsOf(fs: FileSystem, question: QueryInput = {}): Promise<string[]> {
  const store = await openStore({ root, repo, local: false, cwd: "/", env: {}, fs });
  const ids: string[] = [];
  for await (const { id } of store.query(question)) ids.push(id);
  return ids;
}

const runs = { quick: 1_000, full: 100_000 } as const;

/** Properties of reading and writing stores. */
export const storeProperties: readonly Property[] = [
  property(
    "lines and problems do not depend on the size of chunks",
    runs,
    fc.tuple(arbitraryBytes, fc.integer({ min: 1, max: 70 })),
    async ([bytes, chunkBytes]) => {
      const fs = diskWith({ "/x.jsonl": bytes });
      same(await scan(fs, chunkBytes), await scan(fs, undefined), "lines");
    },
  ),
  property(
    "all producers are merged by time, then producer, then number",
    runs,
    arbitraryRecords,
    async (records) => {
      let ms = 0;
      const counts = [0, 0, 0];
      const expected = records
        .map(([producer, step]) => {
          ms += step;
          return { ms, producer, number: counts[producer]!++ };
        })
        .sort((a, b) => a.ms - b.ms || a.producer - b.producer || a.number - b.number)
        .map(({ producer, number }) => `${producer}-${number}`);
      same(await idsOf(storeOf(records)), expected, "order");
    },
  ),
  property(
    "the newest N are the end of all, the oldest N their beginning",
    runs,
    fc.tuple(arbitraryRecords, fc.integer({ min: 1, max: 12 })),
    async ([records, limit]) => {
      const fs = storeOf(records);
      const all = await idsOf(fs);
      same(await idsOf(fs, { limit }), all.slice(-limit), "newest");
      same(await idsOf(fs, { limit, order: "oldest" }), all.slice(0, limit), "oldest");
    },
  ),
  property(
    "filters divide: since and until, one type and the others",
    runs,
    fc.tuple(arbitraryRecords, fc.integer({ min: -1, max: 40 })),
    async ([records, offset]) => {
      const fs = storeOf(records);
      const all = await idsOf(fs);
      const border = BigInt(firstRecordMs + offset) * 1_000_000n;
      const parts = [...(await idsOf(fs, { until: border - 1n })), ...(await idsOf(fs, { since: border }))];
      same(parts, all, "by time");
      const types = [await idsOf(fs, { eventTypes: "a_*" }), await idsOf(fs, { eventTypes: "b_failed" })];
      same(types.flat().sort(), [...all].sort(), "by type");
      same(await idsOf(fs, { eventTypes: "b_*", severity: "error" }), types[1], "by both");
    },
  ),
  property(
    "an index changes no answer, whole or damaged",
    // On the real disk, where indexes are used; the tests of the query package try more of the same.
    { quick: 300, full: 30_000 },
    fc.tuple(
      arbitraryRecords,
      fc.record({
        offset: fc.integer({ min: -1, max: 40 }),
        flipped: fc.option(fc.nat(), { nil: undefined }),
        asked: fc.integer({ min: 0, max: 3 }),
      }),
    ),
    ([records, choices]) => answersAlike(records, choices),
  ),
  property(
    "a clean does what its plan says, and the next one finds nothing to do",
    runs,
    fc.tuple(arbitraryRecords, fc.integer({ min: -1, max: 40 })),
    ([records, offset]) => cleansAsPlanned(storeOf(records), offset),
  ),
  property(
    "what is logged is read back, whatever it holds",
    runs,
    fc.array(fc.tuple(arbitraryText, arbitraryValue), { minLength: 1, maxLength: 12 }),
    readsBack,
  ),
  property(
    "texts of a megabyte are read back",
    { quick: 10, full: 1_000 },
    fc.tuple(arbitraryText, fc.integer({ min: 1_000_000, max: 2_000_000 })),
    ([text, length]) => readsBack([["long", `${text}${"é\ud800x".repeat(length / 3)}`]]),
  ),
];

/** Asks a store of the real disk with indexes, in one of which a bit may be flipped, and without. */
async function answersAlike(
  records: Records,
  { offset, flipped, asked }: { offset: number; flipped: number | undefined; asked: number },
): Promise<void> {
  const root = await mkdtemp(join(tmpdir(), "prodigy-events-properties-"));
  try {
    const directory = jobDirectory(root, repo, jobId);
    await mkdir(directory, { recursive: true, mode: 0o700 });
    for (const [path, content] of filesOf(root, records)) await writeFile(path, content, { mode: 0o600 });
    for (const id of producerIds) await registerProducer(directory, deadIdentity(id), quickFileSystem);
    const bounds = { minIndexedBytes: 1, minIndexGrowthBytes: 1 };
    const options = { root, repo, local: false, cwd: "/", env: {}, threads: 1, bounds };
    const indexed = await openStore(options);
    await indexed.index();
    if (flipped !== undefined) await flipBit(join(directory, indexDirectoryName), flipped);
    const since = BigInt(firstRecordMs + offset) * 1_000_000n;
    const questions: readonly QueryInput[] = [{}, { limit: 3 }, { since }, { eventTypes: "b_failed", since }];
    const question = questions[asked]!;
    const answerOf = async (store: Store): Promise<unknown> => {
      const ids: string[] = [];
      for await (const { id } of store.query(question)) ids.push(id);
      const { groups, total, report } = await store.stats(question);
      const usesIndex = report.reads.some(({ strategy }) => strategy.startsWith("index"));
      if (store === indexed && flipped === undefined && records.length > 0 && !usesIndex)
        throw new Error("the index was not used");
      return [ids, groups, total];
    };
    same(await answerOf(indexed), await answerOf(await openStore({ ...options, index: false })), "answers");
  } finally {
    await rm(root, { recursive: true });
  }
}

/** Flips a bit of some file of a directory, if there is one. */
async function flipBit(directory: string, number: number): Promise<void> {
  const names = (await readdir(directory).catch(() => [])).sort();
  if (names.length === 0) return; // of empty segments there are none
  const path = join(directory, names[number % names.length]!);
  const bytes = await readFile(path);
  bytes[number % bytes.length]! ^= 1 << (number % 8);
  await writeFile(path, bytes);
}

/** Cleans what is older than so many milliseconds after the first record. */
async function cleansAsPlanned(fs: FileSystem, offset: number): Promise<void> {
  const nowMs = firstRecordMs + 3_600_000;
  const policy = { olderThanMs: nowMs - firstRecordMs - offset };
  const plan = async (): Promise<RetentionPlan> => {
    const store = await openStore({ root, repo, local: false, cwd: "/", env: {}, fs });
    const inventory = await gatherInventory(await scopeOfStore(store), policy, { nowMs, fs });
    return planRetention(inventory, policy, nowMs);
  };
  const directory = jobDirectory(root, repo, jobId);
  for (const id of producerIds) await registerProducer(directory, deadIdentity(id), fs);
  const all = await idsOf(fs);
  const planned = await plan();
  const report = await applyRetention(planned, { fs, clock: { now: () => nowMs }, breakLock: true });
  same([report.complete, report.totals.removed], [true, planned.totals.removed], "what went");
  const left = await idsOf(fs, { since: BigInt(firstRecordMs + offset) * 1_000_000n });
  same(await idsOf(fs), left, "what stays");
  same(left.length + planned.totals.removed.records, all.length, "records");
  same((await plan()).totals.removed.records, 0, "the next clean");
}

/** Logs events with any fields, and compares with what a query gives. */
async function readsBack(events: readonly (readonly [string, unknown])[]): Promise<void> {
  const { fs } = simulatedFileSystem();
  await fs.mkdir(root, 0o700);
  const options = { store: root, repo, jobId, env: {}, cwd: "/", fs, validation: "off" as const };
  const logger = await createEventLogger({
    ...options,
    maxSegmentBytes: 1_000,
    onError: () => undefined,
  });
  const log = logger.log.bind(logger) as (event: unknown) => string | null;
  const ids = events.map(([text, value]) => log({ event_type: "agent_progress", text, value }));
  await logger.shutdown();
  const store = await openStore({ root, repo, local: false, cwd: "/", env: {}, fs });
  const found: unknown[] = [];
  for await (const { id, event } of store.query()) found.push([id, event]);
  const expected = events.map(([text, value], index) => {
    const event = { event_type: "agent_progress", job_id: jobId, text, value };
    return [ids[index], JSON.parse(JSON.stringify(event))];
  });
  same(found, expected, "events");
}
