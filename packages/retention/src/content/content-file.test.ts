import { readFile, rename, stat } from "node:fs/promises";
import { join } from "node:path";
import { nodeFileSystem } from "@prodigy-events/storage";
import { faultyFileSystem, temporaryDirectory } from "@prodigy-events/test-kit";
import { expect, it } from "vitest";
import { ContentFile } from "./content-file.js";
import { contentSums } from "./content-sums.js";

const gone = { code: "ENOENT" };

async function freshFile() {
  const path = join((await temporaryDirectory()).path, "x.jsonl");
  const disk = faultyFileSystem(nodeFileSystem);
  const countOf = (operation: string) => disk.calls.filter((call) => call.operation === operation).length;
  return { path, disk, countOf, file: await ContentFile.create(path, disk.fs) };
}

it("holds what was written, is private, durable and closed once finished, and says the sums", async () => {
  const { path, file, countOf } = await freshFile();
  await file.write(Buffer.from("first\n"));
  await file.write(Buffer.from("second\n"));
  const sums = await file.finish();
  expect(await readFile(path, "utf8")).toBe("first\nsecond\n");
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  expect(sums).toEqual(await contentSums(path, nodeFileSystem));
  expect(countOf("fsync")).toBe(1);
  expect(countOf("close")).toBe(1);
});

it("is closed and gone once it is discarded, however often, and whether or not it was finished", async () => {
  for (const isFinished of [true, false]) {
    const { path, file, countOf } = await freshFile();
    if (isFinished) await file.finish();
    await file.discard();
    await file.discard();
    await expect(stat(path)).rejects.toMatchObject(gone);
    expect(countOf("close")).toBe(1);
  }
});

it("stays where it was renamed to when it is discarded", async () => {
  const { path, file } = await freshFile();
  await file.write(Buffer.from("kept\n"));
  await file.finish();
  await rename(path, `${path}.kept`);
  await file.discard();
  expect(await readFile(`${path}.kept`, "utf8")).toBe("kept\n");
});

it("never takes the place of another", async () => {
  const { path, disk } = await freshFile();
  await expect(ContentFile.create(path, disk.fs)).rejects.toMatchObject({ code: "EEXIST", path });
});
