import { chmodSync, existsSync, mkdirSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { faultyFileSystem, temporaryDirectory } from "@prodigy-events/test-kit";
import { describe, expect, it } from "vitest";
import { nodeFileSystem } from "./node-file-system.js";
import { directoryPrivacy, ensurePrivateDirectory } from "./private-directory.js";

describe("ensurePrivateDirectory", () => {
  it("creates the directory and those above it, each with mode 0700", async () => {
    const { join } = await temporaryDirectory();
    await ensurePrivateDirectory(join("a", "b", "c"), nodeFileSystem);
    expect(
      [join("a"), join("a", "b"), join("a", "b", "c")].map((path) => statSync(path).mode & 0o777),
    ).toEqual([0o700, 0o700, 0o700]);
  });

  it("makes the new names durable by an fsync of each directory above", async () => {
    const { path, join } = await temporaryDirectory();
    const disk = faultyFileSystem(nodeFileSystem);
    await ensurePrivateDirectory(join("a", "b"), disk.fs);
    const synced = disk.calls.filter(({ operation }) => operation === "fsync").map((call) => call.path);
    expect(synced).toEqual([path, dirname(path), join("a")]);
  });

  /** A file system, and the directories that were synced through it since the last look. */
  function watched() {
    const disk = faultyFileSystem(nodeFileSystem);
    let seen = 0;
    const synced = (): (string | undefined)[] => {
      const calls = disk.calls.slice(seen).filter(({ operation }) => operation === "fsync");
      seen = disk.calls.length;
      return calls.map((call) => call.path);
    };
    return { ...disk, synced };
  }

  it("makes the names durable of directories that another process has only just made, once", async () => {
    const { path, join } = await temporaryDirectory();
    mkdirSync(join("a", "b"), { recursive: true, mode: 0o700 });
    const { fs, synced } = watched();
    await ensurePrivateDirectory(join("a", "b"), fs);
    expect(synced()).toEqual([join("a"), path, dirname(path)]);
    await ensurePrivateDirectory(join("a", "b"), fs);
    await ensurePrivateDirectory(join("a", "c"), fs);
    expect(synced()).toEqual([join("a")]);
  });

  it("makes the name durable of a directory that it made when the fsync failed", async () => {
    const { join } = await temporaryDirectory();
    const { fs, add, synced } = watched();
    await ensurePrivateDirectory(join("a"), fs);
    synced();
    add({ operation: "fsync", path: join("a"), error: "EIO" });
    await expect(ensurePrivateDirectory(join("a", "b", "c"), fs)).rejects.toMatchObject({ code: "EIO" });
    expect(synced()).toEqual([join("a")]);
    await ensurePrivateDirectory(join("a", "b", "c"), fs);
    expect(synced()).toEqual([join("a", "b"), join("a")]);
  });

  it("tries again when that fails for one that was there", async () => {
    const { path, join } = await temporaryDirectory();
    mkdirSync(join("a"), { mode: 0o700 });
    const { fs, add, synced } = watched();
    add({ operation: "fsync", path, error: "EIO" });
    await expect(ensurePrivateDirectory(join("a"), fs)).rejects.toMatchObject({ code: "EIO" });
    synced();
    await ensurePrivateDirectory(join("a"), fs);
    expect(synced()).toEqual([path, dirname(path)]);
  });

  it("leaves the names to others that others have made", async () => {
    const { join } = await temporaryDirectory();
    mkdirSync(join("a", "b"), { recursive: true, mode: 0o755 });
    const { fs, synced } = watched();
    await ensurePrivateDirectory(join("a", "b"), fs);
    expect(synced()).toEqual([]);
  });

  it("does with a directory in one that it may not list", async () => {
    const { path, join } = await temporaryDirectory();
    mkdirSync(join("a"), { mode: 0o700 });
    const { fs, add } = watched();
    add({ operation: "open", path, error: "EACCES" });
    await ensurePrivateDirectory(join("a"), fs);
  });

  it("takes an existing directory as it is", async () => {
    const { join } = await temporaryDirectory();
    mkdirSync(join("a"), { mode: 0o755 });
    await ensurePrivateDirectory(join("a"), nodeFileSystem);
    expect(statSync(join("a")).mode & 0o777).toBe(0o755);
  });

  it("can be asked by many at once", async () => {
    const { join } = await temporaryDirectory();
    await Promise.all(
      Array.from({ length: 8 }, () => ensurePrivateDirectory(join("a", "b", "c"), nodeFileSystem)),
    );
    expect(existsSync(join("a", "b", "c"))).toBe(true);
  });

  it("gives up where the directory above exists and yet nothing can be created in it", async () => {
    const { join } = await temporaryDirectory();
    const disk = faultyFileSystem(nodeFileSystem);
    disk.add({ operation: "mkdir", path: join("a"), error: "ENOENT", times: "from then on" });
    await expect(ensurePrivateDirectory(join("a"), disk.fs)).rejects.toMatchObject({
      code: "ENOENT",
      path: join("a"),
    });
  });

  it("refuses a link in the last place", async () => {
    const { join } = await temporaryDirectory();
    mkdirSync(join("real"));
    symlinkSync("real", join("link"));
    await expect(ensurePrivateDirectory(join("link"), nodeFileSystem)).rejects.toMatchObject({
      code: "DIRECTORY_IS_LINK",
    });
    await ensurePrivateDirectory(join("link", "below"), nodeFileSystem);
    expect(existsSync(join("real", "below"))).toBe(true);
  });

  it("refuses a dangling link above instead of trying for ever", async () => {
    const { join } = await temporaryDirectory();
    symlinkSync("nowhere", join("link"));
    await expect(ensurePrivateDirectory(join("link", "below"), nodeFileSystem)).rejects.toMatchObject({
      code: "DIRECTORY_IS_LINK",
    });
  });

  it("refuses a file in its place, and one above it", async () => {
    const { join } = await temporaryDirectory();
    writeFileSync(join("file"), "");
    await expect(ensurePrivateDirectory(join("file"), nodeFileSystem)).rejects.toMatchObject({
      code: "NOT_A_DIRECTORY",
    });
    await expect(ensurePrivateDirectory(join("file", "below"), nodeFileSystem)).rejects.toMatchObject({
      code: "ENOTDIR",
    });
  });

  it.each([
    ["mkdir", "EROFS"],
    ["mkdir", "EACCES"],
    ["mkdir", "ENOSPC"],
    ["fsync", "EIO"],
  ])("says what %s could not do (%s)", async (operation, error) => {
    const { join } = await temporaryDirectory();
    const disk = faultyFileSystem(nodeFileSystem, [{ operation, error }]);
    await expect(ensurePrivateDirectory(join("a"), disk.fs)).rejects.toMatchObject({
      name: "StorageError",
      code: error,
    });
  });

  it("says so when what is there cannot be examined", async () => {
    const { path } = await temporaryDirectory();
    const disk = faultyFileSystem(nodeFileSystem, [{ operation: "lstat", error: "EACCES" }]);
    await expect(ensurePrivateDirectory(path, disk.fs)).rejects.toMatchObject({ code: "EACCES" });
  });
});

describe("directoryPrivacy", () => {
  it.each([
    [0o700, true],
    [0o500, true],
    [0o710, false],
    [0o755, false],
    [0o1777, false],
  ])("of mode %o", async (mode, isPrivate) => {
    const { path } = await temporaryDirectory();
    chmodSync(path, mode);
    expect(await directoryPrivacy(path, nodeFileSystem)).toEqual({ isPrivate, isOurs: true, mode });
    chmodSync(path, 0o700);
  });

  it("tells a directory of somebody else", async () => {
    const { path } = await temporaryDirectory();
    const somebody = { ...statSync(path), uid: (process.getuid?.() ?? 0) + 1 };
    const fs = { ...nodeFileSystem, stat: async () => Object.assign(statSync(path), somebody) };
    expect((await directoryPrivacy(path, fs)).isOurs).toBe(false);
  });

  it("fails for a directory that is not there", async () => {
    const { join } = await temporaryDirectory();
    await expect(directoryPrivacy(join("missing"), nodeFileSystem)).rejects.toMatchObject({ code: "ENOENT" });
  });
});
