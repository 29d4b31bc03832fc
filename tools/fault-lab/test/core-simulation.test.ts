import { constants } from "node:fs";
import { type FileSystem, nodeFileSystem } from "@prodigy-events/storage";
import { temporaryDirectory } from "@prodigy-events/test-kit";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { randomOf } from "../src/core/random.js";
import { CrashModel } from "../src/core/simulation/crash-model.js";
import type { DiskTree } from "../src/core/simulation/disk-tree.js";
import { simulatedFileSystem } from "../src/core/simulation/simulated-file-system.js";

const append = constants.O_RDWR | constants.O_CREAT | constants.O_APPEND;
const create = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL;

/** One call on a file system, by what it gives or the errno it fails with. */
type Call = (fs: FileSystem, root: string) => Promise<unknown>;

async function writeTo(fs: FileSystem, path: string, flags: number, text: string): Promise<unknown> {
  const fd = await fs.open(path, flags, 0o600);
  try {
    return await fs.write(fd, Buffer.from(text), 0, text.length);
  } finally {
    await fs.close(fd);
  }
}

async function contentOf(fs: FileSystem, path: string): Promise<unknown> {
  const fd = await fs.open(path, constants.O_RDONLY);
  try {
    const buffer = Buffer.alloc(100);
    const first = await fs.read(fd, buffer, 0, 3, null);
    const rest = await fs.read(fd, buffer, first, 90, null);
    const beyond = await fs.read(fd, buffer, 95, 5, 1_000);
    const { size, nlink } = await fs.fstat(fd);
    return [buffer.toString("latin1", 0, first + rest), beyond, size, nlink];
  } finally {
    await fs.close(fd);
  }
}

const name = fc.constantFrom("/a", "/b", "/d", "/d/a", "/d/b", "/no/a");
const call: fc.Arbitrary<Call> = fc.oneof(
  name.map(
    (at): Call =>
      async (fs, root) =>
        fs.mkdir(root + at, 0o700),
  ),
  name.map(
    (at): Call =>
      async (fs, root) =>
        fs.rmdir(root + at),
  ),
  fc
    .tuple(
      name,
      fc.constantFrom(append, create, constants.O_WRONLY),
      fc.string({ unit: "grapheme-ascii", maxLength: 9 }),
    )
    .map(
      ([at, flags, text]): Call =>
        async (fs, root) =>
          writeTo(fs, root + at, flags, text),
    ),
  name.map(
    (at): Call =>
      async (fs, root) =>
        contentOf(fs, root + at),
  ),
  name.map(
    (at): Call =>
      async (fs, root) =>
        fs.unlink(root + at),
  ),
  fc.tuple(name, name).map(
    ([from, to]): Call =>
      async (fs, root) =>
        fs.link(root + from, root + to),
  ),
  name.map(
    (at): Call =>
      async (fs, root) =>
        (await fs.readdir(root + at)).sort(),
  ),
  name.map(
    (at): Call =>
      async (fs, root) =>
        (await fs.lstat(root + at)).isDirectory(),
  ),
);

/** Renames of files; of directories onto others, nothing of ours does. */
const renameFile: fc.Arbitrary<Call> = fc.tuple(name, name).map(
  ([from, to]): Call =>
    async (fs, root) => {
      const isFile = async (path: string) => (await fs.lstat(path)).isFile();
      if (!(await isFile(root + from))) return;
      if (await isFile(root + to).catch(() => true)) await fs.rename(root + from, root + to);
    },
);

describe("the simulated file system", () => {
  it("does what the real one does", async () => {
    const outcome = (fs: FileSystem, root: string, each: Call) =>
      each(fs, root).catch((error: NodeJS.ErrnoException) => error.code ?? String(error));
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.oneof({ weight: 8, arbitrary: call }, renameFile), { maxLength: 40 }),
        async (calls) => {
          await using directory = await temporaryDirectory();
          const { fs } = simulatedFileSystem();
          for (const [at, each] of calls.entries()) {
            expect([at, await outcome(fs, "", each)]).toEqual([
              at,
              await outcome(nodeFileSystem, directory.path, each),
            ]);
          }
        },
      ),
      { numRuns: 200 },
    );
  });
});

describe("the crash model", () => {
  /** What may be on the disk after a crash: all outcomes that many draws give. */
  async function outcomes(act: (fs: FileSystem) => Promise<void>): Promise<Set<string>> {
    const { fs, operations, tree } = simulatedFileSystem();
    const model = new CrashModel(tree.copy());
    await act(fs);
    for (const operation of operations) model.apply(operation);
    const shown = (left: DiskTree) =>
      [...left.files()].map(({ path, bytes }) => `${path}=${bytes.toString("latin1")}`).join(" ");
    const random = randomOf(1);
    const found = [model.keepAll(), model.keepNothing()];
    while (found.length < 500) found.push(model.choose(random));
    return new Set(found.map((choice) => shown(model.treeAfter(choice))));
  }
  const sync = async (fs: FileSystem, path: string) => {
    const fd = await fs.open(path, constants.O_RDONLY);
    await fs.fsync(fd);
    await fs.close(fd);
  };

  it("keeps any prefix of what was not synced, or NULs", async () => {
    const found = await outcomes(async (fs) => {
      await writeTo(fs, "/a", create, "ab");
      await sync(fs, "/a");
      await sync(fs, "/");
      await writeTo(fs, "/a", append, "cd");
    });
    const expected = ["ab", "abc", "abcd", "ab\0", "ab\0\0", "abc\0"].map((text) => `/a=${text}`);
    expect([...found].sort()).toEqual(expected.sort());
  });

  it("keeps a synced file whole, but not its name", async () => {
    const found = await outcomes(async (fs) => {
      await writeTo(fs, "/a", create, "ab");
      await sync(fs, "/a");
    });
    expect([...found].sort()).toEqual(["", "/a=ab"]);
  });

  it("keeps or loses a rename as one, and what it rests on with it", async () => {
    const found = await outcomes(async (fs) => {
      await writeTo(fs, "/a", create, "1");
      await writeTo(fs, "/b", create, "2");
      for (const path of ["/a", "/b"]) await sync(fs, path);
      await fs.rename("/a", "/b");
    });
    expect([...found].sort()).toEqual(["", "/a=1", "/a=1 /b=2", "/b=1", "/b=2"]);
  });
});
