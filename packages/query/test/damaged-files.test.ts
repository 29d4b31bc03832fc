import { appendFile, chmod, mkdir, readFile, writeFile } from "node:fs/promises";
import { encodeRecord } from "@prodigy-events/schema";
import { nodeFileSystem } from "@prodigy-events/storage";
import { faultyFileSystem, type TemporaryDirectory, temporaryDirectory } from "@prodigy-events/test-kit";
import { beforeEach, describe, expect, it } from "vitest";
import { openStore, type QueryInput, type StoreOptions } from "../src/index.js";
import { compress, recordAt, TestProducer } from "./test-producer.js";

const start = Date.UTC(2026, 0, 1);
const good = (at: number) => encodeRecord({ ...recordAt(start + at), id: `good-${at}` });

let root: TemporaryDirectory;
beforeEach(async () => {
  root = await temporaryDirectory();
});

async function read(files: string[], question: QueryInput = {}, options: StoreOptions = {}) {
  const stream = (await openStore({ files, ...options })).query(question);
  const ids: string[] = [];
  for await (const record of stream) ids.push(record.id);
  return { ids, report: stream.report };
}

const bigLine = `{"id":"big","padding":"${"x".repeat(20_000_000)}"}`;
const damages = [
  {
    damage: "an invalid UTF-8 line",
    bytes: Buffer.from([0x7b, 0x22, 0xc3, 0x28, 0x22, 0x7d]),
    reason: "utf8",
  },
  { damage: "a line of NULs", bytes: Buffer.alloc(100), reason: "nul" },
  { damage: "a 20 MB line", bytes: Buffer.from(bigLine), reason: "too_long" },
  { damage: "a line that is no JSON", bytes: Buffer.from("{oops"), reason: "json" },
  {
    damage: 'a {"__proto__":…} line',
    bytes: Buffer.from('{"__proto__":{"polluted":true}}'),
    reason: "schema",
  },
  {
    damage: "a line that is nested 300 deep",
    bytes: Buffer.from(`${"[".repeat(300)}${"]".repeat(300)}`),
    reason: "depth",
  },
];

describe.each(["events-1.jsonl", "events-20260101_000000_000-prod1.jsonl"])("in the file %s", (name) => {
  it.each(damages)(
    "$damage is counted and located, and nothing else is affected",
    async ({ bytes, reason }) => {
      const path = root.join(name);
      await writeFile(path, Buffer.concat([Buffer.from(good(0)), bytes, Buffer.from(`\n${good(1)}`)]));
      for (const question of [{}, { limit: 10 }, { limit: 1 }, { order: "oldest", limit: 5 }] as const) {
        const { ids, report } = await read([path], question);
        expect(ids).toEqual(question.limit === 1 ? ["good-1"] : ["good-0", "good-1"]);
        if (!report.complete) continue;
        expect(report).toMatchObject({
          linesRead: 3,
          records: 2,
          malformed: 1,
          torn: 0,
          pending: 0,
          problemFiles: 1,
        });
        expect(report.problems).toMatchObject([
          { path, offset: good(0).length, length: bytes.length, reason },
        ]);
        expect(report.problems[0]!.preview.length).toBeLessThanOrEqual(60);
      }
      expect(({} as Record<string, unknown>).polluted).toBeUndefined();
    },
  );
});

describe("a last line without a line feed", () => {
  let producer: TestProducer;
  beforeEach(async () => {
    producer = new TestProducer(root.join("events", "repo", "job-1"), "prod1");
    await producer.append([recordAt(start)]);
  });
  const open = () => openStore({ root: root.path, repo: "repo", local: false });
  const reportOf = async (question: QueryInput) => {
    const stream = (await open()).query(question);
    for await (const _ of stream) void _;
    return stream.report;
  };

  const tail = '{"id":"torn","time';
  const isPending = { pending: 1, pendingBytes: tail.length, torn: 0 };
  const isTorn = { pending: 0, pendingBytes: 0, torn: 1 };
  it.each([
    { who: "a live producer", register: () => producer.register(), expected: isPending },
    { who: "a dead producer", register: () => producer.registerDead(), expected: isTorn },
    { who: "nobody knows whom", register: async () => {}, expected: isPending },
  ])("of $who is counted as such", async ({ register, expected }) => {
    await register();
    await producer.appendRaw(tail);
    expect((await (await open()).stats()).report).toMatchObject({ linesRead: 2, records: 1, ...expected });
    expect(await reportOf({})).toMatchObject({ linesRead: 2, records: 1, malformed: 0, ...expected });
    expect(await reportOf({ limit: 9 })).toMatchObject({
      linesRead: 2,
      records: 1,
      malformed: 0,
      ...expected,
    });
  });

  it("of a producer that is declared dead is torn", async () => {
    await producer.register();
    await producer.appendRaw('{"id":"torn","time');
    const store = await openStore({ root: root.path, repo: "repo", local: false, assumeDead: ["prod1"] });
    const { report } = await store.stats();
    expect(report).toMatchObject({ torn: 1, pending: 0 });
    expect(report.problems).toMatchObject([{ path: producer.path, reason: "tail" }]);
  });

  it("of NULs, as a power failure leaves it, is torn", async () => {
    await producer.registerDead();
    await producer.appendRaw(Buffer.alloc(4_096));
    expect(await reportOf({})).toMatchObject({ linesRead: 2, records: 1, torn: 1, malformed: 0 });
  });

  it("of NULs is torn whoever wrote the file, and located", async () => {
    const path = root.join("events.jsonl");
    await writeFile(path, Buffer.concat([Buffer.from(good(0)), Buffer.alloc(4_096)]));
    const { report } = await read([path]);
    expect(report).toMatchObject({ linesRead: 2, records: 1, torn: 1, pending: 0 });
    expect(report.problems).toMatchObject([{ path, offset: Buffer.byteLength(good(0)), length: 4_096 }]);
  });
});

describe("what cannot be read", () => {
  it("is reported, and the other files are read all the same", async () => {
    const [sound, broken] = [root.join("a.jsonl"), root.join("b.jsonl")];
    await writeFile(sound, good(0));
    await writeFile(broken, good(1));
    const disk = faultyFileSystem(nodeFileSystem, [
      { operation: "read", path: broken, error: "EIO", times: "from then on" },
    ]);
    for (const question of [{}, { limit: 5 }]) {
      const { ids, report } = await read([sound, broken], question, { fs: disk.fs });
      expect(ids).toEqual(["good-0"]);
      expect(report).toMatchObject({ unreadable: 1, problemFiles: 1 });
      expect(report.problems).toMatchObject([{ path: broken, reason: "unreadable" }]);
    }
  });

  it("costs only its own part when a compressed segment is damaged in the middle", async () => {
    const producer = new TestProducer(root.join("job"), "prod1");
    await producer.append(Array.from({ length: 40 }, (_, at) => recordAt(start + at)));
    const path = await compress(await producer.rotate(), 1_000);
    const content = await readFile(path);
    const middle = Math.floor(content.length / 2);
    content.fill(0x55, middle, middle + 60);
    await writeFile(path, content);
    const stream = (await openStore({ files: [path] })).query();
    let count = 0;
    for await (const batch of stream.batches()) count += batch.length;
    expect(count).toBeGreaterThan(25);
    expect(count).toBeLessThan(40);
    const { report } = stream;
    expect(report.malformed + report.torn).toBeGreaterThan(0);
    expect(report.problems.map(({ reason }) => reason)).toContain("compression");
    expect(report.linesRead).toBe(report.records + report.malformed + report.torn + report.pending);
  });

  it("ends the answer when the question is strict and a line is malformed", async () => {
    const path = root.join("a.jsonl");
    await writeFile(path, `${good(0)}oops\n`);
    await expect(read([path], { strict: true })).rejects.toMatchObject({ code: "MALFORMED", path });
    await expect(read([path], { strict: true, limit: 3 })).rejects.toThrow(`${path}:${good(0).length}`);
  });
});

describe("bad lines in segments that are read piece by piece", () => {
  it("are counted once, however often their place is read", async () => {
    const directory = root.join("events", "repo", "job-1");
    const producers = [0, 1, 2].map((at) => new TestProducer(directory, `prod${at}`));
    const bad = Buffer.from([0x7b, 0xff, 0x0a]);
    for (const [at, producer] of producers.entries()) {
      for (let step = 0; step < 40; step++) {
        await producer.append([recordAt(start + 3 * step + at)]);
        if (step % 4 === 0) await producer.appendRaw(bad);
      }
      await compress(await producer.rotate());
    }
    const bounds = {
      maxOpenReaders: 1,
      maxSurplusBytes: 0,
      maxHeldBytes: 100,
      minChunkBytes: 300,
      maxChunkBytes: 300,
    };
    const expected = { linesRead: 150, records: 120, malformed: 30, duplicates: 0, unreadable: 0 };
    for (const question of [{}, { limit: 1_000 }]) {
      const stream = (await openStore({ root: root.path, repo: "repo", local: false, bounds })).query(
        question,
      );
      let count = 0;
      for await (const batch of stream.batches()) count += batch.length;
      expect(count).toBe(120);
      expect(stream.report).toMatchObject(expected);
      const places = stream.report.problems.map(({ path, offset }) => `${path}:${offset}`);
      expect(new Set(places).size).toBe(30);
    }
  });
});

describe("a hundred problems and more", () => {
  it("are all counted, and the first hundred located", async () => {
    const path = root.join("a.jsonl");
    await mkdir(root.path, { recursive: true });
    await writeFile(path, "oops\n".repeat(250));
    await appendFile(path, good(0));
    await chmod(path, 0o600);
    const { ids, report } = await read([path]);
    expect(ids).toEqual(["good-0"]);
    expect(report.malformed).toBe(250);
    expect(report.problems).toHaveLength(100);
    expect(report.problems[99]!.offset).toBe(99 * 5);
  });
});
