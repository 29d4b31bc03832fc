import { writeFile } from "node:fs/promises";
import { encodeRecord } from "@prodigy-events/schema";
import { resolveSegmentFile } from "@prodigy-events/storage";
import { type TemporaryDirectory, temporaryDirectory } from "@prodigy-events/test-kit";
import { beforeEach, describe, expect, it } from "vitest";
import { openStore } from "../src/index.js";
import { readEverything } from "./oracle.js";
import { gzipWhole, recordAt } from "./test-producer.js";

const start = Date.UTC(2026, 0, 1);
const count = 2_400;

/** Times of records, in the order of their lines. A step of 7 meets every number below a prime once. */
const orders = {
  "in time order": Array.from({ length: count }, (_, at) => at),
  "all at the same time": Array.from({ length: count }, () => 0),
  backward: Array.from({ length: count }, (_, at) => count - at),
  shuffled: Array.from({ length: count }, (_, at) => (at * 1_009) % 2_411),
  "of two files, one after the other": Array.from({ length: count }, (_, at) => at % (count / 2)),
  "of writers that are late by a moment": Array.from({ length: count }, (_, at) => at + ((at * 37) % 11)),
};

let root: TemporaryDirectory;
beforeEach(async () => {
  root = await temporaryDirectory();
});

/** The lines of such a file, with a byte order mark, some bad lines, and a torn end. */
function contentOf(times: readonly number[]): Buffer {
  const parts = times.flatMap((ms, at) => {
    const line = Buffer.from(encodeRecord(recordAt(start + ms)));
    if (at === 500) return [Buffer.from("not json\n"), line];
    return at % 800 === 700 ? [Buffer.from([0xff, 0xfe, 0x0a]), line] : [line];
  });
  return Buffer.concat([Buffer.from("\ufeff"), ...parts, Buffer.from('{"id":"torn')]);
}

const bounds = {
  "the usual bounds": {},
  "bounds that it exceeds": { maxHeldFileBytes: 0 },
  "little memory": {
    maxHeldFileBytes: 0,
    maxBlockBytes: 30_000,
    maxHeldBytes: 20_000,
    maxChunkBytes: 16_384,
    minChunkBytes: 1_000,
    maxOpenReaders: 3,
  },
};

describe.each(Object.entries(bounds))("within %s, a file", (_name, bounds) => {
  describe.each(Object.entries(orders))("with records %s", (_order, times) => {
    it.each(["plain", "compressed"])(
      "that is %s is put in time order, and all else is counted once",
      async (state) => {
        const path = root.join("events-20260101_000000.jsonl");
        const content = contentOf(times);
        await writeFile(path, content);
        const expected = readEverything([(await resolveSegmentFile(path))!]);
        const named = state === "plain" ? path : await gzipWhole(path, content);

        const stream = (await openStore({ files: [named], bounds })).query();
        const found = [];
        for await (const batch of stream.batches()) found.push(...batch);
        const inPlace = ({ line, offset }: { line: string; offset: number }) => [offset, line];
        expect(found.map(inPlace)).toEqual(expected.records.map(inPlace));
        expect(stream.report).toMatchObject({
          linesRead: count + 5,
          records: count,
          malformed: 4,
          unreadable: 0,
        });
        expect(stream.report.torn + stream.report.pending).toBe(1);
        expect(stream.report.problems.filter(({ reason }) => reason !== "tail")).toHaveLength(4);
        expect(new Set(found.map(({ path }) => path))).toEqual(new Set([named]));
      },
    );
  });
});
