import { writeFile } from "node:fs/promises";
import { encodeRecord } from "@prodigy-events/schema";
import { aRecord } from "@prodigy-events/schema/testing";
import { nodeFileSystem, resolveSegmentFile } from "@prodigy-events/storage";
import { type TemporaryDirectory, temporaryDirectory } from "@prodigy-events/test-kit";
import { beforeEach, describe, expect, it } from "vitest";
import { defaultBounds } from "../bounds.js";
import { compareRanks, type Rank } from "../merge/order.js";
import type { PlannedChain } from "../plan/query-plan.js";
import type { ReadContext } from "../read/read-context.js";
import type { Direction } from "../read/time-order.js";
import { ReportBuilder } from "../report/report-builder.js";
import { sourceSegment } from "../source/find-sources.js";
import { chainBound, unknownBound } from "./first-instant.js";

const context: ReadContext = {
  fs: nodeFileSystem,
  bounds: defaultBounds,
  report: new ReportBuilder(),
  surplus: { bytes: 0 },
  accepts: () => true,
  strict: false,
  signal: undefined,
  isClosed: async () => true,
  chunkLimit: undefined,
};
const start = Date.UTC(2026, 0, 1);
const line = (ms: number) =>
  encodeRecord(aRecord("job_paused", { timestamp: new Date(start + ms).toISOString() }));
const rank = (ms: number, producer = "prod1"): Rank => {
  return { ms: start + ms, nanos: 0, producer, sequence: 0, file: 0, offset: 0 };
};

let directory: TemporaryDirectory;
beforeEach(async () => {
  directory = await temporaryDirectory();
});

async function bound(direction: Direction, ...contents: (string | Uint8Array)[]): Promise<Rank> {
  const segments = [];
  for (const [file, content] of contents.entries()) {
    const path = directory.join(`${file}.jsonl`);
    await writeFile(path, content);
    segments.push({ source: sourceSegment((await resolveSegmentFile(path))!, "file"), file });
  }
  const chain: PlannedChain = { producerId: "prod1", segments };
  return chainBound(chain, direction, context);
}

describe("the bound of a chain", () => {
  it.each(["", "zzz"])(
    "comes before its first record, that of a producer called %j too",
    async (producer) => {
      const found = await bound("forward", `oops\n${line(7)}${line(9)}`, line(12));
      expect(compareRanks(found, rank(7, producer))).toBeLessThan(0);
      expect(compareRanks(found, rank(6, producer))).toBeGreaterThan(0);
    },
  );

  it.each(["", "zzz"])(
    "read backward comes after its last record, that of a producer called %j too",
    async (producer) => {
      const found = await bound("backward", line(7), `${line(9)}${line(12)}oops\n`);
      expect(compareRanks(found, rank(12, producer))).toBeGreaterThan(0);
      expect(compareRanks(found, rank(13, producer))).toBeLessThan(0);
    },
  );

  it.each(["forward", "backward"] as const)(
    "is unknown %s where there is no record, or no file",
    async (direction) => {
      expect(await bound(direction, "")).toEqual(unknownBound(direction));
      expect(await bound(direction, "oops\n")).toEqual(unknownBound(direction));
      expect(await chainBound({ producerId: "p", segments: [] }, direction, context)).toEqual(
        unknownBound(direction),
      );
      const path = directory.join("0.jsonl");
      const source = sourceSegment((await resolveSegmentFile(path))!, "file");
      await directory.cleanup();
      const gone = { producerId: "p", segments: [{ source, file: 0 }] };
      expect(await chainBound(gone, direction, context)).toEqual(unknownBound(direction));
      expect(context.report).toMatchObject({ linesRead: 0, unreadable: 0, problemFiles: 0 });
    },
  );
});
