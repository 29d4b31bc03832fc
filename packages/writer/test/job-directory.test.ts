import { chmod, mkdir, readdir, readFile, symlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { segmentWriter, sharedFileWriter, type WriterContext, type WriterWarning } from "../src/index.js";
import { batchFrom, writerScene } from "./writer-scene.js";

/** Opens and closes a writer and returns what it warned of. */
async function warningsOf(context: WriterContext): Promise<WriterWarning[]> {
  const warnings: WriterWarning[] = [];
  const writer = segmentWriter();
  await writer.open?.({ ...context, onWarning: (warning) => warnings.push(warning) });
  await writer.close();
  return warnings;
}

describe("the job's directory", () => {
  it("is made without a warning under a root of one's own", async () => {
    const { context } = await writerScene();
    expect(await warningsOf(context)).toEqual([]);
  });

  it("is a warning under a root that others can enter", async () => {
    const { context } = await writerScene();
    await chmod(context.root, 0o755);
    const { root } = context;
    const message = `${root} has mode 0755, so that others can reach it; run 'chmod 700 ${root}'`;
    expect(await warningsOf(context)).toEqual([{ code: "LOOSE_ROOT", message, path: root }]);
  });

  it("is a warning, once, for a second repository of the same name", async () => {
    const { context } = await writerScene();
    const one = { ...context, repoPath: join(context.root, "one") };
    const other = { ...context, repoPath: join(context.root, "other"), producerId: "producertwo" };
    await mkdir(one.repoPath);
    await mkdir(other.repoPath);
    expect(await warningsOf(one)).toEqual([]);
    const message =
      `the repositories ${one.repoPath} and ${other.repoPath} are both called "repo" and share one ` +
      "directory of events; give one of them another name with the option 'repo' or PRODIGY_REPO";
    expect(await warningsOf(other)).toEqual([{ code: "REPOSITORY_CONFLICT", message, path: context.root }]);
    expect(await warningsOf({ ...other, producerId: "producerthree" })).toEqual([]);
  });

  it("says nothing of another repository where one's own is not known", async () => {
    const { context, directory } = await writerScene();
    await warningsOf({ ...context, repoPath: context.root });
    const claim = join(dirname(directory), ".repo.json");
    const before = await readFile(claim, "utf8");
    expect(await warningsOf({ ...context, producerId: "producertwo" })).toEqual([]);
    expect(await readFile(claim, "utf8")).toBe(before);
  });

  it("says what it cannot make, and why", async () => {
    const { context, directory } = await writerScene({ faults: [{ operation: "mkdir", error: "EMFILE" }] });
    await expect(segmentWriter().open?.(context)).rejects.toMatchObject({
      name: "WriteError",
      code: "EMFILE",
      message: `cannot create the directory ${directory}: this process has too many open files (EMFILE); raise the limit (ulimit -n)`,
      path: directory,
    });
  });

  it("is used although nobody can tell whose it is", async () => {
    const scene = await writerScene();
    const { root } = scene.context;
    scene.disk.add({ operation: "stat", path: root, times: "from then on", error: "EIO" });
    const writer = segmentWriter();
    await writer.open?.(scene.context);
    await writer.write(batchFrom(0, 1));
    await writer.close();
    expect(scene.warnings).toMatchObject([{ code: "STORE_UNCHECKED" }]);
  });

  it("is not entered through a symbolic link", async () => {
    const { context, directory } = await writerScene();
    await mkdir(join(directory, ".."), { recursive: true });
    await symlink(context.root, directory);
    await expect(segmentWriter().open?.(context)).rejects.toMatchObject({ code: "DIRECTORY_IS_LINK" });
  });

  it.each([
    ["segment", segmentWriter],
    ["shared-file", sharedFileWriter],
  ])(
    "is not entered through a symbolic link at the end of a process either, by a %s writer",
    async (_, make) => {
      const { context, directory } = await writerScene();
      const outside = join(context.root, "outside");
      await mkdir(outside, { recursive: true });
      await mkdir(join(directory, ".."), { recursive: true });
      await symlink(outside, directory);
      const writer = make();
      await expect(writer.open?.(context)).rejects.toMatchObject({ code: "DIRECTORY_IS_LINK" });
      const refusal = expect.objectContaining({ code: "DIRECTORY_IS_LINK" });
      expect(() => writer.writeSync?.(batchFrom(0, 2))).toThrow(refusal);
      expect(await readdir(outside)).toEqual([]);
    },
  );

  it("may be opened by two writers of one producer", async () => {
    const { context } = await writerScene();
    await warningsOf(context);
    expect(await warningsOf(context)).toEqual([]);
  });
});
