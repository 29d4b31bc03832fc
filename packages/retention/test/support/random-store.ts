import { join } from "node:path";
import fc from "fast-check";
import { recordLine } from "./lines.js";
import { hourMs, nowMs, type SegmentForm, type TestStore } from "./test-store.js";

/** One line of a random file. */
export type LineSpec =
  | { kind: "record"; hoursAgo: number; padding: number; hasIds: boolean; jobId: string | undefined }
  /** The line before, written again, as after a failed fsync. */
  | { kind: "copy" }
  | { kind: "malformed"; text: string }
  | { kind: "blank" };

/** One random file of a store. */
export interface RandomFile {
  place: "own" | "shared" | "local" | "foreign";
  jobId: string;
  form: SegmentForm;
  producer: "dead" | "alive" | "unknown";
  sealed: boolean;
  /** Written within the last minute. */
  isRecent: boolean;
  /** Begins with records that the producer's segment before it has too. */
  overlaps: boolean;
  tornTail: boolean;
  lines: LineSpec[];
}

const jobIds = ["job-1", "job-2"];

const record = fc.record({
  kind: fc.constant("record" as const),
  hoursAgo: fc.integer({ min: 0, max: 12 }),
  padding: fc.integer({ min: 0, max: 40 }),
  hasIds: fc.boolean(),
  jobId: fc.constantFrom("job-1", "job-2", undefined),
});

const malformed = fc.constantFrom(
  "{",
  "not json",
  '{"id":"x"}',
  '{"id":"x","timestamp":"never","event":{"event_type":"a"}}',
  "\u0000",
  "ÿ",
);

const line: fc.Arbitrary<LineSpec> = fc.oneof(
  { weight: 12, arbitrary: record },
  { weight: 1, arbitrary: fc.constant({ kind: "copy" as const }) },
  { weight: 1, arbitrary: malformed.map((text) => ({ kind: "malformed" as const, text })) },
  { weight: 1, arbitrary: fc.constant({ kind: "blank" as const }) },
);

const file: fc.Arbitrary<RandomFile> = fc.record({
  place: fc.constantFrom("own", "own", "own", "shared", "local", "foreign"),
  jobId: fc.constantFrom(...jobIds),
  form: fc.constantFrom("plain", "rotated", "gz"),
  producer: fc.constantFrom("dead", "dead", "alive", "unknown"),
  sealed: fc.boolean(),
  isRecent: fc.integer({ min: 0, max: 3 }).map((value) => value === 0),
  overlaps: fc.boolean(),
  tornTail: fc.boolean(),
  lines: fc.array(line, { maxLength: 12 }),
});

/** The files of a random store. */
export const randomFiles: fc.Arbitrary<RandomFile[]> = fc.array(file, { maxLength: 7 });

/** A file as it was written. */
export interface WrittenFile {
  path: string;
  spec: RandomFile;
  /** Uncompressed. */
  content: string;
}

/** Writes random files to a store; every record's line is unique, except copies. */
export async function writeFiles(store: TestStore, specs: readonly RandomFile[]): Promise<WrittenFile[]> {
  const written: WrittenFile[] = [];
  const shared = new Set<string>();
  let count = 0;
  for (const [index, spec] of specs.entries()) {
    const isOne = spec.place === "shared" || spec.place === "local";
    const place = `${spec.place}/${spec.place === "local" ? "" : spec.jobId}`;
    if (isOne && shared.has(place)) continue; // there is only one such file
    shared.add(place);
    const lines: string[] = [];
    let sequence = 0;
    const sorted = spec.place === "own" ? sortedByTime(spec.lines) : spec.lines;
    for (const each of sorted) {
      if (each.kind === "copy") lines.push(lines.findLast((text) => text.startsWith('{"id":"r')) ?? "\n");
      else if (each.kind === "malformed") lines.push(`${each.text}\n`);
      else if (each.kind === "blank") lines.push(" \n");
      else {
        const ids =
          spec.place === "own" || each.hasIds ? { producerId: `prod${index}`, sequence: sequence++ } : {};
        const jobId = each.jobId === undefined ? {} : { jobId: each.jobId };
        const at = nowMs - each.hoursAgo * hourMs;
        lines.push(recordLine({ at, id: `r${count++}`, padding: each.padding, ...ids, ...jobId }));
      }
    }
    const content = `${lines.join("")}${spec.tornTail ? '{"id":"torn' : ""}`;
    written.push({ path: await writeOne(store, index, spec, content), spec, content });
    const copy = lines.findLast((text) => text.startsWith('{"id":"r'));
    if (spec.place === "own" && spec.overlaps && copy !== undefined) {
      // The same producer began a new segment with what it was not sure of.
      const next: RandomFile = { ...spec, form: "rotated", tornTail: false };
      const path = await store.segment({
        ...segmentSpec(index, next),
        content: copy,
        createdAtMs: nowMs - 4 * hourMs,
      });
      written.push({ path, spec: next, content: copy });
    }
  }
  return written;
}

function sortedByTime(lines: readonly LineSpec[]): LineSpec[] {
  const hours = lines
    .flatMap((each) => (each.kind === "record" ? [each.hoursAgo] : []))
    .sort((a, b) => b - a);
  return lines.map((each) => (each.kind === "record" ? { ...each, hoursAgo: hours.shift()! } : each));
}

function segmentSpec(index: number, { jobId, form, producer, sealed, isRecent }: RandomFile) {
  const writtenAtMs = isRecent ? nowMs - 5_000 : nowMs - 2 * hourMs;
  return { jobId, form, producer, sealed, writtenAtMs, producerId: `prod${index}` };
}

async function writeOne(store: TestStore, index: number, spec: RandomFile, content: string): Promise<string> {
  const segment = segmentSpec(index, spec);
  if (spec.place === "own") return store.segment({ ...segment, content });
  const { writtenAtMs, form } = segment;
  if (spec.place === "local") {
    const path = join(store.outside, ".prodigy", "events", "mapreduce_events.jsonl");
    return store.file(path, { content, writtenAtMs });
  }
  const name = spec.place === "shared" ? "events-shared.jsonl" : `events-${index}.jsonl`;
  return store.file(join(store.directory(spec.jobId), name), {
    content,
    writtenAtMs,
    form: spec.place === "shared" ? "plain" : form,
  });
}
