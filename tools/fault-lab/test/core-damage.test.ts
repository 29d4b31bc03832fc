import { crc32 } from "node:zlib";
import { temporaryDirectory } from "@prodigy-events/test-kit";
import { describe, expect, it } from "vitest";
import { damageRow } from "../src/core/damage/damage-row.js";
import { detectByVerify } from "../src/core/damage/detect.js";
import { damageFixture } from "../src/core/damage/fixture.js";
import { indexQuestions } from "../src/core/damage/index-answer.js";
import { indexSubject } from "../src/core/damage/index-subject.js";
import { judgeAnswer, questions } from "../src/core/damage/judge.js";
import { openFixture } from "../src/core/damage/store-subject.js";
import { randomOf } from "../src/core/random.js";
import type { RowResult } from "../src/row.js";

async function sampled(options: Parameters<typeof damageRow>[0]): Promise<RowResult[]> {
  const { path: directory } = await temporaryDirectory();
  const context = { mode: "quick", seed: 1, directory, log: () => undefined } as const;
  return [await damageRow({ samples: 10, ...options }).run(context)].flat();
}

describe("the damage row", { timeout: 120_000 }, () => {
  it("says so when the detection overlooks damage", async () => {
    const results = await sampled({ detect: async () => false, detectIndex: async () => false });
    expect(results.map(({ row }) => row)).toEqual(["9 segment", "9 gz", "9 manifest", "9 index"]);
    for (const { failures } of results) expect(failures.join()).toContain("nobody notices");
  });

  it("tries the same damages for the same seed, however long they take", async () => {
    const [once, again] = [await sampled({}), await sampled({})];
    const countsOf = (results: readonly RowResult[]) =>
      results.map(({ n, failures, figures }) => [n, failures, figures?.flips, figures?.truncations]);
    expect(countsOf(again)).toEqual(countsOf(once));
    for (const { n, failures } of once) expect({ n, failures }).toEqual({ n: 10, failures: [] });
  });
});

describe.each(["segment", "gz", "manifest"] as const)("damage to the %s", (name) => {
  it.each([undefined, 0])("is none at first (maxScannedBytes %s)", async (maxScannedBytes) => {
    const fixture = await damageFixture(name);
    const store = await openFixture(fixture, maxScannedBytes);
    expect(await detectByVerify(store)).toBe(false);
    for (const question of questions) {
      const judged = await judgeAnswer(fixture, { start: 0, end: 0 }, store, question);
      expect(judged).toEqual({ lost: 0, dup: 0, texts: [] });
    }
  });

  it("counts as lost what is missing outside of the damage", async () => {
    const fixture = await damageFixture(name);
    const store = await openFixture(fixture);
    fixture.damaged(Buffer.alloc(0));
    const { lost } = await judgeAnswer(fixture, { start: 0, end: 0 }, store, "all");
    expect(lost).toBe(name === "manifest" ? 0 : fixture.lines.length);
    expect(await detectByVerify(store)).toBe(true);
  });
});

describe("damage to the index", () => {
  it("is none at first: the index is used for what it holds", async () => {
    const subject = await indexSubject((await temporaryDirectory()).path);
    expect(await subject.isDetected(subject.bytes)).toBe(false);
    const strategies = [];
    for (const question of indexQuestions) {
      const { isSame, strategy } = await subject.ask(subject.bytes, question);
      expect(isSame).toBe(true);
      strategies.push([question, strategy]);
    }
    expect(Object.fromEntries(strategies)).toMatchObject({ stats: "index", seek: "index+seek" });
  });

  it("is told, and has the segment read", async () => {
    const subject = await indexSubject((await temporaryDirectory()).path);
    const damaged = subject.bytes.subarray(0, -1);
    expect(await subject.isDetected(damaged)).toBe(true);
    for (const question of ["stats", "seek"] as const)
      expect(await subject.ask(damaged, question)).toEqual({ strategy: "scan", isSame: true });
  });

  it("would be found in an answer that is another", async () => {
    const subject = await indexSubject((await temporaryDirectory()).path);
    const renamed = withOtherType(subject.bytes);
    expect(await subject.isDetected(renamed)).toBe(false);
    const damage = { title: "none", kind: "flip", bytes: renamed, start: 0, end: 0 } as const;
    const { texts } = await subject.judge(damage, randomOf(1));
    expect(texts).toEqual(["stats", "seek"].map((question) => `R11: the answer to ${question} is another`));
  });
});

/** An index that somebody made, with sound checksums, in which an event type has another name. */
function withOtherType(index: Buffer): Buffer {
  const end = 16 + index.readUInt32LE(8);
  const header: { columns: { bytes: number; crc32: number }[] } = JSON.parse(index.toString("utf8", 16, end));
  const types = header.columns[0]!;
  const body = Buffer.from(index.subarray(end));
  body.write("agent_foiled", body.indexOf("agent_failed"));
  types.crc32 = crc32(body.subarray(0, types.bytes));
  const text = Buffer.from(JSON.stringify(header));
  const preface = Buffer.from(index.subarray(0, 16));
  preface.writeUInt32LE(text.length, 8);
  preface.writeUInt32LE(crc32(text), 12);
  return Buffer.concat([preface, text, body]);
}
