import { execFileSync } from "node:child_process";
import { renameSync, rmSync, type Stats } from "node:fs";
import {
  appendFile,
  mkdir,
  readFile,
  rename,
  rm,
  stat,
  symlink,
  truncate,
  writeFile,
} from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type Durability, encodeBatch, sharedFileWriter } from "../src/index.js";
import { numbers, readBack, sequencesIn } from "./read-back.js";
import { batchFrom, inDirectory, lineOf, type WriterScene, writerScene } from "./writer-scene.js";

const isShared = /events-shared\.jsonl$/;

async function textOf(scene: WriterScene, name = "events-shared.jsonl"): Promise<string> {
  return readFile(inDirectory(scene, name), "utf8");
}

describe("a shared-file writer", () => {
  it("appends whole batches to one file in the job's directory, for its owner only", async () => {
    const scene = await writerScene();
    const writer = sharedFileWriter();
    await writer.open?.(scene.context);
    await writer.write(batchFrom(0, 2));
    await writer.write(batchFrom(2, 3));
    await writer.flush();
    await writer.close();
    expect(await textOf(scene)).toBe(
      numbers(5)
        .map((sequence) => lineOf(sequence))
        .join(""),
    );
    expect((await stat(inDirectory(scene, "events-shared.jsonl"))).mode & 0o777).toBe(0o600);
    expect(scene.calls("write", isShared)).toBe(2);
    expect(scene.calls("fdatasync", isShared)).toBe(2);
    expect(scene.calls("open", isShared)).toBe(1);
    expect(scene.calls("close", isShared)).toBe(1);
  });

  it.each([
    { durability: "fsync", synced: 1 },
    { durability: "flush", synced: 0 },
  ] as const)(
    "makes the file's name durable with durability $durability: $synced",
    async ({ durability, synced }) => {
      const scene = await writerScene();
      const writer = sharedFileWriter({ durability });
      await writer.open?.(scene.context);
      const before = scene.calls("fsync", /job$/);
      await writer.write(batchFrom(0, 1));
      await writer.write(batchFrom(1, 1));
      expect(scene.calls("fsync", /job$/) - before).toBe(synced);
      await writer.close();
    },
  );

  it.each([
    { operation: "fstat", path: isShared },
    { operation: "fsync", path: /job$/ },
  ])("leaves no descriptor open when $operation fails while the file is opened", async (fault) => {
    const scene = await writerScene();
    const writer = sharedFileWriter();
    await writer.open?.(scene.context);
    scene.disk.add({ ...fault, error: "EIO" });
    await expect(writer.write(batchFrom(0, 1))).rejects.toMatchObject({ code: "EIO" });
    expect(scene.calls("close", isShared)).toBe(1);
    await writer.write(batchFrom(0, 1));
    await writer.close();
    expect(await textOf(scene)).toBe(lineOf(0));
    expect(scene.calls("close", isShared)).toBe(2);
  });

  it("is one that flush() depends on, unless told otherwise", () => {
    expect(sharedFileWriter().required).toBe(true);
    expect(sharedFileWriter({ required: false }).required).toBe(false);
  });

  it("leaves durability to the kernel where that is asked for", async () => {
    const scene = await writerScene();
    const writer = sharedFileWriter({ durability: "flush" });
    await writer.open?.(scene.context);
    await writer.write(batchFrom(0, 1));
    await writer.close();
    expect(scene.calls("fdatasync", isShared)).toBe(0);
    expect(() => sharedFileWriter({ durability: "often" as Durability })).toThrow(RangeError);
  });

  it("writes to the path it is given and makes the directories on the way", async () => {
    const scene = await writerScene();
    const path = join(scene.context.root, "worktree", ".prodigy", "events", "mapreduce_events.jsonl");
    const writer = sharedFileWriter({ path });
    await writer.open?.(scene.context);
    await writer.write(batchFrom(0, 1));
    await writer.close();
    expect(await readFile(path, "utf8")).toBe(lineOf(0));
  });

  it("says which directory it cannot make", async () => {
    const scene = await writerScene({ faults: [{ operation: "mkdir", error: "EROFS" }] });
    const directory = join(scene.context.root, "worktree");
    const writer = sharedFileWriter({ path: join(directory, "events.jsonl") });
    await expect(writer.open?.(scene.context)).rejects.toMatchObject({
      name: "WriteError",
      code: "EROFS",
      path: directory,
      message: `cannot create the directory ${directory}: the file system is read-only (EROFS); remount it writable or choose another store with PRODIGY_HOME`,
    });
  });

  it("goes behind what is there", async () => {
    const scene = await writerScene();
    await mkdir(scene.directory, { recursive: true });
    await writeFile(inDirectory(scene, "events-shared.jsonl"), lineOf(0));
    const writer = sharedFileWriter();
    await writer.open?.(scene.context);
    await writer.write(batchFrom(1, 1));
    await writer.close();
    expect(await textOf(scene)).toBe(lineOf(0) + lineOf(1));
  });

  it("ends a line that somebody left without its end, before every batch, with one write", async () => {
    const scene = await writerScene();
    const writer = sharedFileWriter();
    await writer.open?.(scene.context);
    await writer.write(batchFrom(0, 1));
    await appendFile(inDirectory(scene, "events-shared.jsonl"), "torn");
    await writer.write(batchFrom(1, 1));
    await writer.close();
    expect(await textOf(scene)).toBe(`${lineOf(0)}torn\n${lineOf(1)}`);
    expect(scene.calls("write", isShared)).toBe(2);
  });

  it("ends the torn line after a short write and sends its record again", async () => {
    const scene = await writerScene();
    const writer = sharedFileWriter();
    await writer.open?.(scene.context);
    const lines = numbers(3).map((sequence) => lineOf(sequence));
    const cut = (lines[0]?.length ?? 0) + 10;
    scene.disk.add({ operation: "write", path: isShared, shortWriteBytes: cut });
    await writer.write(encodeBatch(lines, 0));
    await writer.close();
    expect(await textOf(scene)).toBe(`${lines[0]}${lines[1]?.slice(0, 10)}\n${lines[1]}${lines[2]}`);
  });

  it.each([
    { landed: "all but a byte of the line", short: -2, again: true },
    { landed: "all of the line but its end", short: -1, again: true },
    { landed: "the line", short: 0, again: false },
    { landed: "the line and a byte", short: 1, again: false },
  ])("sends a line again when a short write took $landed: $again", async ({ short, again }) => {
    const [first = "", second = ""] = [lineOf(0), lineOf(1)];
    for (const tail of ["", "torn"]) {
      const scene = await writerScene();
      const writer = sharedFileWriter();
      await writer.open?.(scene.context);
      await writeFile(inDirectory(scene, "events-shared.jsonl"), tail);
      const ended = tail === "" ? "" : "torn\n";
      const landed = first.length + short;
      scene.disk.add({ operation: "write", path: isShared, shortWriteBytes: landed + (tail === "" ? 0 : 1) });
      // A writer may stop at a short write; what counts is that the batch is whole in the end.
      const write = (): Promise<void> => writer.write(encodeBatch([first, second], 0));
      await write().catch(write);
      await writer.close();
      const taken = (first + second).slice(0, landed);
      const torn = taken.endsWith("\n") ? taken : `${taken}\n`;
      expect(await textOf(scene)).toBe(ended + torn + (again ? first : "") + second);
    }
  });

  it("keeps whole a batch that comes in place of one that it has a part of", async () => {
    const scene = await writerScene();
    const writer = sharedFileWriter();
    await writer.open?.(scene.context);
    const [first = "", second = "", third = ""] = [lineOf(0), lineOf(1), lineOf(2)];
    scene.disk.add({ operation: "write", path: isShared, shortWriteBytes: (first + second).length });
    scene.disk.add({ operation: "write", path: isShared, nth: 2, error: "ENOSPC" });
    await expect(writer.write(encodeBatch([first, second, third], 0))).rejects.toMatchObject({
      code: "ENOSPC",
    });
    const fourth = lineOf(3);
    await writer.write(encodeBatch([first, third, fourth], 0, 3));
    await writer.close();
    expect(await textOf(scene)).toBe(first + second + first + third + fourth);
  });

  it("does not take a file that somebody emptied this very moment for one with a torn line", async () => {
    const scene = await writerScene();
    const writer = sharedFileWriter();
    await writer.open?.(scene.context);
    await writer.write(batchFrom(0, 1));
    const path = inDirectory(scene, "events-shared.jsonl");
    scene.disk.add({ operation: "read", path: isShared, run: () => truncate(path) });
    await writer.write(batchFrom(1, 1));
    await writer.close();
    expect(await textOf(scene)).toBe(lineOf(1));
  });

  it("rejects when not even one line fits, and goes on behind what did fit", async () => {
    const scene = await writerScene();
    const writer = sharedFileWriter();
    await writer.open?.(scene.context);
    const lines = numbers(2).map((sequence) => lineOf(sequence));
    scene.disk.add({ operation: "write", path: isShared, shortWriteBytes: (lines[0]?.length ?? 0) + 1 });
    scene.disk.add({ operation: "write", path: isShared, nth: 2, shortWriteBytes: 1 });
    const batch = encodeBatch(lines, 0);
    const path = inDirectory(scene, "events-shared.jsonl");
    await expect(writer.write(batch)).rejects.toMatchObject({
      code: "NO_PROGRESS",
      retryable: true,
      path,
      message: `cannot append to ${path}: the system took no whole line; free space on the device (df -h)`,
    });
    await writer.write(batch);
    await writer.close();
    expect(await textOf(scene)).toBe(`${lines[0]}${lines[1]?.slice(0, 1)}\n${lines[1]}`);
  });

  it.each([
    {
      what: "renamed",
      act: (path: string) => rename(path, path.replace("shared", "shared-20260101_120000_000")),
    },
    { what: "removed", act: (path: string) => rm(path) },
    { what: "replaced", act: (path: string) => rm(path).then(() => writeFile(path, "")) },
  ])("follows the path when the file was $what", async ({ what, act }) => {
    const scene = await writerScene();
    const writer = sharedFileWriter();
    await writer.open?.(scene.context);
    await writer.write(batchFrom(0, 1));
    await act(inDirectory(scene, "events-shared.jsonl"));
    await writer.write(batchFrom(1, 1));
    await writer.close();
    expect(await textOf(scene)).toBe(lineOf(1));
    if (what === "renamed") expect(await sequencesIn(scene.directory)).toEqual([0, 1]);
  });

  it("follows the path to another device, though the file there has the same inode number", async () => {
    const scene = await writerScene();
    const { fs } = scene.context;
    const devices = new Map<number, number>();
    let mounted = 0;
    const on = (device = 0) => ({
      of: (stats: Stats): Stats => Object.assign(stats, { dev: stats.dev + device }),
    });
    const open: typeof fs.open = async (...args) => {
      const fd = await fs.open(...args);
      devices.set(fd, mounted);
      return fd;
    };
    const stat: typeof fs.stat = async (path) => on(mounted).of(await fs.stat(path));
    const fstat: typeof fs.fstat = async (fd) => on(devices.get(fd)).of(await fs.fstat(fd));
    const writer = sharedFileWriter();
    await writer.open?.({ ...scene.context, fs: { ...fs, open, stat, fstat } });
    await writer.write(batchFrom(0, 1));
    mounted = 1;
    await writer.write(batchFrom(1, 1));
    await writer.close();
    expect(scene.calls("open", isShared)).toBe(2);
  });

  describe("whose file is taken away between the look at its name and the write", () => {
    const aside = (path: string): string => path.replace("shared", "shared-20260101_120000_000");
    const takings = [
      { what: "removed", take: (path: string): void => rmSync(path) },
      { what: "renamed", take: (path: string): void => renameSync(path, aside(path)) },
      {
        what: "set aside and removed by a clean",
        take: (path: string): void => {
          renameSync(path, aside(path));
          rmSync(aside(path));
        },
      },
    ];

    it.each(takings)(
      "confirms only what is in the file at the path, after it was $what",
      async ({ take }) => {
        const scene = await writerScene();
        const writer = sharedFileWriter();
        await writer.open?.(scene.context);
        await writer.write(batchFrom(0, 1));
        const path = inDirectory(scene, "events-shared.jsonl");
        scene.disk.add({ operation: "write", path: isShared, run: () => take(path) });
        await writer.write(batchFrom(1, 2));
        await writer.close();
        expect(await textOf(scene)).toBe(lineOf(1) + lineOf(2));
      },
    );

    it.each(takings)(
      "confirms at exit only what is in the file at the path, after it was $what",
      async ({ take }) => {
        const scene = await writerScene();
        const writer = sharedFileWriter();
        await writer.open?.(scene.context);
        await writer.write(batchFrom(0, 1));
        const path = inDirectory(scene, "events-shared.jsonl");
        scene.disk.add({ operation: "writeSync", path: isShared, run: () => take(path) });
        writer.writeSync?.(batchFrom(1, 2));
        await writer.close();
        expect(await textOf(scene)).toBe(lineOf(1) + lineOf(2));
        expect(scene.calls("openSync", isShared)).toBe(scene.calls("closeSync", isShared));
      },
    );

    it("confirms nothing while that happens again and again", async () => {
      const scene = await writerScene();
      const writer = sharedFileWriter();
      await writer.open?.(scene.context);
      const path = inDirectory(scene, "events-shared.jsonl");
      const operation = ["write", "writeSync"];
      scene.disk.add({ operation, path: isShared, times: "from then on", run: () => rmSync(path) });
      const failure = {
        name: "WriteError",
        code: "SEGMENT_GONE",
        retryable: true,
        path,
        message: `cannot append to ${path}: somebody renames or removes it again and again; look who does, or give each writer a file of its own (SEGMENT_GONE)`,
      };
      await expect(writer.write(batchFrom(0, 2))).rejects.toMatchObject(failure);
      expect(() => writer.writeSync?.(batchFrom(0, 2))).toThrow(expect.objectContaining(failure));
      scene.disk.heal();
      await writer.write(batchFrom(0, 2));
      await writer.close();
      expect(await textOf(scene)).toBe(lineOf(0) + lineOf(1));
      expect(scene.calls("open", isShared)).toBe(scene.calls("close", isShared));
    });

    it("says that the path cannot be examined at exit", async () => {
      const scene = await writerScene();
      const writer = sharedFileWriter();
      await writer.open?.(scene.context);
      scene.disk.add({ operation: "statSync", path: isShared, error: "EACCES" });
      expect(() => writer.writeSync?.(batchFrom(0, 1))).toThrow(expect.objectContaining({ code: "EACCES" }));
    });
  });

  it("puts a batch whole into the new file when it has a part of it in one that was renamed", async () => {
    const scene = await writerScene();
    const writer = sharedFileWriter();
    await writer.open?.(scene.context);
    const [first = "", second = ""] = [lineOf(0), lineOf(1)];
    scene.disk.add({ operation: "write", path: isShared, shortWriteBytes: first.length });
    scene.disk.add({ operation: "write", path: isShared, nth: 2, error: "ENOSPC" });
    const batch = encodeBatch([first, second], 0);
    await expect(writer.write(batch)).rejects.toMatchObject({ code: "ENOSPC" });
    const path = inDirectory(scene, "events-shared.jsonl");
    await rename(path, path.replace("shared", "shared-20260101_120000_000"));
    await writer.write(batch);
    await writer.close();
    // What is in the old file was never synced.
    expect(await textOf(scene)).toBe(first + second);
  });

  it("makes the directory again when that was removed", async () => {
    const scene = await writerScene();
    const writer = sharedFileWriter();
    await writer.open?.(scene.context);
    await writer.write(batchFrom(0, 1));
    await rm(scene.directory, { recursive: true });
    await writer.write(batchFrom(1, 1));
    await writer.close();
    expect(await textOf(scene)).toBe(lineOf(1));
  });

  it("sends the whole batch again through a fresh descriptor after a failed sync", async () => {
    const scene = await writerScene();
    const writer = sharedFileWriter();
    await writer.open?.(scene.context);
    scene.disk.add({ operation: "fdatasync", error: "EIO" });
    await expect(writer.write(batchFrom(0, 2))).rejects.toMatchObject({ code: "EIO" });
    await writer.write(batchFrom(0, 2));
    await writer.close();
    const { records, duplicates } = await readBack(scene.directory);
    expect([records.length, duplicates]).toEqual([2, 2]);
    expect(scene.calls("open", isShared)).toBe(2);
  });

  it("takes a batch that it has confirmed before as done", async () => {
    const scene = await writerScene();
    const writer = sharedFileWriter();
    await writer.open?.(scene.context);
    await writer.write(batchFrom(0, 2));
    await writer.write(batchFrom(0, 2));
    writer.writeSync?.(batchFrom(0, 2));
    await writer.write(batchFrom(1, 1));
    writer.writeSync?.(batchFrom(1, 1));
    await writer.close();
    expect(await textOf(scene)).toBe(lineOf(0) + lineOf(1));
  });

  it("writes synchronously at exit, behind whatever is there", async () => {
    const scene = await writerScene();
    const writer = sharedFileWriter();
    await writer.open?.(scene.context);
    writer.writeSync?.(batchFrom(0, 1));
    await appendFile(inDirectory(scene, "events-shared.jsonl"), "torn");
    writer.writeSync?.(batchFrom(1, 2));
    expect(await textOf(scene)).toBe(`${lineOf(0)}torn\n${lineOf(1)}${lineOf(2)}`);
    expect(scene.calls("closeSync", isShared)).toBe(2);
  });

  it("goes on after a short write at exit", async () => {
    const scene = await writerScene();
    const writer = sharedFileWriter();
    await writer.open?.(scene.context);
    scene.disk.add({ operation: "writeSync", shortWriteBytes: 10 });
    writer.writeSync?.(batchFrom(0, 2));
    expect(await textOf(scene)).toBe(lineOf(0) + lineOf(1));
  });

  it.each([
    { operation: "openSync", opened: 0 },
    { operation: "writeSync", opened: 1 },
    { operation: "fsyncSync", opened: 1 },
  ])("says what $operation reports at exit, and leaves no descriptor open", async ({ operation, opened }) => {
    const scene = await writerScene();
    const writer = sharedFileWriter();
    await writer.open?.(scene.context);
    scene.disk.add({ operation, error: "EMFILE" });
    const path = inDirectory(scene, "events-shared.jsonl");
    const message = `cannot append to ${path}: this process has too many open files (EMFILE); raise the limit (ulimit -n)`;
    expect(() => writer.writeSync?.(batchFrom(0, 1))).toThrow(
      expect.objectContaining({ name: "WriteError", code: "EMFILE", path, message }),
    );
    expect(scene.calls("closeSync")).toBe(opened);
  });

  it("does not write through a symbolic link", async () => {
    const scene = await writerScene();
    const writer = sharedFileWriter();
    await writer.open?.(scene.context);
    const victim = join(scene.context.root, "victim");
    await symlink(victim, inDirectory(scene, "events-shared.jsonl"));
    await expect(writer.write(batchFrom(0, 1))).rejects.toMatchObject({ code: "ELOOP" });
    await expect(stat(victim)).rejects.toMatchObject({ code: "ENOENT" });
  });

  it("does not hang on a FIFO", async () => {
    const scene = await writerScene();
    const writer = sharedFileWriter();
    await writer.open?.(scene.context);
    const path = inDirectory(scene, "events-shared.jsonl");
    execFileSync("mkfifo", [path]);
    await expect(writer.write(batchFrom(0, 1))).rejects.toMatchObject({
      code: "NOT_A_REGULAR_FILE",
      retryable: true,
      path,
      message: `${path} is not a regular file; events can only be appended to one`,
    });
    expect(scene.calls("close", isShared)).toBe(1);
  });

  it("rejects before it is opened and after it is closed", async () => {
    const scene = await writerScene();
    const writer = sharedFileWriter();
    await expect(writer.write(batchFrom(0, 1))).rejects.toMatchObject({
      code: "NOT_OPEN",
      message: "the shared-file writer is not open; await open() before the first batch",
    });
    await writer.open?.(scene.context);
    await writer.close();
    await expect(writer.write(batchFrom(0, 1))).rejects.toMatchObject({
      code: "WRITER_CLOSED",
      message: "the shared-file writer is closed; make a new one",
    });
  });

  it.each([
    { operation: "stat", attempt: "examine" },
    { operation: "fstat", attempt: "examine" },
    { operation: "read", attempt: "append to" },
    { operation: "write", attempt: "append to" },
    { operation: "fdatasync", attempt: "fdatasync" },
    { operation: "open", attempt: "open" },
  ])(
    "says that it cannot $attempt the file after a failing $operation, and goes on",
    async ({ operation, attempt }) => {
      const scene = await writerScene();
      const writer = sharedFileWriter();
      await writer.open?.(scene.context);
      if (operation !== "open") await writer.write(batchFrom(0, 1));
      scene.disk.add({ operation, path: isShared, error: "EIO" });
      const path = inDirectory(scene, "events-shared.jsonl");
      await expect(writer.write(batchFrom(1, 1))).rejects.toMatchObject({
        code: "EIO",
        retryable: true,
        path,
        message: `cannot ${attempt} ${path}: input/output error (EIO); the disk may be failing: check the kernel log (dmesg) and back up`,
      });
      await writer.write(batchFrom(1, 1));
      await writer.close();
      expect((await sequencesIn(scene.directory)).at(-1)).toBe(1);
    },
  );
});
