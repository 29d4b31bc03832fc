import { appendFile, mkdir, readdir, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { listSegments, nodeFileSystem, readManifest } from "@prodigy-events/storage";
import { faultyFileSystem, type TemporaryDirectory, temporaryDirectory } from "@prodigy-events/test-kit";
import fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import { openStore, type StoreOptions } from "../src/index.js";
import { readEverything } from "./oracle.js";
import { randomStore, writeStore } from "./random-store.js";
import { compress, recordAt, TestProducer } from "./test-producer.js";

const start = Date.UTC(2026, 0, 1);
let root: TemporaryDirectory;
let directory: string;
let producer: TestProducer;
beforeEach(async () => {
  root = await temporaryDirectory();
  directory = root.join("store", "events", "repo", "job-1");
  producer = new TestProducer(directory, "prod1");
});

const records = (count: number) => Array.from({ length: count }, (_, at) => recordAt(start + at));
const open = (options: StoreOptions = {}) =>
  openStore({ root: root.join("store"), repo: "repo", local: false, now: () => start, ...options });
const to = () => root.join("repaired");

async function repair(options: StoreOptions = {}) {
  const report = await (await open(options)).repair({ to: to() });
  const { read, copied, leftOut } = report.totals;
  const left = [...leftOut.values()];
  expect(read).toEqual({
    lines: left.reduce((sum, { lines }) => sum + lines, copied.lines),
    bytes: left.reduce((sum, { bytes }) => sum + bytes, copied.bytes),
  });
  return report;
}

const verifyCopy = async () =>
  (await openStore({ root: to(), allRepos: true, local: false })).verify({ deep: true });

async function sealedSegment(count: number): Promise<string> {
  const first = producer.nextSequence;
  await producer.append(records(count));
  await producer.seal(await readFile(producer.path), producer.nextSequence - 1, first);
  return producer.rotate();
}

const linesOf = async (path: string) => (await readFile(path, "utf8")).split("\n").slice(0, -1);

describe("a sound store", () => {
  it("is copied byte for byte, under the same names, with its manifests", async () => {
    const plain = await sealedSegment(3);
    const content = await readFile(plain);
    const text = producer.encode(records(4));
    await producer.appendRaw(text);
    await producer.seal(Buffer.from(text), 6, 3);
    await compress(await producer.rotate());
    const { isComplete, totals, segments } = await repair();
    expect(isComplete).toBe(true);
    expect(totals).toMatchObject({
      segments: 3,
      whole: 2,
      copied: { lines: 7 },
      unreadable: 0,
      suspectLines: 0,
    });
    const [first, second] = producer.segments as [string, string];
    const target = join(to(), "events", "repo", "job-1");
    expect(segments.map(({ targetPath }) => targetPath)).toEqual([
      join(target, first),
      join(target, second),
      undefined,
    ]);
    expect((await readFile(join(target, first))).equals(content)).toBe(true);
    expect(await readFile(join(target, second), "utf8")).toBe(text);
    expect(await readManifest(target, second)).toEqual(await readManifest(directory, second));
    expect(await verifyCopy()).toMatchObject({ sound: true, findings: [], totals: { sealed: 2 } });
  });

  it("is copied for its owner's eyes only, and is left as it was", async () => {
    await sealedSegment(1);
    const before = (await readdir(root.join("store"), { recursive: true })).sort();
    await repair();
    expect((await readdir(root.join("store"), { recursive: true })).sort()).toEqual(before);
    expect((await stat(to())).mode & 0o777).toBe(0o700);
    expect((await stat(join(to(), "events", "repo", "job-1", producer.segments[0]!))).mode & 0o777).toBe(
      0o600,
    );
  });
});

describe("of a damaged store", () => {
  it("every record is copied, and the rest is told by reason, in lines and bytes", async () => {
    await producer.registerDead();
    const text = producer.encode(records(4));
    const [a, b, c, d] = text.match(/.*\n/g) as [string, string, string, string];
    const nul = Buffer.alloc(5);
    await producer.appendRaw(
      Buffer.concat([Buffer.from(`${a}{oops\n \n${b}`), nul, Buffer.from(`\n${b}${c}[]\n${d}{"id":"torn`)]),
    );
    const { isComplete, totals, segments } = await repair();
    expect(isComplete).toBe(false);
    expect(Object.fromEntries(totals.leftOut)).toEqual({
      json: { lines: 1, bytes: 6 },
      blank: { lines: 1, bytes: 2 },
      nul: { lines: 1, bytes: 6 },
      schema: { lines: 1, bytes: 3 },
      duplicate: { lines: 1, bytes: b.length },
      torn: { lines: 1, bytes: 11 },
    });
    const copy = segments[0]!.targetPath!;
    expect(copy).toBe(join(to(), "events", "repo", "job-1", `${producer.segments[0]}.rotated`));
    expect(await readFile(copy, "utf8")).toBe(text);
    expect(await verifyCopy()).toMatchObject({ sound: true, totals: { records: 4, malformed: 0, torn: 0 } });
  });

  it("the records that are missing are no gaps in the copy", async () => {
    const first = await sealedSegment(3);
    await rm(await sealedSegment(3));
    await sealedSegment(2);
    await writeFile(first, (await readFile(first, "utf8")).replace('"id"', '"iq"'));
    expect((await (await open()).verify()).findings.map(({ kind }) => kind)).toEqual([
      ...["malformed_line", "damaged_block", "missing_segment", "sequence_gap"],
    ]);
    await repair();
    expect(await verifyCopy()).toMatchObject({ sound: true, totals: { records: 4, sealed: 1 } });
    const log = await linesOf(join(to(), "events", "repo", "job-1", ".clean", "log"));
    expect(log.map((line) => JSON.parse(line))).toMatchObject([
      {
        ...{ action: "repair", at: new Date(start).toISOString() },
        ranges: [
          { producerId: "prod1", first: 0, last: 0 },
          { producerId: "prod1", first: 3, last: 5 },
        ],
      },
    ]);
  });

  it("what clean had removed is still known in the copy", async () => {
    await rm(await sealedSegment(3));
    await sealedSegment(1);
    const entry = {
      ...{
        action: "remove",
        at: new Date(start).toISOString(),
        segment: producer.segments[0],
        lines: 3,
        bytes: 9,
      },
      ranges: [{ producerId: "prod1", first: 0, last: 2 }],
    };
    await mkdir(join(directory, ".clean"));
    await writeFile(join(directory, ".clean", "log"), `${JSON.stringify(entry)}\n`);
    await repair();
    const log = await linesOf(join(to(), "events", "repo", "job-1", ".clean", "log"));
    expect(log.map((line) => JSON.parse(line))).toEqual([entry]);
    expect((await verifyCopy()).sound).toBe(true);
  });

  it("a bad member of a gzip file costs lines of that member only", async () => {
    const text = producer.encode(records(60));
    await producer.appendRaw(text);
    const path = await compress(await producer.rotate(), 3_000);
    const bytes = await readFile(path);
    const at = bytes.length >> 1;
    bytes.fill(0x55, at, at + 20);
    await writeFile(path, bytes);
    const { segments, totals } = await repair();
    const lines = await linesOf(segments[0]!.targetPath!);
    const written = text.split("\n").slice(0, -1);
    expect(lines.length).toBeGreaterThan(45);
    expect(lines[0]).toBe(written[0]);
    expect(lines.at(-1)).toBe(written.at(-1));
    expect(lines.filter((line) => !written.includes(line)).length).toBeLessThan(10);
    expect(totals.suspectLines).toBeGreaterThan(0);
    expect((await verifyCopy()).sound).toBe(true);
  });

  it("lines in a block that does not match its checksum are copied and said to be suspect", async () => {
    const path = await sealedSegment(3);
    await writeFile(path, (await readFile(path, "utf8")).replace("working", "worming"));
    const { totals, isComplete, segments } = await repair();
    expect(totals).toMatchObject({ copied: { lines: 3 }, suspectLines: 3, whole: 0 });
    expect([isComplete, segments[0]!.isWhole]).toEqual([true, false]);
  });

  it("records of other producers go to a file of their own", async () => {
    await producer.append(records(1));
    const stray = new TestProducer(directory, "prod2").encode(records(1));
    await producer.appendRaw(stray);
    const { segments } = await repair();
    expect(await readFile(segments[0]!.strayPath!, "utf8")).toBe(stray);
    expect(await linesOf(segments[0]!.targetPath!)).toHaveLength(1);
    expect((await verifyCopy()).sound).toBe(true);
  });

  it("a file that cannot be read to its end is copied as far as that goes", async () => {
    await producer.append(records(2_000));
    const path = producer.path;
    const { fs } = faultyFileSystem(nodeFileSystem, [{ operation: "read", path, nth: 4, error: "EIO" }]);
    const { isComplete, totals, segments } = await repair({ fs });
    expect([isComplete, totals.unreadable]).toEqual([false, 1]);
    expect(segments[0]).toMatchObject({ path, error: expect.stringContaining("EIO"), isWhole: false });
    expect((await linesOf(segments[0]!.targetPath!)).length).toBeGreaterThan(500);
  });
});

describe("files of others", () => {
  it("keep their names, without what says that they are compressed", async () => {
    await mkdir(directory, { recursive: true });
    const line = producer.encode(records(1));
    await writeFile(join(directory, "a.jsonl"), line);
    await writeFile(join(directory, "a.jsonl.gz"), line);
    await writeFile(join(directory, "b.jsonl.gz"), line);
    await writeFile(join(directory, "events-shared.jsonl"), line);
    await repair();
    const names = await readdir(join(to(), "events", "repo", "job-1"));
    expect(names.sort()).toEqual(["a.jsonl", "a.jsonl.gz", "b.jsonl", "events-shared.jsonl"]);
  });

  it("that are in no store go below files", async () => {
    for (const parent of ["x", "y"]) {
      await mkdir(root.join(parent, "logs"), { recursive: true });
      await writeFile(root.join(parent, "logs", "a.jsonl"), producer.encode(records(1)));
    }
    await repair({ files: [root.join("x"), root.join("y")] });
    expect(await readdir(join(to(), "files"))).toEqual(["logs", "logs-2"]);
  });
});

describe("refuses to repair", () => {
  beforeEach(async () => {
    await producer.append(records(1));
  });

  it.each([
    ["a directory that is not empty", () => root.path, "it is not empty"],
    ["a place in the store", () => root.join("store", "events", "new"), "it is in the store"],
    ["the store itself", () => root.join("store"), "it is in the store"],
    ["a place in the store behind a link", () => root.join("link", "new"), "it is in the store"],
    ["a file", () => root.join("file"), "it is no directory"],
  ])("into %s", async (_what, target, why) => {
    await symlink(root.join("store"), root.join("link"));
    await appendFile(root.join("file"), "");
    const before = (await readdir(root.path, { recursive: true })).sort();
    await expect((await open()).repair({ to: target() })).rejects.toMatchObject({
      ...{ code: "BAD_TARGET", message: expect.stringContaining(why) },
    });
    expect((await readdir(root.path, { recursive: true })).sort()).toEqual(before);
  });

  it("into the store that named files belong to", async () => {
    const target = root.join("store", "copy");
    const store = await open({ root: root.join("elsewhere"), files: [producer.path] });
    await expect(store.repair({ to: target })).rejects.toMatchObject({ code: "BAD_TARGET" });
  });

  it("standard input", async () => {
    const store = await open({ files: ["-"] });
    await expect(store.repair({ to: to() })).rejects.toMatchObject({ code: "BAD_TARGET" });
  });

  it("when the target cannot be written, and says that it is incomplete", async () => {
    const { fs } = faultyFileSystem(nodeFileSystem, [{ operation: "write", error: "ENOSPC" }]);
    await expect((await open({ fs })).repair({ to: to() })).rejects.toMatchObject({
      ...{ code: "TARGET_FAILED", message: expect.stringContaining("incomplete") },
    });
  });

  it("when the disk of the target stores something else", async () => {
    const fs = {
      ...nodeFileSystem,
      write: (fd: number, bytes: Uint8Array, offset: number, length: number) =>
        nodeFileSystem.write(
          fd,
          Uint8Array.from(bytes, (byte) => (byte === 0x7b ? 0x5b : byte)),
          offset,
          length,
        ),
    };
    await expect((await open({ fs })).repair({ to: to() })).rejects.toMatchObject({ code: "TARGET_FAILED" });
  });

  it("any further when the signal says so", async () => {
    const signal = AbortSignal.abort(new Error("enough"));
    await expect((await open()).repair({ to: to(), signal })).rejects.toThrow("enough");
  });
});

it("copies exactly the records that a plain reader finds, whatever the store, and the copy is sound", async () => {
  await fc.assert(
    fc.asyncProperty(randomStore, async (random) => {
      const scene = await temporaryDirectory();
      const source = scene.join("store", "events", "repo", "job-1");
      await writeStore(random, source);
      const fs = { ...nodeFileSystem, fsync: async () => {} }; // what is asked here does not depend on it
      const store = await openStore({ root: scene.join("store"), repo: "repo", local: false, fs });
      const { totals } = await store.repair({ to: scene.join("copy") });
      const expected = readEverything(await listSegments(source));
      const copied = readEverything(await listSegments(scene.join("copy", "events", "repo", "job-1")));
      const linesIn = ({ records: found }: typeof expected) => found.map(({ line }) => line).sort();
      expect(linesIn(copied)).toEqual(linesIn(expected));
      expect(copied).toMatchObject({ malformed: 0, tails: 0, duplicates: 0 });
      expect(totals.copied.lines).toBe(expected.records.length);
      const copy = await openStore({ root: scene.join("copy"), repo: "repo", local: false });
      expect(await copy.verify()).toMatchObject({
        sound: true,
        totals: { records: expected.records.length },
      });
      await scene.cleanup();
    }),
    { numRuns: 60 },
  );
});
