import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { decodeLine, encodeRecord, eventTypes, validateEvent } from "@prodigy-events/schema";
import { temporaryDirectory } from "@prodigy-events/test-kit";
import { expect, it } from "vitest";
import { type DataSet, type Finish, makeDataSet, openDataSet } from "../src/store/data-set.js";
import { Draw } from "../src/store/draw.js";
import { eventOf } from "../src/store/draw-event.js";
import { seededRandom } from "../src/store/random.js";
import { type StoreShape, usualShape } from "../src/store/store-shape.js";

const small: StoreShape = { ...usualShape, bytes: 300_000, maxSegmentBytes: 30_000, seed: 1 };

async function generate(shape: StoreShape, finish: Finish = "rotated"): Promise<DataSet> {
  return await makeDataSet((await temporaryDirectory()).path, shape, finish);
}

function digest({ paths }: DataSet): string {
  const hash = createHash("sha256");
  for (const path of paths) hash.update(readFileSync(path));
  return hash.digest("hex");
}

function linesOf({ paths }: DataSet): string[] {
  return paths.flatMap((path) => {
    const bytes = readFileSync(path);
    const text = (path.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString();
    return text.split("\n").slice(0, -1);
  });
}

it("generates the same bytes for the same seed, and others for another", async () => {
  const first = await generate(small);
  expect(digest(await generate(small))).toBe(digest(first));
  expect(digest(await generate({ ...small, seed: 2 }))).not.toBe(digest(first));
});

it("generates canonical lines, as many of each type and agent as it says", async () => {
  const dataSet = await generate(small);
  const lines = linesOf(dataSet);
  const byTypeAndAgent: Record<string, number> = {};
  const timestamps: string[] = [];
  for (const line of lines) {
    const decoded = decodeLine(line);
    if (!decoded.ok) throw new Error(line);
    expect(encodeRecord(decoded.record)).toBe(`${line}\n`);
    const { event_type, agent_id = "" } = decoded.record.event;
    const key = `${event_type} ${agent_id}`;
    byTypeAndAgent[key] = (byTypeAndAgent[key] ?? 0) + 1;
    timestamps.push(decoded.record.timestamp);
  }
  expect(dataSet).toMatchObject({ records: lines.length, malformed: 0, byTypeAndAgent });
  expect(dataSet.newest).toEqual(timestamps.sort().slice(-dataSet.newest.length));
  expect(dataSet.bytes).toBe(lines.reduce((sum, line) => sum + Buffer.byteLength(line) + 1, 0));
  expect(dataSet.bytes).toBeGreaterThanOrEqual(small.bytes);
});

it.each(eventTypes)("draws valid events of type %s", (type) => {
  const draw = new Draw(seededRandom(1), "job-1", 50);
  for (let index = 0; index < 20; index += 1) expect(validateEvent(eventOf(type, draw), "full")).toEqual([]);
});

it("generates lines in another order of keys, and malformed ones, as many as it says", async () => {
  const dataSet = await generate({ ...small, foreignShare: 0.3, malformedShare: 0.1 });
  const decoded = linesOf(dataSet).map((line) => ({ line, ...decodeLine(line) }));
  const readable = decoded.filter(({ ok }) => ok);
  expect(readable).toHaveLength(dataSet.records);
  expect(decoded.length - readable.length).toBe(dataSet.malformed);
  expect(dataSet.malformed).toBeGreaterThan(0);
  expect(readable.filter(({ line }) => line.startsWith('{"event"')).length).toBeGreaterThan(
    dataSet.records / 5,
  );
});

it("compresses the segments, or leaves the last one open, without a change of their content", async () => {
  const rotated = await generate(small);
  const [compressed, open] = [await generate(small, "compressed"), await generate(small, "last open")];
  expect(compressed.files).toEqual(rotated.files.map((file) => `${file}.gz`));
  expect(open.files.at(-1)).toBe(rotated.files.at(-1)?.replace(/\.rotated$/, ""));
  expect(linesOf(compressed)).toEqual(linesOf(rotated));
  expect(linesOf(open)).toEqual(linesOf(rotated));
});

it("uses a data set again only if it is of the same shape", async () => {
  const { directory } = await generate(small);
  expect(openDataSet(directory, small, "rotated")?.records).toBeGreaterThan(0);
  expect(openDataSet(directory, { ...small, seed: 2 }, "rotated")).toBeUndefined();
  expect(openDataSet(directory, small, "compressed")).toBeUndefined();
});
