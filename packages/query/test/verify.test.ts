import { appendFile, mkdir, readFile, rename, rm, truncate, utimes, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import {
  type CleanLogEntry,
  cleanLogPath,
  indexPath,
  manifestPath,
  nodeFileSystem,
  producerPath,
} from "@prodigy-events/storage";
import { faultyFileSystem, type TemporaryDirectory, temporaryDirectory } from "@prodigy-events/test-kit";
import { beforeEach, describe, expect, it } from "vitest";
import { type Finding, openStore, type StoreOptions, type VerifyInput } from "../src/index.js";
import { compress, gzipWhole, recordAt, TestProducer } from "./test-producer.js";

const start = Date.UTC(2026, 0, 1);
let root: TemporaryDirectory;
let directory: string;
let producer: TestProducer;
beforeEach(async () => {
  root = await temporaryDirectory();
  directory = root.join("events", "repo", "job-1");
  producer = new TestProducer(directory, "prod1");
});

const records = (count: number) => Array.from({ length: count }, (_, at) => recordAt(start + at));

/** A closed segment with its manifest, in its next records. */
async function sealedSegment(count: number): Promise<string> {
  const first = producer.nextSequence;
  await producer.append(records(count));
  const content = await readFile(producer.path);
  await producer.seal(content, producer.nextSequence - 1, first);
  const rotated = await producer.rotate();
  return rotated;
}

async function verify(input: VerifyInput = {}, options: StoreOptions = {}) {
  const store = await openStore({ root: root.path, repo: "repo", local: false, ...options });
  const told: Finding[] = [];
  const report = await store.verify({ onFinding: (finding) => told.push(finding), ...input });
  expect(report.findings).toEqual(told);
  const { lines, records: good, malformed, torn, pending } = report.totals;
  expect(lines).toBe(good + malformed + torn + pending);
  return report;
}

const kinds = (findings: readonly Finding[]) => findings.map(({ kind }) => kind);

describe("a sound store", () => {
  it("has nothing to tell, and its totals", async () => {
    await producer.register();
    await sealedSegment(3);
    await compress(await sealedSegment(4));
    await producer.append(records(2));
    const report = await verify({ deep: true });
    expect(report).toMatchObject({ sound: true, deep: true, findings: [] });
    expect(report.totals).toMatchObject({ segments: 3, sealed: 2, lines: 9, records: 9, blank: 0 });
  });

  it("is one that does not exist, too", async () => {
    const { sound, totals, sources } = await verify();
    expect({ sound, segments: totals.segments }).toEqual({ sound: true, segments: 0 });
    expect(sources).toEqual([root.join("events", "repo")]);
  });

  it("may have a last line that is being written, copies, dropped records, unsealed segments", async () => {
    await producer.registerDead();
    await producer.append(records(3));
    producer.leave();
    producer.skip(-1);
    const copied = (await readFile(join(directory, producer.segments[0]!), "utf8")).split("\n").at(-2);
    await producer.appendRaw(`${copied}\n`);
    producer.skip(11);
    const dropped = {
      event_type: "events_dropped",
      count: 11,
      from_sequence: 3,
      to_sequence: 13,
      reason: "queue_full",
    };
    await producer.append([recordAt(start, { event: dropped })]);
    const live = new TestProducer(directory, "prod2", start + 5);
    await live.register();
    await live.append(records(1));
    await live.appendRaw('{"id":"half');
    const { sound, findings, totals } = await verify();
    expect(sound).toBe(true);
    expect(kinds(findings).sort()).toEqual([
      "duplicates",
      "pending_tail",
      "unsealed_segment",
      "unsealed_segment",
    ]);
    expect(findings).toContainEqual(
      expect.objectContaining({ kind: "duplicates", producerId: "prod1", count: 1 }),
    );
    expect(totals).toMatchObject({ pending: 1, duplicates: 1, torn: 0, malformed: 0 });
  });
});

describe("lines", () => {
  it.each([
    ["json", Buffer.from("{oops")],
    ["schema", Buffer.from('{"id":"x"}')],
    ["depth", Buffer.from(`${"[".repeat(300)}${"]".repeat(300)}`)],
    ["utf8", Buffer.from([0x7b, 0xff, 0x7d])],
    ["nul", Buffer.alloc(9)],
  ])("that are malformed (%s) are told with path, line, offset and length", async (reason, bytes) => {
    await producer.register();
    await producer.append(records(2));
    const before = (await readFile(producer.path)).length;
    await producer.appendRaw(Buffer.concat([Buffer.from("\n"), bytes, Buffer.from("\n")]));
    await producer.append(records(1));
    const { sound, findings, totals } = await verify();
    expect(sound).toBe(false);
    expect(findings).toMatchObject([
      {
        ...{ kind: "malformed_line", severity: "damage", path: producer.path, reason },
        ...{ line: 4, offset: before + 1, length: bytes.length },
      },
    ]);
    expect(totals).toMatchObject({ lines: 4, records: 3, malformed: 1, blank: 1 });
  });

  it("without an end, of a dead producer, are torn", async () => {
    await producer.registerDead();
    await producer.append(records(1));
    await producer.appendRaw('{"id":"half');
    const { sound, findings, totals } = await verify();
    expect(sound).toBe(false);
    expect(findings).toContainEqual(expect.objectContaining({ kind: "torn_tail", line: 2, length: 11 }));
    expect(totals).toMatchObject({ torn: 1, pending: 0 });
  });

  it("that end in NULs are torn whoever writes them, however long they are", async () => {
    await producer.register();
    await producer.append(records(1));
    await producer.appendRaw(`${"x".repeat(500)}${"\0".repeat(100)}`);
    const { findings } = await verify();
    expect(findings).toMatchObject([{ kind: "nul_tail", length: 600, line: 2 }]);
  });

  it("have their numbers also behind many chunks, and in gzip", async () => {
    const many = records(5_000);
    await producer.append(many.slice(0, 4_000));
    await producer.appendRaw("bad\n");
    await producer.append(many.slice(4_000));
    await producer.appendRaw("worse\n");
    await compress(await producer.rotate(), 50_000);
    const { findings } = await verify();
    expect(findings.map(({ kind, line }) => [kind, line])).toEqual([
      ["malformed_line", 4_001],
      ["malformed_line", 5_002],
      ["unsealed_segment", undefined],
    ]);
  });
});

describe("numbers", () => {
  it("that no record has are a gap", async () => {
    await producer.register();
    await producer.append(records(2));
    producer.skip(3);
    await producer.append(records(2));
    const { sound, findings } = await verify();
    expect(sound).toBe(false);
    expect(findings).toEqual([
      {
        ...{ kind: "sequence_gap", severity: "damage", path: directory, producerId: "prod1" },
        ...{
          fromSequence: 2,
          toSequence: 4,
          count: 3,
          message: "producer prod1 sequence 2..4 (3 records) missing",
        },
      },
    ]);
  });

  it("are missing at the beginning when the first segment is gone", async () => {
    const first = await producer.append(records(3)).then(() => producer.rotate());
    await producer.append(records(1));
    await rm(first);
    expect((await verify()).findings).toMatchObject([
      { kind: "sequence_gap", fromSequence: 0, toSequence: 2 },
    ]);
  });

  it("that clean removed are no gap, unless it brought them back", async () => {
    const first = await producer.append(records(3)).then(() => producer.rotate());
    await producer.append(records(1));
    await rm(first);
    const entry: CleanLogEntry = {
      ...{
        action: "remove",
        at: new Date(start).toISOString(),
        segment: producer.segments[0]!,
        lines: 3,
        bytes: 900,
      },
      ranges: [{ producerId: "prod1", first: 0, last: 2 }],
    };
    const log = cleanLogPath(directory);
    await mkdir(dirname(log));
    await writeFile(log, `${JSON.stringify(entry)}\n`);
    expect((await verify()).findings).toEqual([]);
    await appendFile(log, `{"action":"resto\n${JSON.stringify({ ...entry, action: "restore" })}\n`);
    expect(kinds((await verify()).findings)).toEqual(["sequence_gap", "unreadable_log_lines"]);
    await appendFile(log, `${JSON.stringify({ ...entry, action: "failed", error: "EIO" })}\n`);
    expect(kinds((await verify()).findings)).toEqual(["unreadable_log_lines"]);
  });

  it("of one file by itself are judged by what it holds", async () => {
    await producer.append(records(3));
    await producer.rotate();
    await producer.append(records(1));
    producer.skip(2);
    await producer.append(records(1));
    const { findings } = await verify({}, { files: [producer.path] });
    expect(findings).toMatchObject([
      { kind: "sequence_gap", path: producer.path, fromSequence: 4, toSequence: 5 },
    ]);
  });

  it("in an archive are judged file by file", async () => {
    const archived = new TestProducer(root.join("archive", "repo", "job-1"), "prod1");
    archived.skip(7);
    await archived.append(records(3));
    await archived.rotate();
    const { findings } = await verify({}, { files: [root.join("archive")] });
    expect(kinds(findings)).toEqual(["unsealed_segment"]);
  });

  it("of producers that share a file are each looked at", async () => {
    const [one, two] = [new TestProducer(directory, "aaaa"), new TestProducer(directory, "bbbb")];
    two.skip(1);
    await mkdir(directory, { recursive: true });
    await writeFile(join(directory, "events-shared.jsonl"), one.encode(records(2)) + two.encode(records(1)));
    expect((await verify()).findings).toMatchObject([
      { kind: "sequence_gap", producerId: "bbbb", toSequence: 0 },
    ]);
  });

  it("of another producer in a producer's own segment are told, and not mixed up with its own", async () => {
    await producer.register();
    await producer.append(records(1));
    await producer.appendRaw(new TestProducer(directory, "prod2").encode(records(2)));
    await producer.append(records(1));
    expect((await verify()).findings).toMatchObject([
      { kind: "foreign_record", count: 2, line: 2, producerId: "prod2", path: producer.path },
    ]);
  });
});

describe("a segment that is not what its manifest says", () => {
  it.each([false, true])("because a byte was changed, is told with the block (deep: %s)", async (deep) => {
    const path = await sealedSegment(3);
    const bytes = await readFile(path);
    bytes[bytes.indexOf("working")] = 0x57;
    await writeFile(path, bytes);
    expect((await verify({ deep })).findings).toMatchObject([
      { kind: "damaged_block", path, offset: 0, length: bytes.length },
    ]);
  });

  it("because it was cut off at a line, is told with what is missing", async () => {
    const path = await sealedSegment(3);
    const text = await readFile(path, "utf8");
    await truncate(path, text.lastIndexOf('{"id"'));
    const { findings } = await verify();
    expect(kinds(findings)).toEqual(["damaged_block", "manifest_mismatch"]);
    expect(findings[1]?.differences).toEqual([
      { what: "bytes", stated: text.length, found: text.lastIndexOf('{"id"') },
      { what: "lines", stated: 3, found: 2 },
      { what: "lastSequence", stated: 2, found: 1 },
    ]);
  });

  it("because it is gone, is told as one finding, not as a gap as well", async () => {
    await sealedSegment(3);
    await rm(await sealedSegment(3));
    await producer.append(records(1));
    const { findings } = await verify();
    expect(findings).toMatchObject([
      {
        kind: "missing_segment",
        path: join(directory, producer.segments[1]!),
        fromSequence: 3,
        toSequence: 5,
        count: 3,
      },
    ]);
  });

  it("is found missing in a directory where nothing else is left", async () => {
    await rm(await sealedSegment(3));
    await rm(producer.path);
    expect(kinds((await verify()).findings)).toEqual(["missing_segment"]);
  });

  it("because another took its place, is told as such", async () => {
    const first = await sealedSegment(3);
    const second = await sealedSegment(3);
    await rm(first);
    await rename(second, first);
    const { findings } = await verify();
    expect(kinds(findings)).toEqual(["replaced_segment", "missing_segment", "sequence_gap"]);
    expect(findings[0]?.message).toContain("first sequence number 3 instead of 0");
  });

  it("because clean was interrupted between the new manifest and the new content, is no damage", async () => {
    const path = await sealedSegment(3);
    const content = await readFile(path);
    await producer.seal(content.subarray(content.indexOf("\n") + 1), 2, 1, {
      segment: producer.segments[0]!,
      former: content,
    });
    const { sound, findings } = await verify();
    expect([sound, kinds(findings)]).toEqual([true, ["superseded_content"]]);
  });
});

describe("what stands beside the segments", () => {
  it("is a damaged manifest", async () => {
    await sealedSegment(2);
    const path = manifestPath(directory, producer.segments[0]!);
    await writeFile(path, (await readFile(path, "utf8")).replace('"lines":2', '"lines":3'));
    const { sound, findings } = await verify();
    expect(sound).toBe(false);
    expect(findings).toMatchObject([{ kind: "damaged_manifest", path }]);
  });

  it("is an index that is damaged, or of other content, which is no damage of the store", async () => {
    const path = await sealedSegment(2);
    const bounds = { minIndexedBytes: 0 };
    await (await openStore({ root: root.path, repo: "repo", local: false, bounds })).index();
    expect((await verify()).findings).toEqual([]);
    const ofIndex = indexPath(directory, producer.segments[0]!);
    const index = await readFile(ofIndex);
    index[index.length - 1]! ^= 1;
    await writeFile(ofIndex, index);
    const { sound, findings } = await verify();
    expect(sound).toBe(true);
    expect(findings).toMatchObject([{ kind: "unusable_index", path: ofIndex }]);
    await writeFile(path, await readFile(path));
    await utimes(path, 1, 1);
    expect((await verify()).findings[0]?.message).toContain("of content that the segment has no more");
  });

  it("is the manifest of a segment that clean has removed", async () => {
    await rm(await sealedSegment(1));
    const entry = {
      action: "remove",
      segment: producer.segments[0]!,
      ranges: [{ producerId: "prod1", first: 0, last: 0 }],
    };
    await mkdir(join(directory, ".clean"));
    await writeFile(cleanLogPath(directory), `${JSON.stringify(entry)}\n`);
    const { sound, findings } = await verify();
    expect([sound, kinds(findings)]).toEqual([true, ["leftover_manifest"]]);
  });

  it("is what clean removes while the store is verified, which is no damage", async () => {
    await sealedSegment(2);
    const second = await sealedSegment(2);
    const ranges = [{ producerId: "prod1", first: 2, last: 3 }];
    const entry = { action: "remove", segment: producer.segments[1]!, ranges };
    await producer.append(records(1));
    await mkdir(join(directory, ".clean"));
    const clean = async () => {
      await writeFile(cleanLogPath(directory), `${JSON.stringify(entry)}\n`);
      await rm(second);
    };
    const { fs } = faultyFileSystem(nodeFileSystem, [{ operation: "open", path: second, run: clean }]);
    const { sound, findings } = await verify({}, { fs });
    expect(sound).toBe(true);
    expect(kinds(findings)).toEqual(["vanished_segment", "leftover_manifest"]);
  });

  it.each(["compressed", "removed by clean"])("is no segment that is %s after it was read", async (what) => {
    const path = await sealedSegment(3);
    await producer.append(records(1));
    const run = async () => {
      if (what === "compressed") return void (await compress(path));
      const ranges = [{ producerId: "prod1", first: 0, last: 2 }];
      const entry = { action: "remove", segment: producer.segments[0]!, ranges };
      await mkdir(join(directory, ".clean"));
      await writeFile(cleanLogPath(directory), `${JSON.stringify(entry)}\n`);
      await rm(path);
    };
    const { fs } = faultyFileSystem(nodeFileSystem, [{ operation: "open", path, nth: 2, run }]);
    const { sound, findings, totals } = await verify({}, { fs });
    expect([sound, totals.records]).toEqual([true, 4]);
    expect(kinds(findings)).not.toContain("vanished_segment");
  });

  it("is a header that was changed, also in a segment that is renamed while it is verified", async () => {
    const path = await sealedSegment(3);
    const { fs } = faultyFileSystem(nodeFileSystem, [
      {
        ...{ operation: "open", path, nth: 2 },
        run: async () => {
          const compressed = await compress(path);
          const bytes = await readFile(compressed);
          bytes[4] = 1; // a time where none was written
          await writeFile(compressed, bytes);
        },
      },
    ]);
    expect(kinds((await verify({}, { fs })).findings)).toContain("damaged_compression");
  });

  it("is a damaged producer's file", async () => {
    await producer.register();
    await producer.append(records(1));
    const path = producerPath(directory, "prod1");
    await writeFile(path, (await readFile(path, "utf8")).replace('"format":1', '"format":2'));
    expect((await verify()).findings).toMatchObject([
      { kind: "damaged_producer_file", path, producerId: "prod1" },
    ]);
  });

  it.each([
    ["the same content", "", "spare_copy", "spare_copy"],
    ["other content", "{}\n", "spare_copy", "states_differ"],
  ])("is a second state of a segment, with %s", async (_title, added, quick, deep) => {
    const rotated = await sealedSegment(2);
    const content = await readFile(rotated);
    await compress(rotated);
    await writeFile(rotated, content);
    if (added !== "") await gzipWhole(`${rotated}`, Buffer.concat([content, Buffer.from(added)]));
    await writeFile(rotated, content);
    expect((await verify()).findings).toMatchObject([
      { kind: quick, path: rotated, otherPath: `${rotated}.gz` },
    ]);
    expect(kinds((await verify({ deep: true })).findings)).toEqual([deep]);
  });

  it("is a .bak that stands alone, and is then read", async () => {
    await mkdir(directory, { recursive: true });
    await writeFile(join(directory, "events-20240101_120000.jsonl.bak"), "bad\n");
    expect((await verify()).findings).toMatchObject([{ kind: "malformed_line", line: 1 }]);
  });
});

describe("compressed segments", () => {
  it("with a damaged member tell of that member's lines only", async () => {
    const path = await compress(await sealedSegment(40), 2_000);
    const bytes = await readFile(path);
    bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] as number) ^ 0x10;
    await writeFile(path, bytes);
    const { findings, totals } = await verify();
    expect(kinds(findings)).toContain("damaged_compression");
    expect(kinds(findings)).toContain("damaged_block");
    expect(totals.records).toBeGreaterThan(25);
  });

  it("that are cut off tell of it", async () => {
    const path = await compress(await sealedSegment(40), 2_000);
    await truncate(path, 900);
    expect(kinds((await verify()).findings)).toContain("damaged_compression");
  });

  it("of somebody else are read, and cut-off ones told", async () => {
    await mkdir(directory, { recursive: true });
    const text = producer.encode(records(50));
    const path = await gzipWhole(join(directory, "events-20240101_120000.jsonl"), Buffer.from(text));
    expect(await verify()).toMatchObject({ sound: true, totals: { records: 50 } });
    await truncate(path, 400);
    expect(kinds((await verify()).findings)).toContain("damaged_compression");
  });
});

describe("what cannot be read", () => {
  it("is told, and makes nothing sound", async () => {
    await producer.register();
    await producer.append(records(1));
    const { fs } = faultyFileSystem(nodeFileSystem, [
      { operation: "read", path: producer.path, error: "EIO" },
    ]);
    const { sound, findings } = await verify({}, { fs });
    expect(sound).toBe(false);
    expect(findings).toMatchObject([{ kind: "unreadable", severity: "unchecked", path: producer.path }]);
  });

  it("ends with the reason of the signal", async () => {
    await producer.append(records(1));
    const signal = AbortSignal.abort(new Error("enough"));
    await expect(verify({ signal })).rejects.toThrow("enough");
  });

  it("is a file that is not there", async () => {
    await expect(verify({}, { files: [root.join("nothing.jsonl")] })).rejects.toMatchObject({
      code: "NOT_FOUND",
    });
  });
});

it("reads standard input", async () => {
  const stdin = (async function* () {
    yield Buffer.from(`${producer.encode(records(2))}bad\n`);
  })();
  const { findings, totals } = await verify({}, { files: ["-"], stdin });
  expect(findings).toMatchObject([{ kind: "malformed_line", path: "-", line: 3 }]);
  expect(totals).toMatchObject({ records: 2, malformed: 1 });
});

it("verifies one job only, if asked", async () => {
  await producer.append(records(1));
  const other = new TestProducer(root.join("events", "repo", "job-2"), "prod2");
  await other.appendRaw("bad\n");
  expect((await verify({ jobId: "job-1" })).findings).toEqual([]);
  expect(kinds((await verify({ jobId: "job-2" })).findings)).toEqual(["malformed_line"]);
});
