import { appendFile, mkdir, readFile, rename, rm, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { encodeRecord } from "@prodigy-events/schema";
import { readManifest, writeManifest } from "@prodigy-events/storage";
import { type TemporaryDirectory, temporaryDirectory } from "@prodigy-events/test-kit";
import { beforeEach, describe, expect, it } from "vitest";
import {
  type FollowCursor,
  type FollowInput,
  type FollowOptions,
  type Gap,
  openStore,
  parseFollowCursor,
} from "../src/index.js";
import { Taker } from "./taker.js";
import { compress, recordAt, TestProducer } from "./test-producer.js";

const start = Date.UTC(2026, 0, 1);
const records = (count: number, ms = start) => Array.from({ length: count }, (_, at) => recordAt(ms + at));
const upTo = (count: number) => Array.from({ length: count }, (_, at) => at);
const fromTo = (first: number, last: number) => upTo(last + 1).slice(first);

let root: TemporaryDirectory;
let directory: string;
beforeEach(async () => {
  root = await temporaryDirectory();
  directory = root.join("events", "repo", "job-1");
});

/** Follows until nothing comes any more; the cursor goes through JSON, as it does in a file. */
async function follow(
  cursor: FollowCursor | "beginning" | undefined,
  input: FollowInput = {},
  files?: string[],
) {
  const options: FollowOptions = { cursor, untilIdleMs: 0, history: 10 };
  const taker =
    files === undefined
      ? await Taker.ofStore(root.path, input, options)
      : await Taker.ofFiles(files, options);
  await taker.ended();
  const { lines, sequences, gaps, stream } = taker;
  const next: FollowCursor = JSON.parse(JSON.stringify(stream.cursor()));
  return { lines, sequences: sequences.get("prod1") ?? [], gaps, report: stream.report, cursor: next };
}

/** Notes in the log of clean what it does, as it does before it does it. */
async function logClean(action: string, segment: string, first: number, last: number, archive?: string) {
  await mkdir(join(directory, ".clean"), { recursive: true });
  const entry = { action, at: new Date().toISOString(), segment, lines: 1, bytes: 1, archive };
  const ranges = [{ producerId: "prod1", first, last }];
  await appendFile(join(directory, ".clean", "log"), `${JSON.stringify({ ...entry, ranges })}\n`);
}

describe("a follow that goes on where another ended", () => {
  it("gives what came meanwhile, without history, and nothing twice", async () => {
    const producer = new TestProducer(directory, "prod1");
    await producer.append(records(20));
    const first = await follow(undefined);
    expect(first.sequences).toEqual(fromTo(10, 19));
    expect((await follow(first.cursor)).sequences).toEqual([]);
    await producer.append(records(3));
    const second = await follow(first.cursor);
    expect(second.sequences).toEqual([20, 21, 22]);
    await producer.append(records(1));
    expect((await follow(second.cursor)).sequences).toEqual([23]);
    expect([...first.gaps, ...second.gaps]).toEqual([]);
  });

  it("gives everything from the beginning if that is asked for", async () => {
    const producer = new TestProducer(directory, "prod1");
    await producer.append(records(30));
    await compress(await producer.rotate());
    await producer.append(records(5, start + 100));
    const first = await follow("beginning");
    expect(first.sequences).toEqual(upTo(35));
    expect((await follow(first.cursor)).sequences).toEqual([]);
  });

  it("goes on in the middle, after exactly what was taken, record by record and in batches", async () => {
    const producers = ["prod1", "prod2", "prod3"].map((id) => new TestProducer(directory, id));
    for (const [at, producer] of producers.entries()) {
      for (let round = 0; round < 3; round += 1) {
        await producer.append(records(700, start + 700 * round + at));
        if (round < 2) await producer.rotate();
      }
    }
    const total = 3 * 2_100;
    const store = await openStore({
      root: root.path,
      repo: "repo",
      local: false,
      bounds: { batchRecords: 64 },
    });
    const taken: string[] = [];
    let cursor: FollowCursor | "beginning" = "beginning";
    for (let session = 0; taken.length < total; session += 1) {
      const stream = store.follow({}, { cursor, untilIdleMs: 0 });
      let left = 1 + ((session * 977) % 1_500);
      if (session % 2 === 0) {
        for await (const { id } of stream) {
          taken.push(id);
          if (--left === 0) break;
        }
      } else {
        for await (const batch of stream.batches()) {
          taken.push(...batch.map(({ record }) => record.id));
          left -= batch.length;
          if (left <= 0) break;
        }
      }
      cursor = JSON.parse(JSON.stringify(stream.cursor())) as FollowCursor;
      expect(session).toBeLessThan(100);
    }
    expect(taken).toHaveLength(total);
    expect(new Set(taken).size).toBe(total);
  });

  it("goes on through rotation, compression, new segments, producers and jobs", async () => {
    const producer = new TestProducer(directory, "prod1");
    await producer.append(records(4));
    const { cursor } = await follow(undefined);
    await producer.append(records(2));
    await compress(await producer.rotate());
    await producer.append(records(2));
    await producer.rotate();
    await producer.append(records(2));
    await new TestProducer(directory, "prod2").append(records(3));
    await new TestProducer(root.join("events", "repo", "job-2"), "prod3").append(records(3));
    const next = await follow(cursor);
    expect(next.sequences).toEqual(fromTo(4, 9));
    expect(next.lines).toHaveLength(6 + 3 + 3);
    expect(next.gaps).toEqual([]);
    expect((await follow(next.cursor)).lines).toEqual([]);
  });

  it("reads the rest of a line that was cut off, and tells of a torn one once", async () => {
    const producer = new TestProducer(directory, "prod1");
    await producer.append(records(2));
    const line = producer.encode(records(1));
    await producer.appendRaw(line.slice(0, 40));
    const first = await follow("beginning");
    expect(first.sequences).toEqual([0, 1]);
    await producer.appendRaw(line.slice(40));
    expect((await follow(first.cursor)).sequences).toEqual([2]);
  });

  it("does not look at history again that the first follow did not show", async () => {
    const old = new TestProducer(directory, "prod1");
    await old.append(records(5));
    await compress(await old.rotate());
    await rm(old.path);
    const { cursor } = await follow(undefined, { eventTypes: ["agent_failed"] });
    expect((await follow(cursor)).lines).toEqual([]);
  });

  it("gives what is left of a segment that clean has cut meanwhile, and tells what is not", async () => {
    const producer = new TestProducer(directory, "prod1");
    await producer.append(records(4));
    const { cursor } = await follow("beginning");
    await producer.append(records(6));
    const path = producer.path;
    const name = producer.segments[0]!;
    const content = await readFile(path, "utf8");
    await producer.seal(Buffer.from(content));
    const lines = content.split(/(?<=\n)/);
    const length = Buffer.byteLength(lines.slice(0, 7).join(""));
    const manifest = (await readManifest(directory, name))!;
    await logClean("rewrite", name, 0, 6, "/archive/part.gz");
    await writeManifest(directory, { ...manifest, removed: [{ offset: 0, length, lines: 7 }] });
    await rm(path);
    await writeFile(path, lines.slice(7).join(""));
    const next = await follow(cursor);
    expect(next.sequences).toEqual([7, 8, 9]);
    expect(next.gaps).toEqual([
      {
        ...{ reason: "removed", producerId: "prod1", fromSequence: 4, toSequence: 6, path },
        ...{ removedBy: "clean", archive: "/archive/part.gz" },
      },
    ]);
    expect(await follow(next.cursor)).toMatchObject({ sequences: [], gaps: [] });
  });

  it("tells of what clean archived unread, in known segments and in others, once, and names the archive", async () => {
    const producer = new TestProducer(directory, "prod1");
    await producer.append(records(4));
    const { cursor } = await follow("beginning");
    await producer.append(records(2));
    const first = await producer.rotate();
    await producer.append(records(3));
    const second = await producer.rotate();
    await producer.append(records(1));
    await logClean("remove", producer.segments[0]!, 0, 5, "/archive/one.gz");
    await logClean("remove", producer.segments[1]!, 6, 8, "/archive/two.gz");
    await rm(first);
    await rm(second);
    const next = await follow(cursor);
    expect(next.sequences).toEqual([9]);
    expect(
      next.gaps.map(({ fromSequence, toSequence, archive }) => [fromSequence, toSequence, archive]),
    ).toEqual([
      [4, 5, "/archive/one.gz"],
      [6, 8, "/archive/two.gz"],
    ]);
    expect(await follow(next.cursor)).toMatchObject({ sequences: [], gaps: [] });
  });

  it("tells of it also when nothing came afterwards, and of producers that came and went meanwhile", async () => {
    const producer = new TestProducer(directory, "prod1");
    await producer.append(records(4));
    const { cursor } = await follow("beginning");
    await producer.append(records(2));
    await logClean("remove", producer.segments[0]!, 0, 5, "/archive/one.gz");
    await rm(producer.path);
    const log = join(directory, ".clean", "log");
    const other = (await readFile(log, "utf8")).replaceAll("prod1", "prod2").replace("one.gz", "two.gz");
    await appendFile(log, other);
    const next = await follow(cursor);
    expect(next.gaps.map((gap) => [gap.producerId, gap.fromSequence, gap.toSequence, gap.archive])).toEqual([
      ["prod1", 4, 5, "/archive/one.gz"],
      ["prod2", 0, 5, "/archive/two.gz"],
    ]);
    expect(await follow(next.cursor)).toMatchObject({ lines: [], gaps: [] });
  });

  it("does not give again what was restored, nor what clean had removed after it was given", async () => {
    const producer = new TestProducer(directory, "prod1");
    await producer.append(records(4));
    const closed = await producer.rotate();
    await producer.append(records(1));
    const { cursor } = await follow("beginning");
    const content = await readFile(closed);
    await logClean("remove", producer.segments[0]!, 0, 3, "/archive/one.gz");
    await rm(closed);
    const without = await follow(cursor);
    expect(without).toMatchObject({ lines: [], gaps: [] });
    await writeFile(closed, content);
    expect(await follow(without.cursor)).toMatchObject({ lines: [], gaps: [] });
  });

  it("says that nobody can tell what was lost of a segment that somebody else removed", async () => {
    const producer = new TestProducer(directory, "prod1");
    await producer.append(records(4));
    const { cursor } = await follow("beginning");
    await rm(producer.path);
    const next = await follow(cursor);
    expect(next.gaps).toEqual([
      { reason: "removed", producerId: "prod1", fromSequence: 4, toSequence: undefined, path: producer.path },
    ]);
  });

  it("still notices numbers that are missing, and knows records that are written again", async () => {
    const producer = new TestProducer(directory, "prod1");
    await producer.append(records(3));
    const { cursor } = await follow("beginning");
    const again = (await readFile(producer.path, "utf8")).split("\n").slice(1, 3);
    producer.leave();
    await producer.appendRaw(`${again.join("\n")}\n`);
    producer.skip(2);
    await producer.append(records(1));
    const next = await follow(cursor);
    expect(next.sequences).toEqual([5]);
    expect(next.report.duplicates).toBe(2);
    expect(next.gaps).toMatchObject([{ reason: "missing", fromSequence: 3, toSequence: 4 }]);
    expect(next.cursor.producers).toMatchObject([{ nextSequence: 6, missing: [[3, 4]] }]);
  });
});

describe("a follow of a file of others that goes on", () => {
  const line = (id: string) => encodeRecord({ ...recordAt(start), id });
  const idsOf = ({ lines }: { lines: string[] }) => lines.map((each) => JSON.parse(each).id);
  const reasonsOf = ({ gaps }: { gaps: readonly Gap[] }) => gaps.map(({ reason }) => reason);
  let shared: string;
  let cursor: FollowCursor;
  beforeEach(async () => {
    await mkdir(directory, { recursive: true });
    shared = join(directory, "events-shared.jsonl");
    await writeFile(shared, line("a") + line("b"));
    cursor = (await follow(undefined)).cursor;
  });

  it("gives what was appended", async () => {
    await appendFile(shared, line("c"));
    const next = await follow(cursor);
    expect(idsOf(next)).toEqual(["c"]);
    expect(idsOf(await follow(next.cursor))).toEqual([]);
  });

  it("begins again where it was truncated, and knows what it has seen", async () => {
    await truncate(shared, 0);
    await appendFile(shared, line("b"));
    const next = await follow(cursor);
    expect([idsOf(next), reasonsOf(next)]).toEqual([[], ["truncated"]]);
    await appendFile(shared, line("d"));
    const after = await follow(next.cursor);
    expect([idsOf(after), reasonsOf(after)]).toEqual([["d"], []]);
  });

  it("begins again where it was replaced, also by a file of the same size", async () => {
    await writeFile(join(directory, "other"), line("x") + line("y"));
    await rename(join(directory, "other"), shared);
    const next = await follow(cursor);
    expect([idsOf(next), reasonsOf(next)]).toEqual([["x", "y"], ["replaced"]]);
    expect(await follow(next.cursor)).toMatchObject({ lines: [], gaps: [] });
  });

  it("begins again where it was rewritten in place to the same size", async () => {
    await writeFile(shared, line("x") + line("y"));
    const next = await follow(cursor);
    expect([idsOf(next), reasonsOf(next)]).toEqual([["x", "y"], ["replaced"]]);
  });

  it.each(["its own inode", "the same inode"])(
    "is told by the log of clean what became of what was set aside, when the next file has %s",
    async (inode) => {
      const aside = "events-shared-20260101_000000_000.jsonl";
      await logClean("set-aside", "events-shared.jsonl", 0, 0);
      await logClean("remove", aside, 0, 0, "/archive/shared.gz");
      if (inode === "its own inode") {
        await writeFile(join(directory, ".next"), line("d"));
        await rename(join(directory, ".next"), shared);
      } else await writeFile(shared, line("d"));
      const next = await follow(cursor);
      expect(idsOf(next)).toEqual(["d"]);
      expect(next.gaps).toMatchObject([{ reason: "removed", path: join(directory, aside) }]);
      await logClean("restore", aside, 0, 0, "/archive/shared.gz");
      expect((await follow(cursor)).gaps).toEqual([]);
    },
  );

  it("goes on in what was set aside, and in the file that took its place", async () => {
    await appendFile(shared, line("c"));
    await rename(shared, join(directory, "events-shared-20260101_000000_000.jsonl.rotated"));
    await writeFile(shared, line("d"));
    const next = await follow(cursor);
    expect(idsOf(next).sort()).toEqual(["c", "d"]);
    expect(next.gaps).toEqual([]);
    expect(idsOf(await follow(next.cursor))).toEqual([]);
  });

  it("gives nothing twice of what was set aside and cut", async () => {
    await appendFile(shared, line("c"));
    await rm(shared);
    await writeFile(
      join(directory, "events-shared-20260101_000000_000.jsonl.rotated"),
      line("b") + line("c"),
    );
    await writeFile(shared, line("d"));
    expect(idsOf(await follow(cursor)).sort()).toEqual(["c", "d"]);
  });

  it("tells of one that is gone, and whether clean has it", async () => {
    await rm(shared);
    const unnumbered = {
      producerId: undefined,
      fromSequence: undefined,
      toSequence: undefined,
      path: shared,
    };
    const next = await follow(cursor);
    expect(next.gaps).toEqual([{ reason: "removed", ...unnumbered }]);
    await logClean("remove", "events-shared.jsonl", 0, 0, "/archive/shared.gz");
    const cleaned = await follow(cursor);
    expect(cleaned.gaps).toEqual([
      { reason: "removed", ...unnumbered, removedBy: "clean", archive: "/archive/shared.gz" },
    ]);
    expect((await follow(cleaned.cursor)).gaps).toEqual([]);
  });
});

describe("a cursor", () => {
  it.each([
    ["text", "x"],
    ["nothing", null],
    ["another version", { version: 2 }],
    ["a part of one", { version: 1, savedAt: "", scope: {}, producers: [], files: [] }],
  ])("that is %s is refused before anything is read", async (_, value) => {
    const store = await openStore({ root: root.path, repo: "repo", local: false });
    const cursor = value as unknown as FollowCursor;
    expect(() => store.follow({}, { cursor })).toThrow(expect.objectContaining({ code: "CURSOR_DAMAGED" }));
    expect(() => parseFollowCursor(value)).toThrow(expect.objectContaining({ code: "CURSOR_DAMAGED" }));
  });

  it("of another store, repository, job or file is refused, and says what it is of", async () => {
    await new TestProducer(directory, "prod1").append(records(2));
    const { cursor } = await follow(undefined);
    const other = await temporaryDirectory();
    await mkdir(other.path, { recursive: true });
    const refused = async (options: Parameters<typeof openStore>[0], input: FollowInput = {}) => {
      const stream = (await openStore({ local: false, ...options })).follow(input, {
        cursor,
        untilIdleMs: 0,
      });
      return stream.batches().next();
    };
    const mismatch = { name: "QueryError", code: "CURSOR_MISMATCH" };
    await expect(refused({ root: other.path, repo: "repo" })).rejects.toMatchObject({
      ...mismatch,
      message: expect.stringContaining(`its store is ${root.path}, and this one ${other.path}`),
    });
    await expect(refused({ root: root.path, repo: "other" })).rejects.toMatchObject(mismatch);
    await expect(refused({ root: root.path, repo: "repo" }, { jobId: "job-1" })).rejects.toMatchObject(
      mismatch,
    );
    await expect(refused({ files: [directory] })).rejects.toMatchObject(mismatch);
  });

  it("that somebody made up leads to no file outside of what is followed", async () => {
    await new TestProducer(directory, "prod1").append(records(2));
    const { cursor } = await follow(undefined);
    const outside = root.join("outside");
    await mkdir(join(outside, ".clean"), { recursive: true });
    const ranges = [{ producerId: "prod9", first: 0, last: 9 }];
    const entry = {
      action: "remove",
      at: "2999-01-01T00:00:00Z",
      segment: "secret",
      ranges,
      archive: "/secret",
    };
    await writeFile(join(outside, ".clean", "log"), `${JSON.stringify(entry)}\n`);
    const madeUp = {
      ...{ directory: outside, producerId: "prod9", nextSequence: 5, missing: [] },
      ...{
        newestSegment: "events-20260101_000000_000-prod9.jsonl",
        open: [{ segment: "secret", offset: 1 }],
      },
    } as const;
    const next = await follow({ ...cursor, producers: [...cursor.producers, madeUp] });
    expect(next.gaps.map(({ archive }) => archive)).toEqual([undefined]);
  });
});
