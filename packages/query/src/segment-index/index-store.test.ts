import { execFileSync } from "node:child_process";
import { chmod, mkdir, readdir, readFile, rename, stat, symlink, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import {
  compressSegment,
  nodeFileSystem as fs,
  indexPath,
  listMembers,
  listSegments,
  type Segment,
} from "@prodigy-events/storage";
import { faultyFileSystem, temporaryDirectory } from "@prodigy-events/test-kit";
import { describe, expect, it } from "vitest";
import { recordAt, TestProducer } from "../../test/test-producer.js";
import type { Bounds } from "../bounds.js";
import { openStore } from "../open-store.js";
import type { IndexInput } from "./index-report.js";
import { openSegmentIndex } from "./open-segment-index.js";

const start = Date.UTC(2026, 0, 1);
const records = (count: number) => Array.from({ length: count }, (_, at) => recordAt(start + at));

/** A directory with a closed segment of one producer. */
async function withSegment(use: (store: IndexedDirectory) => Promise<void>) {
  await using root = await temporaryDirectory();
  const directory = join(root.path, "events", "repo", "job-1");
  await mkdir(directory, { recursive: true });
  const producer = new TestProducer(directory, "producer0");
  await producer.append(records(20));
  await rename(producer.path, `${producer.path}.rotated`);
  await use(new IndexedDirectory(root.path, directory));
}

class IndexedDirectory {
  readonly root: string;
  readonly path: string;

  constructor(root: string, path: string) {
    this.root = root;
    this.path = path;
  }

  async index(input: IndexInput = {}, more: Partial<Bounds> = {}, fileSystem = fs) {
    const bounds = { minIndexedBytes: 0, minIndexGrowthBytes: 1_000_000, ...more };
    const options = { root: this.root, repo: "repo", local: false, fs: fileSystem, bounds };
    return (await openStore(options)).index(input);
  }

  /** What was done with each segment, and what was found. */
  async actions(input: IndexInput = {}, more: Partial<Bounds> = {}) {
    const { segments } = await this.index(input, more);
    return segments.map(({ action, state }) => `${action}, was ${state}`);
  }

  async segments(): Promise<Segment[]> {
    return listSegments(this.path);
  }

  async segment(): Promise<Segment> {
    return (await this.segments())[0]!;
  }

  indexNames(): Promise<string[]> {
    return readdir(join(this.path, ".index"));
  }
}

describe("indexing a store", () => {
  it("gives a closed segment its index once", async () => {
    await withSegment(async (store) => {
      const { path, logicalName } = await store.segment();
      const [report] = (await store.index()).segments;
      const { size } = await stat(indexPath(store.path, logicalName));
      const contentBytes = (await stat(path)).size;
      const amounts = { lines: 20, undecided: 0, contentBytes, indexBytes: size };
      const file = { path, storedBytes: contentBytes };
      expect(report).toEqual({ ...file, action: "built", state: "absent", ...amounts });
      const again = await store.index();
      expect(again.segments[0]).toEqual({ ...file, action: "kept", state: "fresh", ...amounts });
      expect(again.bytesRead).toBe(0);
      expect(await store.indexNames()).toEqual([`${logicalName}.idx`]);
    });
  });

  it("writes nothing that others could read", async () => {
    await withSegment(async (store) => {
      await store.index();
      const { logicalName } = await store.segment();
      expect((await stat(join(store.path, ".index"))).mode & 0o777).toBe(0o700);
      expect((await stat(indexPath(store.path, logicalName))).mode & 0o777).toBe(0o600);
    });
  });

  it("keeps the index of a segment that is renamed", async () => {
    await withSegment(async (store) => {
      await store.index();
      const { path } = await store.segment();
      await rename(path, path.replace(".rotated", ""));
      expect(await store.actions()).toEqual(["kept, was fresh"]);
    });
  });

  it("builds anew what is of another file, or of a file that was changed", async () => {
    await withSegment(async (store) => {
      await store.index();
      const { path } = await store.segment();
      const content = await readFile(path);
      await writeFile(`${path}.new`, content);
      await rename(`${path}.new`, path);
      expect(await store.actions()).toEqual(["built, was other file"]);
      await writeFile(path, content.toString().replaceAll("working", "waiting"));
      await utimes(path, new Date(), new Date(Date.now() + 5_000));
      expect(await store.actions()).toEqual(["built, was rewritten"]);
      await writeFile(path, content.subarray(0, content.indexOf("\n") + 1));
      expect(await store.actions()).toEqual(["built, was rewritten"]);
    });
  });

  it("does not take a segment that was rewritten at greater length for one that grew", async () => {
    await withSegment(async (store) => {
      await store.index();
      const { path } = await store.segment();
      await writeFile(path, (await readFile(path, "utf8")).replaceAll("working", "not working"));
      expect(await store.actions()).toEqual(["built, was rewritten"]);
    });
  });

  it("builds anew what is damaged, of another version, or not to be read", async () => {
    await withSegment(async (store) => {
      await store.index();
      const path = indexPath(store.path, (await store.segment()).logicalName);
      const sound = await readFile(path);
      await writeFile(path, sound.subarray(0, -1));
      expect(await store.actions({ check: true })).toEqual(["checked, was damaged"]);
      expect(await store.actions()).toEqual(["built, was damaged"]);
      await writeFile(path, Buffer.from(sound).fill("2", 7, 8));
      expect(await store.actions()).toEqual(["built, was other version"]);
      const flipped = Buffer.from(sound);
      flipped[flipped.length - 1]! ^= 1;
      await writeFile(path, flipped);
      expect(await store.actions()).toEqual(["kept, was fresh"]); // its header is sound: whoever loads the rows notices
      expect(await store.actions({ check: true })).toEqual(["checked, was damaged"]);
      expect(await store.actions({ check: "headers" })).toEqual(["checked, was fresh"]);
      expect(await readFile(path)).toEqual(flipped);
    });
  });

  it("extends the index of a segment that grew, when it is worth it", async () => {
    await using root = await temporaryDirectory();
    const directory = join(root.path, "events", "repo", "job-1");
    const store = new IndexedDirectory(root.path, directory);
    const producer = new TestProducer(directory, "producer0");
    await producer.register();
    await producer.append(records(20));
    await producer.appendRaw('{"id":"not yet');
    const growing = { minIndexGrowthBytes: 1_000 };
    expect(await store.actions({}, growing)).toEqual(["built, was absent"]);
    await producer.appendRaw(" finished\n");
    expect(await store.actions({}, growing)).toEqual(["kept, was grown"]);
    await producer.append(records(20));
    const [report] = (await store.index({}, growing)).segments;
    expect(report).toMatchObject({ action: "extended", state: "grown", lines: 41, undecided: 1 });
    const path = indexPath(directory, (await store.segment()).logicalName);
    const extended = await readFile(path);
    await store.index({ drop: true });
    await store.index({}, growing);
    expect(await readFile(path)).toEqual(extended);
  });

  it("leaves small segments alone", async () => {
    await withSegment(async (store) => {
      expect(await store.actions({}, { minIndexedBytes: 1_000_000 })).toEqual(["skipped, was absent"]);
      expect(await readdir(store.path)).not.toContain(".index");
    });
  });

  it("knows the members of a segment that we compressed, and what it holds", async () => {
    await withSegment(async (store) => {
      const { path } = await store.segment();
      const content = await readFile(path);
      await compressSegment(path, `${path}.gz`, { fs, memberBytes: 1_000 });
      await fs.unlink(path);
      expect(await store.actions()).toEqual(["built, was absent"]);
      const segment = await store.segment();
      const { index } = await openSegmentIndex(segment, { fs });
      expect(index!.header).toMatchObject({ rows: 20, endOffset: content.length, fingerprint: null });
      const members = await listMembers(segment.path, fs);
      expect(members!.length).toBeGreaterThan(3);
      expect(await index!.members()).toEqual(members);
      await index!.close();
      const { reason } = await openSegmentIndex(segment, { fs, maxInflatedBytes: content.length - 1 });
      expect(reason).toBe("too large");
    });
  });

  it("gives none to what cannot be read to its end", async () => {
    await withSegment(async (store) => {
      const { path } = await store.segment();
      const compressed = gzipSync(await readFile(path));
      await fs.unlink(path);
      await writeFile(`${path}.gz`, compressed.subarray(0, -20));
      const [report] = (await store.index()).segments;
      expect(report).toMatchObject({ action: "refused", state: "absent" });
      expect(report!.reason).toMatch(/cannot be indexed/);
      await writeFile(`${path}.gz`, compressed);
      expect(await store.actions()).toEqual(["built, was absent"]);
    });
  });

  it("removes the indexes of segments that are gone, and all on demand", async () => {
    await withSegment(async (store) => {
      const { logicalName } = await store.segment();
      await store.index();
      const orphan = join(store.path, ".index", "events-20250101_000000_000-producer9.jsonl.idx");
      await writeFile(orphan, "");
      expect((await store.index()).orphans).toEqual([orphan]);
      expect(await store.indexNames()).toEqual([`${logicalName}.idx`]);
      expect(await store.actions({ drop: true })).toEqual(["dropped, was fresh"]);
      expect(await readdir(store.path)).not.toContain(".index");
      expect(await store.actions({ drop: true })).toEqual([]);
    });
  });

  it("writes through no link", async () => {
    await withSegment(async (store) => {
      const elsewhere = join(store.root, "elsewhere");
      await mkdir(elsewhere);
      await symlink(elsewhere, join(store.path, ".index"));
      const [report] = (await store.index()).segments;
      expect(report).toMatchObject({ action: "failed", state: "absent" });
      expect(await readdir(elsewhere)).toEqual([]);
    });
  });

  it.each(["mkdir", "open", "write", "rename"])("leaves nothing behind when %s fails", async (operation) => {
    await withSegment(async (store) => {
      const path = operation === "open" ? { path: /\.tmp$/ } : { path: /\.index/ };
      const disk = faultyFileSystem(fs, [{ operation, error: "ENOSPC", ...path }]);
      const [report] = (await store.index({}, {}, disk.fs)).segments;
      expect(report).toMatchObject({ action: "failed", state: "absent" });
      expect(report!.reason).toContain("ENOSPC");
      expect(await store.indexNames().catch(() => [])).toEqual([]);
    });
  });

  it("waits for nothing that stands in the place of an index, and replaces what can be replaced", async () => {
    await withSegment(async (store) => {
      const path = indexPath(store.path, (await store.segment()).logicalName);
      await mkdir(join(store.path, ".index"));
      execFileSync("mkfifo", [path]);
      expect(await store.actions()).toEqual(["built, was unreadable"]);
      await fs.unlink(path);
      await mkdir(path);
      expect(await store.actions()).toEqual(["failed, was unreadable"]);
    });
  });

  it("stops when it is told to", async () => {
    await withSegment(async (store) => {
      await expect(store.index({ signal: AbortSignal.abort() })).rejects.toMatchObject({
        name: "AbortError",
      });
    });
  });

  it.skipIf(process.getuid?.() === 0)("says what it may not write", async () => {
    await withSegment(async (store) => {
      await chmod(store.path, 0o500);
      const [report] = (await store.index()).segments;
      await chmod(store.path, 0o700);
      expect(report).toMatchObject({ action: "failed" });
    });
  });
});
