import { appendFileSync, readFileSync, writeFileSync } from "node:fs";
import { setTimeout } from "node:timers/promises";
import { crc32, gzipSync } from "node:zlib";
import { temporaryDirectory } from "@prodigy-events/test-kit";
import { describe, expect, it } from "vitest";
import { compressSegment, listMembers, readLines, readLinesBackward } from "../src/index.js";
import { collect, places, texts } from "./collect.js";

const numbered = Array.from(
  { length: 60 },
  (_, i) => `{"sequence":${i},"hash":"${crc32(String(i)).toString(16)}"}`,
);
const content = Buffer.from(`${numbered.join("\n")}\n`);

/** A compressed segment of several members, and a way to write a damaged version of it. */
async function compressed() {
  const { join } = await temporaryDirectory();
  writeFileSync(join("a.jsonl"), content);
  await compressSegment(join("a.jsonl"), join("a.gz"), { memberBytes: 400 });
  const bytes = readFileSync(join("a.gz"));
  const members = (await listMembers(join("a.gz"))) ?? [];
  const readDamaged = (damaged: Buffer, read?: typeof readLinesBackward) => {
    writeFileSync(join("damaged.gz"), damaged);
    return collect(join("damaged.gz"), {}, read);
  };
  return { path: join("a.gz"), bytes, members, readDamaged };
}

/** The lines of the members that are not `except`, with their true offsets. */
function linesOutside(member: { logicalOffset: number; logicalBytes: number }): string[] {
  const before = content.subarray(0, member.logicalOffset).toString();
  const after = content.subarray(member.logicalOffset + member.logicalBytes).toString();
  return `${before}${after}`.split("\n").filter((line) => line !== "");
}

function flipped(bytes: Buffer, bit: number): Buffer {
  const damaged = Buffer.from(bytes);
  damaged[bit >> 3] = (damaged[bit >> 3] as number) ^ (1 << (bit & 7));
  return damaged;
}

describe("our gzip with one flipped bit, anywhere", () => {
  it("loses lines of the member that was hit only, keeps all other offsets, and is never silent", async () => {
    const { bytes, members, readDamaged } = await compressed();
    const trueOffsets = new Map(numbered.map((text) => [text, content.indexOf(text)]));
    for (let bit = 0; bit < bytes.length * 8; bit += 7) {
      const member = members.find(({ offset, compressedBytes }) => bit >> 3 < offset + compressedBytes);
      const { lines, problems } = await readDamaged(flipped(bytes, bit));
      const found = new Map(lines.map(({ text, offset }) => [text, offset]));
      for (const text of linesOutside(member as (typeof members)[number])) {
        expect(found.get(text), `bit ${bit}: ${text}`).toBe(trueOffsets.get(text));
      }
      const intact =
        lines.length === numbered.length &&
        lines.every(({ text, offset }) => trueOffsets.get(text) === offset);
      expect(intact || problems.length > 0, `bit ${bit} went unnoticed`).toBe(true);
    }
  }, 120_000);

  it("gives the same lines backward, or says that there is no way back", async () => {
    const { bytes, readDamaged } = await compressed();
    for (let bit = 0; bit < bytes.length * 8; bit += 29) {
      const damaged = flipped(bytes, bit);
      const forward = await readDamaged(damaged);
      const backward = await readDamaged(damaged, readLinesBackward).catch(
        (error: { code: string }) => error.code,
      );
      if (backward !== "NOT_SEEKABLE") expect(backward, `bit ${bit}`).toEqual(forward);
    }
  }, 60_000);
});

describe("our gzip cut off", () => {
  it("gives all lines of the whole members at any length, and reports the rest", async () => {
    const { bytes, members, readDamaged } = await compressed();
    for (let length = 1; length < bytes.length; length += 3) {
      const whole = members
        .filter(({ offset, compressedBytes }) => offset + compressedBytes <= length)
        .at(-1);
      const end = whole === undefined ? 0 : whole.logicalOffset + whole.logicalBytes;
      const atBoundary = whole !== undefined && whole.offset + whole.compressedBytes === length;
      const { lines, problems } = await readDamaged(bytes.subarray(0, length));
      const expected = content.subarray(0, end).toString().split("\n").slice(0, -1);
      expect(texts(lines).slice(0, expected.length), `length ${length}`).toEqual(expected);
      expect(texts(lines), `length ${length}`).toEqual(numbered.slice(0, lines.length));
      expect(problems.length > 0, `length ${length}`).toBe(!atBoundary);
    }
  }, 60_000);

  it("in the middle of a member salvages what comes before the cut", async () => {
    const { join } = await temporaryDirectory();
    const lines = Array.from(
      { length: 20_000 },
      (_, i) => `{"sequence":${i},"hash":"${crc32(String(i)).toString(16)}"}`,
    );
    writeFileSync(join("a.jsonl"), `${lines.join("\n")}\n`);
    await compressSegment(join("a.jsonl"), join("a.gz"));
    const bytes = readFileSync(join("a.gz"));
    writeFileSync(join("a.gz"), bytes.subarray(0, bytes.length >> 1));
    const found = await collect(join("a.gz"));
    expect(found.lines.length).toBeGreaterThan(9_000);
    expect(texts(found.lines)).toEqual(lines.slice(0, found.lines.length));
    expect(found.problems.map(({ reason }) => reason).sort()).toEqual(["compression", "tail"]);
  });
});

describe("our gzip in other ways", () => {
  it("that promises less than it holds gives as much as it promised, and is reported", async () => {
    const { bytes, members, readDamaged } = await compressed();
    const [, second, third] = members as [unknown, (typeof members)[number], (typeof members)[number]];
    const liar = Buffer.from(bytes);
    const promised = content.indexOf(0x0a, second.logicalOffset) + 1 - second.logicalOffset;
    liar.writeUInt32LE(promised, second.offset + 20);
    liar.writeUInt32LE(promised, third.offset - 4);
    const { lines, problems } = await readDamaged(liar);
    const kept = content.subarray(0, second.logicalOffset + promised).toString();
    const after = content.subarray(third.logicalOffset).toString();
    expect(texts(lines)).toEqual(`${kept}${after}`.trim().split("\n"));
    expect(places(problems)).toEqual([["compression", second.logicalOffset, promised]]);
  });

  it("gives a slow reader of a cut-off file no less than a fast one", async () => {
    const { join } = await temporaryDirectory();
    const hashes = Array.from({ length: 30_000 }, (_, i) => crc32(String(i)).toString(16));
    writeFileSync(join("a.jsonl"), `${hashes.join("\n")}\n`);
    await compressSegment(join("a.jsonl"), join("a.gz"));
    writeFileSync(join("a.gz"), readFileSync(join("a.gz")).subarray(0, 60_000));
    const fast = await collect(join("a.gz"));
    let slow = 0;
    for await (const lines of readLines(join("a.gz"), { onProblem: () => undefined })) {
      slow += lines.length;
      await setTimeout(2);
    }
    expect(fast.lines.length).toBeGreaterThan(5_000);
    expect(slow).toBe(fast.lines.length);
  });

  it("whose checksum alone is wrong is read, and the range is called doubtful", async () => {
    const { bytes, members, readDamaged } = await compressed();
    const second = members[1] as (typeof members)[number];
    const { lines, problems } = await readDamaged(
      flipped(bytes, (second.offset + second.compressedBytes - 8) * 8),
    );
    expect(texts(lines)).toEqual(numbered);
    expect(places(problems)).toEqual([["compression", second.logicalOffset, second.logicalBytes]]);
  });

  it("from whose middle a hole of zeros was cut loses the members that it touched", async () => {
    const { bytes, members, readDamaged } = await compressed();
    const [, second, third] = members as [unknown, (typeof members)[number], (typeof members)[number]];
    const damaged = Buffer.from(bytes).fill(0, second.offset + 30, third.offset + 10);
    const { lines, problems } = await readDamaged(damaged);
    const after = content
      .subarray(third.logicalOffset + third.logicalBytes)
      .toString()
      .trim()
      .split("\n");
    expect(texts(lines).slice(-after.length)).toEqual(after);
    expect(problems.map(({ reason }) => reason)).toContain("compression");
  });

  it("followed by gzip of anybody else is read to the end", async () => {
    const { path } = await compressed();
    appendFileSync(path, gzipSync('{"more":1}\n'));
    const { lines, problems } = await collect(path);
    expect(texts(lines)).toEqual([...numbered, '{"more":1}']);
    expect(problems).toEqual([]);
  });

  it("followed by garbage is read and the garbage is reported", async () => {
    const { path } = await compressed();
    appendFileSync(path, "garbage");
    const { lines, problems } = await collect(path);
    expect(texts(lines)).toEqual(numbered);
    expect(places(problems)).toEqual([["compression", content.length, 0]]);
  });

  it("that lost its first bytes is no gzip any more, and says so", async () => {
    const { bytes, readDamaged } = await compressed();
    const { problems } = await readDamaged(bytes.subarray(5));
    expect(problems.length).toBeGreaterThan(0);
  });
});

describe("foreign gzip", () => {
  async function foreign(bytes: Buffer) {
    const path = (await temporaryDirectory()).join("events-20240101_120000.20240101_130000.jsonl.gz");
    writeFileSync(path, bytes);
    return path;
  }

  it("is read when it has several members, also with zeros after them", async () => {
    const path = await foreign(Buffer.concat([gzipSync("a\nb"), gzipSync("c\n"), Buffer.alloc(9_000)]));
    const { lines, problems } = await collect(path);
    expect([texts(lines), problems]).toEqual([["a", "bc"], []]);
  });

  it("is read beyond zeros between its members, and anything else after them is reported", async () => {
    const path = await foreign(
      Buffer.concat([
        gzipSync("a\n"),
        Buffer.alloc(5_000),
        gzipSync("b\n"),
        Buffer.alloc(10),
        Buffer.from("x"),
      ]),
    );
    const { lines, problems } = await collect(path);
    expect([texts(lines), places(problems)]).toEqual([["a", "b"], [["compression", 4, 0]]]);
  });

  it("that is plain text in truth, as Prodigy's is, is read as such", async () => {
    const { lines, problems } = await collect(await foreign(content));
    expect([texts(lines), problems]).toEqual([numbered, []]);
  });

  it("within gzip is data, not more compression", async () => {
    const { lines, problems } = await collect(await foreign(gzipSync(gzipSync("a\n"))));
    expect(lines).toEqual([]);
    expect(problems.length).toBeGreaterThan(0);
  });

  it("cut off at any length gives the lines before the cut, a tail at most, and one report", async () => {
    const bytes = gzipSync(content);
    for (let length = 2; length < bytes.length; length += 5) {
      const { lines, problems } = await collect(await foreign(bytes.subarray(0, length)));
      expect(texts(lines), `length ${length}`).toEqual(numbered.slice(0, lines.length));
      expect(
        problems.filter(({ reason }) => reason === "compression"),
        `length ${length}`,
      ).toHaveLength(1);
    }
  }, 60_000);

  it("with a flipped bit never ends in an exception", async () => {
    const bytes = gzipSync(content);
    for (let bit = 16; bit < bytes.length * 8; bit += 37) {
      const { lines, problems } = await collect(await foreign(flipped(bytes, bit)));
      expect(problems.length > 0 || texts(lines).join() === numbered.join(), `bit ${bit}`).toBe(true);
    }
  }, 60_000);

  it("of 200 MB of zeros is counted in constant memory, and stops where it is told to", async () => {
    const megabyte = gzipSync(Buffer.alloc(1_000_000));
    const path = await foreign(Buffer.concat(new Array<Buffer>(200).fill(megabyte)));
    const rssBefore = process.memoryUsage.rss();
    expect(places((await collect(path)).problems)).toEqual([["tail", 0, 200_000_000]]);
    expect(process.memoryUsage.rss() - rssBefore).toBeLessThan(100_000_000);
    expect(places((await collect(path, { maxInflatedBytes: 1_500_000 })).problems)).toEqual([
      ["tail", 0, 1_500_000],
      ["compression", 1_500_000, 0],
    ]);
  });
});
