import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { faultyFileSystem, temporaryDirectory } from "@prodigy-events/test-kit";
import { describe, expect, it } from "vitest";
import { nodeFileSystem } from "./node-file-system.js";
import { createPrivateFile, openForReading, readFully } from "./regular-file.js";

const openDescriptors = () => readdirSync("/proc/self/fd").length;

describe("openForReading", () => {
  it("opens a regular file", async () => {
    const path = (await temporaryDirectory()).join("file");
    writeFileSync(path, "abc");
    const { fd, stats } = await openForReading(path, nodeFileSystem);
    expect(stats.size).toBe(3);
    await nodeFileSystem.close(fd);
  });

  it("refuses a FIFO without waiting for a writer", async () => {
    const path = (await temporaryDirectory()).join("fifo");
    execFileSync("mkfifo", [path]);
    await expect(openForReading(path, nodeFileSystem)).rejects.toMatchObject({
      code: "NOT_A_REGULAR_FILE",
      path,
    });
  });

  it.each(["/dev/zero", "/tmp"])("refuses %s and closes it", async (path) => {
    const before = openDescriptors();
    await expect(openForReading(path, nodeFileSystem)).rejects.toMatchObject({ code: "NOT_A_REGULAR_FILE" });
    expect(openDescriptors()).toBe(before);
  });

  it("closes what it cannot examine", async () => {
    const path = (await temporaryDirectory()).join("file");
    writeFileSync(path, "");
    const before = openDescriptors();
    const disk = faultyFileSystem(nodeFileSystem, [{ operation: "fstat", error: "EIO" }]);
    await expect(openForReading(path, disk.fs)).rejects.toMatchObject({ code: "EIO" });
    expect(openDescriptors()).toBe(before);
  });
});

describe("createPrivateFile", () => {
  it("makes a file that only its owner can read", async () => {
    const path = (await temporaryDirectory()).join("file");
    await nodeFileSystem.close(await createPrivateFile(path, nodeFileSystem));
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it("never follows a link that somebody put in the way", async () => {
    const directory = await temporaryDirectory();
    symlinkSync(directory.join("victim"), directory.join("link"));
    await expect(createPrivateFile(directory.join("link"), nodeFileSystem)).rejects.toMatchObject({
      code: "EEXIST",
    });
    expect(existsSync(directory.join("victim"))).toBe(false);
  });
});

describe("readFully", () => {
  it("puts short reads together and stops at the end of the file", async () => {
    const path = (await temporaryDirectory()).join("file");
    writeFileSync(path, "0123456789");
    const { fd } = await openForReading(path, nodeFileSystem);
    const threeAtATime = {
      ...nodeFileSystem,
      read: (...args: Parameters<typeof nodeFileSystem.read>) =>
        nodeFileSystem.read(args[0], args[1], args[2], Math.min(3, args[3]), args[4]),
    };
    const buffer = Buffer.alloc(20);
    expect(await readFully(fd, buffer, 20, 1, path, threeAtATime)).toBe(9);
    expect(buffer.toString("utf8", 0, 9)).toBe("123456789");
    await nodeFileSystem.close(fd);
  });

  it("says which file could not be read", async () => {
    const path = (await temporaryDirectory()).join("file");
    writeFileSync(path, "abc");
    const disk = faultyFileSystem(nodeFileSystem, [{ operation: "read", error: "EIO" }]);
    const { fd } = await openForReading(path, disk.fs);
    await expect(readFully(fd, Buffer.alloc(3), 3, 0, path, disk.fs)).rejects.toThrow(`cannot read ${path}`);
    await disk.fs.close(fd);
  });
});
