import { appendFile, mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { encodeRecord } from "@prodigy-events/schema";
import { aRecord } from "@prodigy-events/schema/testing";
import {
  ChecksumAccumulator,
  formatSegmentName,
  listSegments,
  nodeFileSystem,
  writeManifest,
} from "@prodigy-events/storage";
import { type TemporaryDirectory, temporaryDirectory } from "@prodigy-events/test-kit";
import { beforeEach, describe, expect, it } from "vitest";
import { defaultBounds } from "../bounds.js";
import type { ReadContext } from "../read/read-context.js";
import { ReportBuilder } from "../report/report-builder.js";
import { sourceSegment } from "../source/find-sources.js";
import type { Gap } from "./follow-input.js";
import { Follower } from "./follower.js";
import { GapTeller } from "./gap-teller.js";

let directory: TemporaryDirectory;
let follower: Follower;
let teller: GapTeller;
let gaps: Gap[];
let closed: Set<string>;
let report: ReportBuilder;

beforeEach(async () => {
  directory = await temporaryDirectory();
  gaps = [];
  closed = new Set();
  report = new ReportBuilder();
  const context: ReadContext = {
    fs: nodeFileSystem,
    bounds: defaultBounds,
    report,
    surplus: { bytes: 0 },
    accepts: () => true,
    strict: false,
    signal: undefined,
    isClosed: async ({ path }) => closed.has(path),
    chunkLimit: undefined,
  };
  teller = new GapTeller(
    (gap) => gaps.push(gap),
    nodeFileSystem,
    () => true,
  );
  follower = new Follower(context, teller);
});

const found = async () =>
  (await listSegments(directory.path)).map((segment) => sourceSegment(segment, "store"));
const pathOf = (createdAtMs: number) => directory.join(formatSegmentName(createdAtMs, "prod1"));

async function append(path: string, ...sequences: number[]): Promise<void> {
  await mkdir(directory.path, { recursive: true });
  const lines = sequences.map((sequence) =>
    encodeRecord(aRecord("job_paused", { metadata: { producer_id: "prod1", sequence } })),
  );
  await appendFile(path, lines.join(""));
}

/** Reads everything that can be read now. */
async function read(): Promise<number[]> {
  const sequences: number[] = [];
  for (const chain of follower.readable) {
    for (let entries = await chain.next(1_000); entries; entries = await chain.next(1_000)) {
      sequences.push(...entries.map(({ sequence }) => sequence));
    }
  }
  await follower.settle();
  await teller.tell();
  return sequences;
}

async function scan(): Promise<number[]> {
  await follower.update(await found());
  return read();
}

describe("Follower", () => {
  it("tells of a segment that was removed before it was read, by its manifest", async () => {
    await append(pathOf(1), 0, 1);
    await follower.start(await found());
    await append(pathOf(2), 2, 3);
    await follower.update(await found());
    await rm(pathOf(2));
    const sums = new ChecksumAccumulator().finish();
    const at = new Date(0).toISOString();
    await writeManifest(directory.path, {
      version: 1,
      segment: formatSegmentName(2, "prod1"),
      producerId: "prod1",
      firstSequence: 2,
      lastSequence: 3,
      createdAt: at,
      closedAt: at,
      ...sums,
    });
    await append(pathOf(3), 4);
    expect(await scan()).toEqual([4]);
    expect(gaps).toEqual([
      { reason: "removed", producerId: "prod1", fromSequence: 2, toSequence: 3, path: pathOf(2) },
    ]);
  });

  it("says nothing of a segment that was removed after it was read", async () => {
    await append(pathOf(1), 0, 1);
    await follower.start(await found());
    await append(pathOf(1), 2);
    expect(await scan()).toEqual([2]);
    await rm(pathOf(1));
    expect(await scan()).toEqual([]);
    expect(await scan()).toEqual([]);
    expect(gaps).toEqual([]);
  });

  it("does not read a segment that was still empty when it was found before the one before it is final", async () => {
    await append(pathOf(1), 0);
    await follower.start(await found());
    await append(pathOf(1), 1);
    await append(pathOf(2));
    await follower.update(await found());
    await append(pathOf(2), 3);
    expect(await read()).toEqual([1]);
    await append(pathOf(1), 2);
    expect(await scan()).toEqual([2, 3]);
    expect(gaps).toEqual([]);
  });

  it("no longer looks at segments that are closed and read", async () => {
    await append(pathOf(1), 0);
    await follower.start(await found());
    await append(pathOf(1), 1);
    expect(await scan()).toEqual([1]);
    await appendFile(pathOf(1), "torn");
    await scan();
    closed.add(pathOf(1));
    await follower.finishClosed();
    expect(report).toMatchObject({ torn: 1, pending: 0 });
    await append(pathOf(1), 2);
    expect(await scan()).toEqual([]);
  });

  it("goes on with a closed producer's segments that appear later, without taking history for a gap", async () => {
    await append(pathOf(1), 0, 1, 2);
    closed.add(pathOf(1));
    await follower.start(await found());
    await append(pathOf(2), 3, 4);
    expect(await scan()).toEqual([3, 4]);
    expect(gaps).toEqual([]);
  });

  it("counts a partial line as pending when following ends", async () => {
    await append(pathOf(1), 0);
    await follower.start(await found());
    await appendFile(pathOf(1), '{"id":"half');
    expect(await scan()).toEqual([]);
    await follower.close();
    expect(report).toMatchObject({ linesRead: 1, pending: 1, torn: 0 });
  });

  it("reports where history ends: after the last whole line, bad ones included", async () => {
    await append(pathOf(1), 0);
    await appendFile(pathOf(1), Buffer.from([0, 0, 0x0a]));
    const end = (await found())[0]!.segment.bytes;
    await appendFile(pathOf(1), '{"id":"half');
    await mkdir(join(directory.path, "empty"), { recursive: true });
    await append(pathOf(2));
    const ends = await follower.start(await found());
    expect([...ends.values()]).toEqual([end, 0]);
  });
});
