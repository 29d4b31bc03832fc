import { fieldReader, openStore, parseTimeArgument, QueryError, resolveQuery } from "@prodigy-events/query";
import {
  builtinEvents,
  decodeLine,
  encodeRecord,
  normalizeEventType,
  normalizeRecord,
  parseDuration,
  parseFailureReason,
  parseTimestamp,
  summaryOf,
} from "@prodigy-events/schema";
import {
  decodeName,
  encodeName,
  type FileSystem,
  jobDirectory,
  manifestPath,
  openSealedJson,
  parseSegmentName,
  producerPath,
  readLinesBackward,
  readManifest,
  readProducer,
  StorageError,
} from "@prodigy-events/storage";
import { damageFixture } from "../damage/fixture.js";
import type { Random } from "../random.js";
import { diskWith } from "../simulation/file-on-disk.js";
import { firstRecordMs, jobId, repo } from "../test-records.js";
import { giveMutatedAmount } from "./amounts.js";
import { corpus } from "./corpus.js";
import { matchMutated } from "./matched.js";
import { mutatedBytes, mutatedText } from "./mutate.js";
import { printMutated } from "./printed.js";

/** Something that reads what others wrote, and one reading of something mutated. */
export interface FuzzTarget {
  readonly name: string;
  /** How often it is run in quick mode. */
  readonly quickRuns: number;
  /** Some inputs have a deadline of their own, which is longer than what others may take, or start a process. */
  readonly mayTakeLong?: boolean;
  /** Reads something mutated, and says what that was. What it throws is a finding, except errors with a code of ours. */
  run(random: Random): unknown;
}

/** An error that tells the user what is wrong with the input. */
export function isOurs(error: unknown): boolean {
  return error instanceof QueryError || error instanceof StorageError;
}

const root = "/store";
const directory = jobDirectory(root, repo, jobId);

/** All targets; those that need something to start from prepare it. */
export async function fuzzTargets(): Promise<FuzzTarget[]> {
  const [segment, gz, manifest] = [
    await damageFixture("segment"),
    await damageFixture("gz"),
    await damageFixture("manifest"),
  ];
  return [
    {
      name: "lines",
      quickRuns: 20_000,
      run: (random) => {
        const line = mutatedText(corpus.lines, random);
        const decoded = decodeLine(line);
        if (!decoded.ok) return;
        const normalized = normalizeRecord(decoded.record);
        summaryOf(normalized.event, builtinEvents);
        parseDuration((normalized.event as { duration?: unknown }).duration);
        parseFailureReason((normalized.event as { failure_reason?: unknown }).failure_reason);
        encodeRecord(decoded.record);
      },
    },
    {
      name: "times, durations and types",
      quickRuns: 8_000,
      run: (random) => {
        const text = mutatedText(corpus.times, random);
        parseTimestamp(text);
        parseDuration(text);
        normalizeEventType(text);
        parseTimeArgument(text, {
          now: firstRecordMs,
          timeZone: random.pick(["Europe/Berlin", "UTC", "Asia/Kathmandu"]),
        });
      },
    },
    {
      name: "questions",
      quickRuns: 5_000,
      run: (random) => {
        const text = (): string => mutatedText([...corpus.patterns, ...corpus.times], random);
        resolveQuery(
          { eventTypes: [text(), text()], since: text(), limit: random.pick([0, 1, 7]) },
          firstRecordMs,
        );
      },
    },
    {
      name: "names and fields",
      quickRuns: 20_000,
      run: (random) => {
        const name = mutatedText(corpus.names, random);
        parseSegmentName(name);
        decodeName(name);
        fieldReader(mutatedText(corpus.fields, random));
        encodeName(name);
      },
    },
    {
      name: "globs over types and files",
      quickRuns: 1_000,
      run: (random) => matchMutated(corpus, random),
    },
    {
      name: "lengths of time and sizes",
      quickRuns: 10,
      mayTakeLong: true,
      run: (random) => giveMutatedAmount(corpus.amounts, random),
    },
    {
      name: "sealed files",
      quickRuns: 2_000,
      run: async (random) => {
        const bytes = mutatedBytes(manifest.bytes, random);
        openSealedJson(bytes.toString("utf8"));
        const path = random.chance(0.5)
          ? manifestPath(directory, manifest.segment)
          : producerPath(directory, "abcd");
        const fs = diskWith({ [path]: bytes });
        await (path.includes(".manifest")
          ? readManifest(directory, manifest.segment, fs)
          : readProducer(directory, "abcd", fs));
      },
    },
    {
      name: "segments",
      quickRuns: 1_500,
      run: (random) => {
        const fixture = random.chance(0.5) ? segment : gz;
        return readEverything(
          fixture.damaged(mutatedBytes(fixture.bytes, random)),
          fixture.segmentPath,
          random,
        );
      },
    },
    {
      name: "patterns",
      quickRuns: 300,
      mayTakeLong: true,
      run: async (random) => {
        const pattern = mutatedText(corpus.patterns, random);
        const store = await openStore({
          root,
          repo,
          local: false,
          cwd: "/",
          env: {},
          fs: segment.damaged(segment.bytes),
        });
        for await (const _ of store.search(pattern, { limit: 5 }).batches()) break;
      },
    },
    {
      name: "printed records",
      quickRuns: 8,
      mayTakeLong: true,
      run: (random) => printMutated([...corpus.printed, ...corpus.names, ...corpus.lines], random),
    },
  ];
}

async function readEverything(fs: FileSystem, path: string, random: Random): Promise<void> {
  const store = await openStore({ root, repo, local: false, cwd: "/", env: {}, fs });
  const stream = store.query(random.pick([{}, { limit: 3 }, { since: "2026-01-01T12:00:00.020Z" }]));
  for await (const _ of stream.batches());
  const { linesRead, records, malformed, torn, pending } = stream.report;
  if (linesRead !== records + malformed + torn + pending) throw new Error("R4: the counts do not add up");
  for await (const _ of readLinesBackward(path, { fs, onProblem: () => undefined, chunkBytes: 100 }));
}
