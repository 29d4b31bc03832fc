import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { nodeFileSystem } from "@prodigy-events/storage";
import { temporaryDirectory } from "@prodigy-events/test-kit";
import { describe, expect, it } from "vitest";
import { ScanCounts, type ScannedRecord, type ScanRequest, scanRecords } from "./scan-records.js";

/** The line of a record, with its line end. */
const line = (metadata: object, event: object = {}, timestamp = "1970-01-01T00:00:01Z") =>
  `${JSON.stringify({ id: "x", timestamp, event: { event_type: "note", ...event }, metadata })}\n`;

/** What a scan of a file with this content gives, and what it counts. */
async function scan(content: string | Buffer, overrides: Partial<ScanRequest> = {}) {
  const path = join((await temporaryDirectory()).path, "x.jsonl");
  await writeFile(path, content);
  const request = { source: path, keyPath: "/key", jobId: undefined, jobIds: undefined, signal: undefined };
  const counts = new ScanCounts();
  const batches: ScannedRecord[][] = [];
  for await (const batch of scanRecords({ ...request, fs: nodeFileSystem, ...overrides }, counts))
    batches.push(batch);
  return { records: batches.flat(), batches, counts };
}

describe("a scan", () => {
  it("gives each record's place and bytes, line end included", async () => {
    const first = line({ producer_id: "aaaa", sequence: 0 });
    const second = line({ producer_id: "aaaa", sequence: 1 }, {}, "1970-01-01T00:00:00.000000002Z");
    const key = { instant: 1_000_000_000n, producerId: "aaaa", sequence: 0, path: "/key", offset: 0 };
    const { records, counts } = await scan(first + second);
    expect(records).toStrictEqual([
      { key, bytes: first.length },
      { key: { ...key, instant: 2n, sequence: 1, offset: first.length }, bytes: second.length },
    ]);
    expect(counts).toMatchObject({ records: 2, malformed: 0, damage: undefined });
  });

  it.each<[string, object]>([
    ["no number", { producer_id: "aaaa" }],
    ["a negative number", { producer_id: "aaaa", sequence: -5 }],
    ["a fraction", { producer_id: "aaaa", sequence: 1.5 }],
    ["a number too large to count with", { producer_id: "aaaa", sequence: 2 ** 53 }],
    ["a number in quotes", { producer_id: "aaaa", sequence: "7" }],
  ])("takes %s for none", async (_, metadata) => {
    expect((await scan(line(metadata))).records).toMatchObject([
      { key: { producerId: "aaaa", sequence: -1 } },
    ]);
  });

  it.each([{}, { producer_id: 7 }, { producer_id: null }])("takes %j for no producer", async (metadata) => {
    expect((await scan(line({ ...metadata, sequence: 3 }))).records).toMatchObject([
      { key: { producerId: "", sequence: 3 } },
    ]);
  });

  it("counts every line that is no record, also one that was torn off, and gives no empty batch", async () => {
    const { batches, counts } = await scan(`{\n\n${line({}, {}, "never")}\xff\n{"id":"torn"`);
    expect(counts).toMatchObject({ records: 0, malformed: 4, damage: undefined });
    expect(batches).toEqual([]);
  });

  it("reads as if the content ended at the given offset", async () => {
    const [first, second] = [line({ sequence: 1 }), line({ sequence: 2 })];
    expect(await scan(first + second, { endOffset: first.length })).toMatchObject({
      records: [{ key: { sequence: 1 } }],
      counts: { records: 1, malformed: 0 },
    });
  });

  it("says what damaged the compression, and counts it for no line", async () => {
    const whole = gzipSync(line({ sequence: 1 }));
    const { counts } = await scan(whole.subarray(0, -6));
    expect(counts.damage).toEqual(expect.any(String));
    expect(counts.malformed).toBe(0);
  });

  it("gives only the records of the jobs asked for, and counts all", async () => {
    const content = ["job-1", "job-2", undefined]
      .map((job_id, sequence) => line({ sequence }, { job_id }))
      .join("");
    const numbersOf = async (overrides: Partial<ScanRequest>) => {
      const { records, counts } = await scan(content, overrides);
      expect(counts.records).toBe(3);
      return records.map(({ key }) => key.sequence);
    };
    expect(await numbersOf({ jobIds: ["job-1"] })).toEqual([0]);
    expect(await numbersOf({ jobIds: ["job-1"], jobId: "job-1" })).toEqual([0, 2]);
    expect(await numbersOf({ jobIds: ["job-2", "job-3"], jobId: "job-1" })).toEqual([1]);
    expect(await numbersOf({})).toEqual([0, 1, 2]);
  });
});

describe("what a record says was dropped", () => {
  const dropped = { event_type: "events_dropped", from_sequence: 2 };
  const ids = { producer_id: "aaaa", sequence: 5 };

  it.each<[string, object, object, object]>([
    ["are the numbers up to its own", ids, {}, { first: 2, last: 4 }],
    ["may begin with the first number of all", ids, { from_sequence: 0 }, { first: 0, last: 4 }],
    ["may be a single number", ids, { from_sequence: 4 }, { first: 4, last: 4 }],
  ])("%s", async (_, metadata, event, expected) => {
    expect((await scan(line(metadata, { ...dropped, ...event }))).records).toMatchObject([
      { dropped: { producerId: "aaaa", ...expected } },
    ]);
  });

  it.each<[string, object, object]>([
    ["by any other event", ids, { event_type: "note" }],
    ["without a producer", { sequence: 5 }, {}],
    ["without a number of its own", { producer_id: "aaaa" }, {}],
    ["from a number that is none", ids, { from_sequence: "2" }],
    ["from a fraction", ids, { from_sequence: 1.5 }],
    ["from below zero", ids, { from_sequence: -1 }],
    ["from its own number on", ids, { from_sequence: 5 }],
    ["from a later number on", ids, { from_sequence: 6 }],
  ])("is nothing %s", async (_, metadata, event) => {
    const { records } = await scan(line(metadata, { ...dropped, ...event }));
    expect(records).toHaveLength(1);
    expect(records[0]).not.toHaveProperty("dropped");
  });
});
