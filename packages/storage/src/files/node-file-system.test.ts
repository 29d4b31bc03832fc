import { constants, existsSync, lstatSync, readdirSync, readFileSync } from "node:fs";
import { temporaryDirectory } from "@prodigy-events/test-kit";
import { expect, it } from "vitest";
import { nodeFileSystem as fs } from "./node-file-system.js";

const create = constants.O_CREAT | constants.O_EXCL | constants.O_RDWR;
const bytes = Buffer.from("0123456789");

it("writes at the descriptor's position and reads anywhere", async () => {
  const path = (await temporaryDirectory()).join("file");
  const fd = await fs.open(path, create, 0o600);
  await fs.write(fd, bytes, 0, 4);
  await fs.write(fd, bytes, 8, 2);
  const buffer = Buffer.alloc(4);
  expect(await fs.read(fd, buffer, 1, 3, 2)).toBe(3);
  expect(buffer.toString("latin1")).toBe("\x00238");
  await fs.ftruncate(fd, 2);
  await fs.fdatasync(fd);
  await fs.fsync(fd);
  expect((await fs.fstat(fd)).size).toBe(2);
  await fs.close(fd);
});

it("renames, links, removes, lists and resolves", async () => {
  const { path, join } = await temporaryDirectory();
  await fs.mkdir(join("d"), 0o700);
  await fs.close(await fs.open(join("d", "a"), create, 0o600));
  await fs.rename(join("d", "a"), join("d", "b"));
  await fs.link(join("d", "b"), join("d", "c"));
  expect((await fs.readdir(join("d"))).sort()).toEqual(["b", "c"]);
  expect((await fs.lstat(join("d", "c"))).nlink).toBe(2);
  expect((await fs.stat(join("d"))).isDirectory()).toBe(true);
  expect(await fs.realpath(join("d", "..", "d"))).toBe(join("d"));
  await fs.access(join("d", "b"), constants.R_OK);
  await fs.unlink(join("d", "b"));
  await fs.unlink(join("d", "c"));
  await fs.rmdir(join("d"));
  expect(await fs.readdir(path)).toEqual([]);
});

it("does all of that with names that are not UTF-8, and lists each as one of its own", async () => {
  const { path, join } = await temporaryDirectory();
  for (const name of ["d\udc9b", "d\udc9c", "d\ufffd"]) await fs.mkdir(join(name), 0o700);
  expect((await fs.readdir(path)).sort()).toEqual(["d\udc9b", "d\udc9c", "d\ufffd"]);
  const inside = (name: string) => join("d\udc9b", name);
  await fs.close(await fs.open(inside("a\udcff"), create, 0o600));
  await fs.rename(inside("a\udcff"), inside("b\udcff"));
  await fs.link(inside("b\udcff"), inside("ünï"));
  expect((await fs.readdir(join("d\udc9b"))).sort()).toEqual(["b\udcff", "ünï"]);
  expect((await fs.lstat(inside("b\udcff"))).nlink).toBe(2);
  expect((await fs.stat(inside("b\udcff"))).isFile()).toBe(true);
  expect(await fs.realpath(inside("b\udcff"))).toBe(inside("b\udcff"));
  await fs.access(inside("b\udcff"), constants.R_OK);
  expect((await fs.space(join("d\udc9b"))).totalBytes).toBeGreaterThan(0);
  fs.mkdirSync(inside("s\udc80"), 0o700);
  fs.closeSync(fs.openSync(inside("s\udc80/f"), create, 0o600));
  expect(await fs.readdir(inside("s\udc80"))).toEqual(["f"]);
  for (const name of ["s\udc80/f", "b\udcff", "ünï"]) await fs.unlink(inside(name));
  await fs.rmdir(inside("s\udc80"));
  expect(readdirSync(path, { encoding: "buffer" }).map((name) => name.toString("hex"))).toContain("649b");
  await expect(fs.stat(join("d\udcff"))).rejects.toMatchObject({ code: "ENOENT" });
});

it("tells the space of a file system", async () => {
  const { freeBytes, totalBytes } = await fs.space((await temporaryDirectory()).path);
  expect(freeBytes).toBeGreaterThan(0);
  expect(totalBytes).toBeGreaterThan(freeBytes);
});

it("writes at once when nothing can be awaited", async () => {
  const { join } = await temporaryDirectory();
  fs.mkdirSync(join("d"), 0o700);
  const fd = fs.openSync(join("d", "a"), create, 0o600);
  expect(fs.writeSync(fd, bytes, 0, 3)).toBe(3);
  expect(fs.writeSync(fd, bytes, 3, 3)).toBe(3);
  fs.fsyncSync(fd);
  expect(fs.fstatSync(fd).size).toBe(6);
  expect(fs.statSync(join("d", "a")).ino).toBe(fs.fstatSync(fd).ino);
  expect(fs.lstatSync(join("d", "a")).ino).toBe(fs.fstatSync(fd).ino);
  fs.closeSync(fd);
  expect(readFileSync(join("d", "a"), "utf8")).toBe("012345");
  expect(lstatSync(join("d")).mode & 0o777).toBe(0o700);
});

it("fails with Node's errors", async () => {
  const missing = (await temporaryDirectory()).join("missing");
  await expect(fs.open(missing, constants.O_RDONLY)).rejects.toMatchObject({
    code: "ENOENT",
    syscall: "open",
  });
  await expect(fs.read(-1, Buffer.alloc(1), 0, 1, 0)).rejects.toThrow();
  await expect(fs.write(999_999, bytes, 0, 1)).rejects.toMatchObject({ code: "EBADF" });
  expect(existsSync(missing)).toBe(false);
});
