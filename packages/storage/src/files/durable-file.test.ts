import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { faultyFileSystem, temporaryDirectory } from "@prodigy-events/test-kit";
import { describe, expect, it } from "vitest";
import { syncDirectory, writeFileDurably } from "./durable-file.js";
import { nodeFileSystem } from "./node-file-system.js";

const bytes = Buffer.from("new content");

describe("writeFileDurably", () => {
  it("fsyncs the file before the rename and the directory after it", async () => {
    const directory = await temporaryDirectory();
    const disk = faultyFileSystem(nodeFileSystem);
    await writeFileDurably(directory.join("x.json"), bytes, disk.fs);
    const steps = disk.calls.map(
      ({ operation, path }) => `${operation} ${path === directory.path ? "directory" : "file"}`,
    );
    expect(steps).toEqual([
      "open file",
      "write file",
      "fsync file",
      "close file",
      "rename file",
      "open directory",
      "fsync directory",
      "close directory",
    ]);
    expect(readFileSync(directory.join("x.json"))).toEqual(bytes);
  });

  it("makes a file that only its owner can read, also in place of a looser one", async () => {
    const path = (await temporaryDirectory()).join("x.json");
    writeFileSync(path, "old", { mode: 0o644 });
    await writeFileDurably(path, bytes, nodeFileSystem);
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it("goes on after short writes", async () => {
    const path = (await temporaryDirectory()).join("x.json");
    const disk = faultyFileSystem(nodeFileSystem, [
      { operation: "write", times: "from then on", shortWriteBytes: 3 },
    ]);
    await writeFileDurably(path, bytes, disk.fs);
    expect(readFileSync(path)).toEqual(bytes);
    expect(disk.calls.filter(({ operation }) => operation === "write")).toHaveLength(4);
  });

  it("gives up when the system takes nothing, instead of trying for ever", async () => {
    const path = (await temporaryDirectory()).join("x.json");
    const disk = faultyFileSystem(nodeFileSystem, [
      { operation: "write", times: "from then on", shortWriteBytes: 0 },
    ]);
    await expect(writeFileDurably(path, bytes, disk.fs)).rejects.toMatchObject({ code: "EIO" });
  });

  it.each(["open", "write", "fsync", "close", "rename"])(
    "leaves the old content and no temporary file when %s fails",
    async (operation) => {
      const directory = await temporaryDirectory();
      writeFileSync(directory.join("x.json"), "old");
      const disk = faultyFileSystem(nodeFileSystem, [
        { operation, error: "EIO", when: operation === "close" ? "after" : "before" },
      ]);
      await expect(writeFileDurably(directory.join("x.json"), bytes, disk.fs)).rejects.toMatchObject({
        code: "EIO",
      });
      expect(readdirSync(directory.path)).toEqual(["x.json"]);
      expect(readFileSync(directory.join("x.json"), "utf8")).toBe("old");
    },
  );

  it("reports that the directory could not be fsynced", async () => {
    const directory = await temporaryDirectory();
    const disk = faultyFileSystem(nodeFileSystem, [{ operation: "fsync", nth: 2, error: "EIO" }]);
    await expect(writeFileDurably(directory.join("x.json"), bytes, disk.fs)).rejects.toMatchObject({
      code: "EIO",
    });
  });
});

describe("syncDirectory", () => {
  it.each(["EINVAL", "ENOTSUP"])("takes %s for a file system that cannot sync directories", async (error) => {
    const { path } = await temporaryDirectory();
    await syncDirectory(path, faultyFileSystem(nodeFileSystem, [{ operation: "fsync", error }]).fs);
  });

  it("says which directory failed", async () => {
    const { join } = await temporaryDirectory();
    await expect(syncDirectory(join("missing"), nodeFileSystem)).rejects.toThrow(
      `cannot fsync the directory ${join("missing")}`,
    );
  });
});
