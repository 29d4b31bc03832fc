import { chmod, mkdir, symlink } from "node:fs/promises";
import { join } from "node:path";
import { currentProcessIdentity, registerProducer } from "@prodigy-events/storage";
import { describe, expect, it } from "vitest";
import { segmentWriter, type WriterContext, type WriterWarning } from "../src/index.js";
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
    expect(await warningsOf(context)).toMatchObject([
      { code: "LOOSE_ROOT", message: /mode 0755.*chmod 700/ },
    ]);
  });

  it("is a warning, once, for a second repository of the same name", async () => {
    const { context } = await writerScene();
    const one = { ...context, repoPath: join(context.root, "one") };
    const other = { ...context, repoPath: join(context.root, "other"), producerId: "producertwo" };
    await mkdir(one.repoPath);
    await mkdir(other.repoPath);
    expect(await warningsOf(one)).toEqual([]);
    expect(await warningsOf(other)).toMatchObject([{ code: "REPOSITORY_CONFLICT", message: /PRODIGY_REPO/ }]);
    expect(await warningsOf({ ...other, producerId: "producerthree" })).toEqual([]);
  });

  it("is used although nobody can tell whose it is", async () => {
    const scene = await writerScene({ faults: [{ operation: "stat", error: "EIO" }] });
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

  it("may be opened by two writers of one producer", async () => {
    const { context } = await writerScene();
    await warningsOf(context);
    expect(await warningsOf(context)).toEqual([]);
  });

  it("may not be opened by a producer whose id another process has", async () => {
    const { context, directory } = await writerScene();
    const { producerId } = context;
    const other = {
      ...currentProcessIdentity(),
      processStartTime: "1",
      producerId,
      version: "0",
      startedAt: "",
    };
    await mkdir(directory, { recursive: true });
    await registerProducer(directory, other);
    await expect(segmentWriter().open?.(context)).rejects.toMatchObject({ code: "PRODUCER_EXISTS" });
  });
});
