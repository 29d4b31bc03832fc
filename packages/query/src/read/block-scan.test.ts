import { encodeRecord } from "@prodigy-events/schema";
import { aRecord } from "@prodigy-events/schema/testing";
import type { Line } from "@prodigy-events/storage";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { InstantReader } from "../time/instant-reader.js";
import { BlockScan, lastCleanCut, readLineInstant } from "./block-scan.js";

/** Lines with these times, as one file; `null` stands for a line that is no record. */
function linesOf(times: readonly (number | null)[]): Line[] {
  let offset = 0;
  return times.map((ms) => {
    const timestamp = new Date(ms ?? 0).toISOString();
    const text = ms === null ? "oops" : encodeRecord(aRecord("job_paused", { timestamp })).trimEnd();
    const line = { text, offset, length: Buffer.byteLength(text) };
    offset += line.length + 1;
    return line;
  });
}

describe("BlockScan", () => {
  it("covers the whole file with blocks that know their earliest and latest time", () => {
    const chunks = fc.array(fc.array(fc.option(fc.nat(50), { freq: 5 }), { maxLength: 8 }), { maxLength: 6 });
    fc.assert(
      fc.property(chunks, (list) => {
        const scan = new BlockScan();
        const lines = linesOf(list.flat());
        const rest = [...lines];
        for (const chunk of list) scan.add(rest.splice(0, chunk.length));
        const last = lines.at(-1);
        const end = last ? last.offset + last.length + 1 : 0;
        const blocks = scan.finish(end);
        const ends = blocks.map(({ endOffset }) => endOffset);
        expect(blocks.map(({ startOffset }) => startOffset)).toEqual(
          blocks.length > 0 ? [0, ...ends.slice(0, -1)] : [],
        );
        expect(ends.at(-1) ?? 0).toBe(end);
        for (const { startOffset, endOffset, earliestMs, latestMs } of blocks) {
          const times = lines.flatMap(({ offset, text }) => {
            const isInside = offset >= startOffset && offset < endOffset && text !== "oops";
            return isInside ? [Date.parse(JSON.parse(text).timestamp)] : [];
          });
          if (times.length === 0) continue;
          expect([earliestMs, latestMs]).toEqual([Math.min(...times), Math.max(...times)]);
        }
      }),
    );
  });
});

describe("lastCleanCut", () => {
  it("is the last place where everything before is earlier than everything after", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(9), { minLength: 1, maxLength: 12 }), (times) => {
        const clean = times.findLastIndex(
          (_time, at) => at > 0 && Math.max(...times.slice(0, at)) < Math.min(...times.slice(at)),
        );
        expect(lastCleanCut(times)).toBe(clean === -1 ? times.length : clean);
      }),
    );
  });
});

describe("readLineInstant", () => {
  const text = fc.oneof(
    fc.string(),
    fc.constantFrom(
      '","timestamp":"',
      "\\",
      '"',
      "2026-01-01T00:00:00.000Z",
      '\\","timestamp":"1999-01-01T00:00:00Z"',
    ),
  );

  it("reads the time of every record as parsing it does", () => {
    const record = fc.record({ id: text, correlation: text, year: fc.constantFrom("1990", "2026") });
    fc.assert(
      fc.property(fc.array(record, { minLength: 1 }), fc.boolean(), (records, isCanonical) => {
        const instant = new InstantReader();
        for (const { id, correlation, year } of records) {
          const timestamp = `${year}-01-01T00:00:00.5Z`;
          const event = { event_type: "x" };
          const rest = { correlation_id: correlation, event, metadata: {} };
          const line = JSON.stringify(isCanonical ? { id, timestamp, ...rest } : { ...rest, timestamp, id });
          expect([line, readLineInstant(line, instant)]).toEqual([line, true]);
          expect([line, instant.ms]).toEqual([line, Date.parse(timestamp)]);
        }
      }),
    );
  });

  it.each(["", "{}", '{"id":"a","timestamp":"soon"}', '{"id":"', '{"id":"a","timestamp":"'])(
    "finds none in %j",
    (line) => {
      expect(readLineInstant(line, new InstantReader())).toBe(false);
    },
  );
});
