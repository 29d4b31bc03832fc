import { execFileSync } from "node:child_process";
import { appendFile, mkdir, readFile, rename, rm, stat, symlink, writeFile } from "node:fs/promises";
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

  it("rejects when not even one line fits, and goes on behind what did fit", async () => {
    const scene = await writerScene();
    const writer = sharedFileWriter();
    await writer.open?.(scene.context);
    const lines = numbers(2).map((sequence) => lineOf(sequence));
    scene.disk.add({ operation: "write", path: isShared, shortWriteBytes: (lines[0]?.length ?? 0) + 1 });
    scene.disk.add({ operation: "write", path: isShared, nth: 2, shortWriteBytes: 1 });
    const batch = encodeBatch(lines, 0);
    await expect(writer.write(batch)).rejects.toMatchObject({ code: "NO_PROGRESS", retryable: true });
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
    await writer.close();
    expect(await sequencesIn(scene.directory)).toEqual([0, 1]);
  });

  it("writes synchronously at exit, behind whatever is there", async () => {
    const scene = await writerScene();
    const writer = sharedFileWriter();
    await writer.open?.(scene.context);
    writer.writeSync?.(batchFrom(0, 1));
    await appendFile(inDirectory(scene, "events-shared.jsonl"), "torn");
    writer.writeSync?.(batchFrom(1, 2));
    expect(await textOf(scene)).toBe(`${lineOf(0)}torn\n${lineOf(1)}${lineOf(2)}`);
    scene.disk.add({ operation: "writeSync", error: "ENOSPC" });
    expect(() => writer.writeSync?.(batchFrom(3, 1))).toThrow(expect.objectContaining({ code: "ENOSPC" }));
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
    execFileSync("mkfifo", [inDirectory(scene, "events-shared.jsonl")]);
    await expect(writer.write(batchFrom(0, 1))).rejects.toMatchObject({ code: "NOT_A_REGULAR_FILE" });
  });

  it("rejects before it is opened and after it is closed", async () => {
    const scene = await writerScene();
    const writer = sharedFileWriter();
    await expect(writer.write(batchFrom(0, 1))).rejects.toMatchObject({ code: "NOT_OPEN" });
    await writer.open?.(scene.context);
    await writer.close();
    await expect(writer.write(batchFrom(0, 1))).rejects.toMatchObject({ code: "WRITER_CLOSED" });
  });

  it.each(["stat", "fstat", "read", "write", "open"])(
    "rejects with the code of a failing %s and goes on",
    async (operation) => {
      const scene = await writerScene();
      const writer = sharedFileWriter();
      await writer.open?.(scene.context);
      if (operation !== "open") await writer.write(batchFrom(0, 1));
      scene.disk.add({ operation, path: isShared, error: "EIO" });
      await expect(writer.write(batchFrom(1, 1))).rejects.toMatchObject({ code: "EIO", retryable: true });
      await writer.write(batchFrom(1, 1));
      await writer.close();
      expect((await sequencesIn(scene.directory)).at(-1)).toBe(1);
    },
  );
});
