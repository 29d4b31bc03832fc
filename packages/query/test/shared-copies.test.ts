import { appendFile, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { encodeRecord } from "@prodigy-events/schema";
import { temporaryDirectory } from "@prodigy-events/test-kit";
import { describe, expect, it } from "vitest";
import { type Bounds, openStore, type RecordStream } from "../src/index.js";
import { Taker } from "./taker.js";
import { recordAt } from "./test-producer.js";

const start = Date.UTC(2026, 0, 1);

/** A line of a producer that appends to the shared file; its number says when. */
const line = (producer: string, sequence: number) =>
  encodeRecord({
    ...recordAt(start + sequence),
    id: `${producer}-${sequence}`,
    event: { event_type: "agent_started", agent_id: producer } as never,
    metadata: { producer_id: producer, sequence },
  });

/** What two writers leave of which one has sent a batch again, as after a failed sync, while the other went on. */
const sentAgain = [
  ...[line("aaaaaaaaaa", 0), line("aaaaaaaaaa", 1), line("bbbbbbbbbb", 0), line("aaaaaaaaaa", 2)],
  ...[line("aaaaaaaaaa", 0), line("bbbbbbbbbb", 1), line("aaaaaaaaaa", 1), line("aaaaaaaaaa", 2)],
  ...[line("aaaaaaaaaa", 3), line("bbbbbbbbbb", 2)],
].join("");
const ids = [
  ...["aaaaaaaaaa-0", "bbbbbbbbbb-0", "aaaaaaaaaa-1", "bbbbbbbbbb-1", "aaaaaaaaaa-2", "bbbbbbbbbb-2"],
  "aaaaaaaaaa-3",
];

async function sharedFile(content: string) {
  const root = await temporaryDirectory();
  const directory = join(root.path, "events", "repo", "job-1");
  await mkdir(directory, { recursive: true });
  const path = join(directory, "events-shared.jsonl");
  await writeFile(path, content);
  const open = (bounds: Partial<Bounds> = {}) => openStore({ root: root.path, repo: "repo", bounds });
  return { root, path, open };
}

async function idsOf(stream: RecordStream) {
  const found: string[] = [];
  for await (const batch of stream.batches()) found.push(...batch.map(({ record }) => record.id));
  return found;
}

describe("a record that stands twice in a shared file", () => {
  it.each([
    ["held in memory", {}],
    ["put in order by blocks", { maxHeldFileBytes: 0, maxBlockBytes: 1, maxChunkBytes: 300 }],
  ])("is given once, in time order: %s", async (_, bounds) => {
    await using file = (await sharedFile(sentAgain)).root;
    const store = await openStore({ root: file.path, repo: "repo", bounds });
    const all = store.query();
    expect(await idsOf(all)).toEqual(ids);
    expect(all.report).toMatchObject({ records: 10, matched: 7, duplicates: 3 });
    expect(await idsOf(store.query({ limit: 3 }))).toEqual(ids.slice(-3));
    expect(await idsOf(store.query({ agentId: "aaaaaaaaaa" }))).toEqual(
      ids.filter((id) => id.startsWith("a")),
    );
    expect(await idsOf(store.search("aaaa"))).toHaveLength(4);
  });

  it.each([
    ["by columns", {}],
    ["by parsing", { maxScannedBytes: 0 }],
    ["by columns of few lines at a time", { maxScannedBytes: 400, scanUnitBytes: 500, minIndexedBytes: 0 }],
  ])("is counted once, %s", async (_, bounds) => {
    const { root, open } = await sharedFile(sentAgain);
    await using _root = root;
    const store = await open(bounds);
    await store.index();
    const { total, groups, report } = await store.stats({ groupBy: ["agent_id"] });
    expect([total, groups.map(({ count }) => count)]).toEqual([7, [4, 3]]);
    expect(report.duplicates).toBe(3);
    expect((await store.stats({ search: { pattern: "aaaa" } })).total).toBe(4);
  });

  it("is followed once, whether the copy was there before or comes later", async () => {
    const { root, path } = await sharedFile(sentAgain);
    await using _root = root;
    const taker = await Taker.ofStore(root.path);
    await taker.has(7);
    await appendFile(path, line("aaaaaaaaaa", 3) + line("aaaaaaaaaa", 4));
    await taker.has(8);
    await appendFile(path, line("aaaaaaaaaa", 4) + line("aaaaaaaaaa", 5));
    await taker.has(9);
    await taker.stop();
    expect(taker.lines.map((each) => JSON.parse(each).id)).toEqual([...ids, "aaaaaaaaaa-4", "aaaaaaaaaa-5"]);
  });

  it("is reported by verify, once for each copy", async () => {
    const { root, open } = await sharedFile(sentAgain);
    await using _root = root;
    const { totals, findings } = await (await open()).verify();
    expect(totals.duplicates).toBe(3);
    expect(findings.map(({ kind }) => kind)).toEqual(["duplicates"]);
  });

  it("is no copy because somebody else's record has its number", async () => {
    const content = line("aaaaaaaaaa", 0) + line("bbbbbbbbbb", 0) + line("", 0) + line("", 0);
    const { root, open } = await sharedFile(content);
    await using _root = root;
    expect((await (await open()).stats()).total).toBe(4);
  });
});
