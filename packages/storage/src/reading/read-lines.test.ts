import { execFileSync } from "node:child_process";
import { appendFileSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { faultyFileSystem, temporaryDirectory } from "@prodigy-events/test-kit";
import { describe, expect, it } from "vitest";
import { collect, places, texts } from "../../test/collect.js";
import { nodeFileSystem } from "../files/node-file-system.js";
import { limits } from "../limits.js";
import { listSegments } from "../segments/list-segments.js";
import type { ReadOptions } from "./line.js";
import { readLines } from "./read-lines.js";

async function fileWith(content: string | Buffer): Promise<string> {
  const path = (await temporaryDirectory()).join("events.jsonl");
  writeFileSync(path, content);
  return path;
}

const openDescriptors = () => readdirSync("/proc/self/fd").length;

const ignoreProblems = { onProblem: () => undefined };

describe("readLines", () => {
  it("gives text, offset and length of each line, in bytes", async () => {
    const { lines, problems } = await collect(await fileWith("{}\nü😀\nlast\n"));
    expect(lines).toEqual([
      { text: "{}", offset: 0, length: 2 },
      { text: "ü😀", offset: 3, length: 6 },
      { text: "last", offset: 10, length: 4 },
    ]);
    expect(problems).toEqual([]);
  });

  it("splits at line feeds and at nothing else", async () => {
    const { lines } = await collect(await fileWith("a\rb\u{2028}c\u{85}d\u{b}e\u{c}f\r\ng\n"));
    expect(texts(lines)).toEqual(["a\rb\u{2028}c\u{85}d\u{b}e\u{c}f\r", "g"]);
  });

  it("skips lines of white space, and a byte order mark at the beginning only", async () => {
    const { lines, problems } = await collect(await fileWith("\u{feff}a\n\n \t\r\n\r\n\u{feff}b\n"));
    expect(lines).toEqual([
      { text: "a", offset: 3, length: 1 },
      { text: "\u{feff}b", offset: 12, length: 4 },
    ]);
    expect(problems).toEqual([]);
  });

  it("gives nothing for an empty file", async () => {
    expect(await collect(await fileWith(""))).toEqual({ lines: [], problems: [] });
  });

  it("never gives an empty array", async () => {
    const path = await fileWith(`\n\n\n${"x".repeat(50)}\n\n\n`);
    const sizes: number[] = [];
    for await (const lines of readLines(path, { chunkBytes: 4, ...ignoreProblems })) sizes.push(lines.length);
    expect(sizes).toEqual([1]);
  });

  describe("bad lines", () => {
    it("are located and do not affect their neighbours", async () => {
      const content = Buffer.concat([
        Buffer.from("one\n"),
        Buffer.from([0xff, 0x0a]),
        Buffer.from("two\n"),
        Buffer.from([0, 0, 0, 0x0a]),
        Buffer.from(`three\n${"x".repeat(200)}\nfour\n{"torn`),
      ]);
      const path = await fileWith(content);
      const { lines, problems } = await collect(path, { maxLineBytes: 100 });
      expect(texts(lines)).toEqual(["one", "two", "three", "four"]);
      expect(problems).toEqual([
        {
          path,
          reason: "utf8",
          offset: 4,
          length: 1,
          message: "the line is not valid UTF-8",
          preview: "\u{fffd}",
        },
        {
          path,
          reason: "nul",
          offset: 10,
          length: 3,
          message: expect.stringContaining("NUL"),
          preview: "\0\0\0",
        },
        {
          path,
          reason: "too_long",
          offset: 20,
          length: 200,
          message: "the line has 200 bytes, more than the 100 allowed",
          preview: "x".repeat(60),
        },
        {
          path,
          reason: "tail",
          offset: 226,
          length: 6,
          message: expect.stringContaining("no line end yet"),
          preview: '{"torn',
        },
      ]);
    });

    it("are those of invalid UTF-8 in the strictest sense", async () => {
      const hex = ["c0af", "eda080", "f4908080", "f888808080", "80", "c3", "e282"];
      for (const bytes of hex) {
        const content = Buffer.concat([Buffer.from("ok\n"), Buffer.from(`${bytes}0a`, "hex")]);
        expect(places((await collect(await fileWith(content))).problems), bytes).toEqual([
          ["utf8", 3, bytes.length / 2],
        ]);
      }
    });

    it("in UTF-16 are one problem each, not text", async () => {
      const { lines, problems } = await collect(await fileWith(Buffer.from('{"a":1}\n{"b":2}\n', "utf16le")));
      expect(lines).toEqual([]);
      expect(problems.map(({ reason }) => reason)).toEqual(["nul", "nul", "tail"]);
    });

    it("call a tail torn when nobody writes any more", async () => {
      const { problems } = await collect(await fileWith('{"a'), { closed: true });
      expect(problems).toMatchObject([
        { reason: "tail", offset: 0, message: expect.stringContaining("torn") },
      ]);
    });

    it("report a tail of NULs, as after a power failure, as a tail", async () => {
      const { lines, problems } = await collect(
        await fileWith(Buffer.concat([Buffer.from("a\n"), Buffer.alloc(9_000)])),
      );
      expect([texts(lines), places(problems)]).toEqual([["a"], [["tail", 2, 9_000]]]);
    });

    it("of 20 MB are counted to the byte and not kept in memory", async () => {
      const path = await fileWith("a\n");
      const long = 20_000_000;
      appendFileSync(path, Buffer.alloc(long, "x"));
      appendFileSync(path, "\nb\n");
      const { lines, problems } = await collect(path);
      expect(texts(lines)).toEqual(["a", "b"]);
      expect(places(problems)).toEqual([["too_long", 2, long]]);
    });

    it("of exactly the limit are no problem", async () => {
      const path = await fileWith(`${"x".repeat(100)}\n${"y".repeat(101)}\n`);
      for (const chunkBytes of [7, 4096]) {
        const { lines, problems } = await collect(path, { maxLineBytes: 100, chunkBytes });
        expect([texts(lines), places(problems)]).toEqual([["x".repeat(100)], [["too_long", 101, 101]]]);
      }
    });
  });

  describe("the file", () => {
    it("is opened when the first lines are asked for and not before", async () => {
      const path = await fileWith("a\n");
      const disk = faultyFileSystem(nodeFileSystem);
      const lines = readLines(path, { fs: disk.fs, ...ignoreProblems });
      expect(disk.calls).toEqual([]);
      await lines.next();
      expect(disk.calls[0]?.operation).toBe("open");
      await lines.return();
    });

    it.each([
      ["read to the end", Number.POSITIVE_INFINITY],
      ["left after the first lines", 1],
    ])("is closed when it was %s", async (_kind, arrays) => {
      const path = await fileWith("0123456789\n".repeat(10_000));
      const before = openDescriptors();
      let seen = 0;
      for await (const _lines of readLines(path, { chunkBytes: 4096, ...ignoreProblems })) {
        seen += 1;
        if (seen >= arrays) break;
      }
      expect(openDescriptors()).toBe(before);
    });

    it("is closed when the consumer throws", async () => {
      const path = await fileWith("a\n");
      const before = openDescriptors();
      const consume = async () => {
        for await (const _lines of readLines(path, ignoreProblems)) throw new Error("consumer");
      };
      await expect(consume()).rejects.toThrow("consumer");
      expect(openDescriptors()).toBe(before);
    });

    it.each([
      ["fstat", 1],
      ["read", 1],
      ["read", 2],
      ["read", 4],
    ])("is closed when %s fails at call %d, and the error says which file", async (operation, nth) => {
      const path = await fileWith("0123456789\n".repeat(5_000));
      const before = openDescriptors();
      const { fs } = faultyFileSystem(nodeFileSystem, [{ operation, nth, error: "EIO" }]);
      await expect(collect(path, { fs, chunkBytes: 4096 })).rejects.toMatchObject({
        name: "StorageError",
        code: "EIO",
        message: expect.stringContaining(path),
      });
      expect(openDescriptors()).toBe(before);
    });

    it("gives the lines before a failing read first", async () => {
      const path = await fileWith("0123456789\n".repeat(5_000));
      const { fs } = faultyFileSystem(nodeFileSystem, [{ operation: "read", nth: 4, error: "EIO" }]);
      const seen: string[] = [];
      const consume = async () => {
        for await (const lines of readLines(path, { fs, chunkBytes: 4096, ...ignoreProblems }))
          seen.push(...texts(lines));
      };
      await expect(consume()).rejects.toMatchObject({ code: "EIO" });
      expect(seen).toHaveLength(Math.floor((2 * 4096) / 11));
    });

    it("must be a regular file", async () => {
      const { path, join } = await temporaryDirectory();
      execFileSync("mkfifo", [join("fifo.jsonl")]);
      for (const other of [path, join("fifo.jsonl"), "/dev/null"]) {
        await expect(collect(other)).rejects.toMatchObject({ code: "NOT_A_REGULAR_FILE" });
      }
      await expect(collect(join("missing.jsonl"))).rejects.toMatchObject({ code: "ENOENT" });
    });

    it("may grow while it is read, and is read up to where it then ends", async () => {
      const path = await fileWith("a\n");
      const lines = readLines(path, ignoreProblems);
      const first = await lines.next();
      appendFileSync(path, "b\n");
      expect(first.value).toMatchObject([{ text: "a" }]);
      await lines.return();
      expect(texts((await collect(path)).lines)).toEqual(["a", "b"]);
    });
  });

  describe("a listed segment", () => {
    const own = "events-20260101_120000_000-k3f9a1c2.jsonl";

    async function listed() {
      const directory = await temporaryDirectory();
      writeFileSync(directory.join(own), "a\n");
      const [segment] = await listSegments(directory.path);
      if (segment === undefined) throw new Error("the segment was not listed");
      return { directory, segment };
    }

    it("is found again when it was renamed since", async () => {
      const { directory, segment } = await listed();
      renameSync(segment.path, directory.join(`${own}.rotated`));
      const { lines, problems } = await collect(segment);
      expect([texts(lines), problems]).toEqual([["a"], []]);
    });

    it("is an error when it was removed since", async () => {
      const { segment } = await listed();
      rmSync(segment.path);
      await expect(collect(segment)).rejects.toMatchObject({ code: "ENOENT" });
    });

    it("is not looked for for ever", async () => {
      const { segment } = await listed();
      const disk = faultyFileSystem(nodeFileSystem, [
        { operation: "open", times: "from then on", error: "ENOENT" },
      ]);
      await expect(collect(segment, { fs: disk.fs })).rejects.toMatchObject({ code: "ENOENT" });
      expect(disk.calls.filter(({ operation }) => operation === "open").length).toBeLessThan(10);
    });
  });

  describe("an abort", () => {
    it("before the start opens nothing", async () => {
      const path = await fileWith("a\n");
      const disk = faultyFileSystem(nodeFileSystem);
      await expect(
        collect(path, { fs: disk.fs, signal: AbortSignal.abort(new Error("enough")) }),
      ).rejects.toThrow("enough");
      expect(disk.calls).toEqual([]);
    });

    it("in between ends the reading with its reason and closes the file", async () => {
      const path = await fileWith("0123456789\n".repeat(5_000));
      const before = openDescriptors();
      const controller = new AbortController();
      let arrays = 0;
      const consume = async () => {
        for await (const _lines of readLines(path, {
          chunkBytes: 4096,
          signal: controller.signal,
          ...ignoreProblems,
        })) {
          arrays += 1;
          controller.abort(new Error("enough"));
        }
      };
      await expect(consume()).rejects.toThrow("enough");
      expect(arrays).toBe(1);
      expect(openDescriptors()).toBe(before);
    });
  });

  it.each<[string, Partial<ReadOptions>]>([
    ["a negative start", { startOffset: -1 }],
    ["a fractional end", { endOffset: 1.5 }],
    ["a chunk of nothing", { chunkBytes: 0 }],
    ["a chunk that is no number", { chunkBytes: Number.NaN }],
    ["a line of nothing", { maxLineBytes: 0 }],
    ["a negative bound", { maxInflatedBytes: -1 }],
  ])("refuses %s as a mistake in the calling code", async (_kind, options) => {
    await expect(collect(await fileWith("a\n"), options)).rejects.toThrow(RangeError);
  });

  it("takes lines of up to 16 MiB by default", () => {
    expect(limits.maxLineBytes).toBe(16 * 1024 * 1024);
  });

  it("does not stumble over a directory that is named like a segment", async () => {
    const { path, join } = await temporaryDirectory();
    mkdirSync(join("a.jsonl"));
    writeFileSync(join("b.jsonl"), "b\n");
    const segments = await listSegments(path);
    expect(await Promise.all(segments.map(async (segment) => texts((await collect(segment)).lines)))).toEqual(
      [["b"]],
    );
  });
});
