import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type EventRecord, encodeRecord } from "@prodigy-events/schema";
import fc from "fast-check";
import { compress, gzipWhole, recordAt, TestProducer } from "./test-producer.js";

/** One line of a random file. */
export type RandomLine =
  | {
      readonly kind: "record";
      readonly step: number;
      readonly type: string;
      readonly agent: number;
      readonly text: string;
    }
  | { readonly kind: "raw"; readonly bytes: Uint8Array };

export interface RandomSegment {
  readonly lines: readonly RandomLine[];
  readonly state: "plain" | "rotated" | "members" | "gzip";
  /** How many of the producer's last lines are written once more at the beginning. */
  readonly copied: number;
  readonly tail: string;
}

export interface RandomStore {
  readonly producers: readonly (readonly RandomSegment[])[];
  readonly foreign: readonly { readonly times: readonly number[]; readonly segment: RandomSegment }[];
}

const badLines: readonly Uint8Array[] = [
  "not json",
  '{"id":"x"',
  '{"id":"x","timestamp":"2026-01-01T00:00:00Z"}',
  '{"id":1,"timestamp":"2026-01-01T00:00:00Z","event":{"event_type":"a"}}',
  '{"id":"x","timestamp":"2026-02-30T00:00:00Z","event":{"event_type":"a"}}',
  '{"__proto__":{"polluted":true}}',
  "[]",
  "null",
  "\0\0\0\0",
  `{"id":"${"\\"}","timestamp":"2026-01-01T00:00:00.000Z","event":{"event_type":"a"}}`,
]
  .map((text): Uint8Array => Buffer.from(text))
  .concat([Buffer.from([0x7b, 0xff, 0xfe, 0x7d])]);

/** Lines that are records, or blank, and unlike those our writers write. */
const oddLines: readonly Uint8Array[] = [
  "",
  "  \t",
  '{"timestamp":"2026-01-01T00:00:00.020Z","id":"reordered","event":{"event_type":"job_paused"}}',
  '  {"id":"with spaces", "timestamp":"2026-01-01T00:00:00.030Z", "event":{"event_type":"AgentFailed","agent_id":"agent-1"}} ',
  '{"id":"a\\"b","timestamp":"2026-01-01T01:00:00.040+01:00","event":{"event_type":"d_l_q_item_added"}}',
  '{"id":"nanos","timestamp":"2026-01-01T00:00:00.010000001Z","correlation_id":null,"event":{"event_type":"x"}}\r',
  '{"id":"ünï","timestamp":"2026-01-01T00:00:00.015Z","event":{"event_type":"agent_failed","error":"größer 💥"}}',
  '{"id":"a\\",\\"timestamp\\":\\"1999","timestamp":"2026-01-01T00:00:00.001Z","event":{"event_type":"y"}}',
].map((text) => Buffer.from(text));

const record = fc.record({
  kind: fc.constant("record" as const),
  step: fc.nat(3),
  type: fc.constantFrom("agent_failed", "agent_completed", "job_started", "custom_type", "AgentFailed"),
  agent: fc.nat(3),
  text: fc.constantFrom("", "ENOENT: no such file", "größer 💥", "x".repeat(300)),
});
const raw = fc.constantFrom(...badLines, ...oddLines).map((bytes) => ({ kind: "raw" as const, bytes }));
const line: fc.Arbitrary<RandomLine> = fc.oneof(
  { weight: 6, arbitrary: record },
  { weight: 1, arbitrary: raw },
);
const bad: fc.Arbitrary<RandomLine> = fc
  .constantFrom(...badLines)
  .map((bytes) => ({ kind: "raw" as const, bytes }));
const ownLine = fc.oneof({ weight: 9, arbitrary: record }, { weight: 1, arbitrary: bad });

function segment(lines: fc.Arbitrary<RandomLine>, states: readonly RandomSegment["state"][]) {
  return fc.record({
    lines: fc.array(lines, { maxLength: 12 }),
    state: fc.constantFrom(...states),
    copied: fc.nat(3),
    tail: fc.constantFrom("", "", '{"id":"torn","timest', "\0\0\0"),
  });
}

/** Stores of a few producers' own segments in all states, and foreign files in any order. */
export const randomStore: fc.Arbitrary<RandomStore> = fc.record({
  producers: fc.array(fc.array(segment(ownLine, ["plain", "rotated", "members", "gzip"]), { maxLength: 4 }), {
    maxLength: 4,
  }),
  foreign: fc.array(
    fc.record({
      times: fc.array(fc.nat(40), { minLength: 12, maxLength: 12 }),
      segment: segment(line, ["plain", "rotated", "gzip"]),
    }),
    { maxLength: 3 },
  ),
});

const start = Date.UTC(2026, 0, 1);

/** Writes the store's files into a job directory. */
export async function writeStore(store: RandomStore, directory: string): Promise<void> {
  await mkdir(directory, { recursive: true });
  for (const [index, segments] of store.producers.entries()) {
    const producer = new TestProducer(directory, `producer${index}`);
    let now = start;
    let written: string[] = [];
    for (const { lines, state, copied, tail } of segments) {
      const parts: Uint8Array[] = written
        .slice(written.length - Math.min(copied, written.length))
        .map((text) => Buffer.from(text));
      for (const each of lines) {
        if (each.kind === "raw") {
          parts.push(each.bytes, Buffer.from("\n"));
          continue;
        }
        now += each.step;
        const text = encodeRecord(producer.number(recordOf(each, now)));
        written.push(text);
        parts.push(Buffer.from(text));
      }
      written = written.slice(-5);
      await producer.appendRaw(Buffer.concat([...parts, Buffer.from(tail)]));
      await finish(producer.path, state, async () => producer.rotate());
      producer.leave();
    }
  }
  for (const [index, { times, segment: file }] of store.foreign.entries()) {
    const path = join(directory, index === 0 ? "events-shared.jsonl" : `events-2026010${index}_000000.jsonl`);
    const parts = file.lines.flatMap((each, at) => [
      each.kind === "raw"
        ? each.bytes
        : Buffer.from(encodeRecord(recordOf(each, start + times[at]!)).trimEnd()),
      Buffer.from("\n"),
    ]);
    await writeFile(path, Buffer.concat([...parts, Buffer.from(file.tail)]));
    if (file.state === "gzip") await gzipWhole(path, await readFile(path));
  }
}

function recordOf(each: RandomLine & { kind: "record" }, ms: number): EventRecord {
  const event = { event_type: each.type, job_id: "job-1", agent_id: `agent-${each.agent}`, error: each.text };
  return recordAt(ms, { event });
}

async function finish(
  path: string,
  state: RandomSegment["state"],
  rotate: () => Promise<string>,
): Promise<void> {
  if (state === "rotated") await rotate();
  if (state === "members") await compress(await rotate(), 200);
  if (state === "gzip") await gzipWhole(path, await readFile(path));
}
