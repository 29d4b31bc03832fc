import { execFileSync } from "node:child_process";
import { mkdirSync, renameSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { faultyFileSystem, temporaryDirectory } from "@prodigy-events/test-kit";
import { describe, expect, it } from "vitest";
import { nodeFileSystem } from "../files/node-file-system.js";
import { limits } from "../limits.js";
import { listSegments } from "./list-segments.js";

const own = (second: number) => `events-20260101_1200${String(second).padStart(2, "0")}_000-k3f9a1c2.jsonl`;

async function directoryWith(...names: string[]) {
  const directory = await temporaryDirectory();
  for (const name of names) writeFileSync(directory.join(name), name);
  return directory;
}

const namesOf = async (...args: Parameters<typeof listSegments>) =>
  (await listSegments(...args)).map(({ path }) => path.slice(path.lastIndexOf("/") + 1));

describe("listSegments", () => {
  it("gives one entry for each logical segment, sorted by name, with what the file system says", async () => {
    const directory = await directoryWith(own(2), `${own(1)}.rotated.gz`, `${own(1)}.rotated`, "notes.txt");
    const segments = await listSegments(directory.path);
    expect(segments.map(({ logicalName, state }) => [logicalName, state])).toEqual([
      [own(1), "rotated"],
      [own(2), "plain"],
    ]);
    const { size, mtimeMs, dev, ino } = statSync(directory.join(own(2)));
    expect(segments[1]).toEqual({
      logicalName: own(2),
      state: "plain",
      kind: "own",
      createdAtMs: Date.UTC(2026, 0, 1, 12, 0, 2),
      producerId: "k3f9a1c2",
      path: directory.join(own(2)),
      directory: directory.path,
      bytes: size,
      mtimeMs,
      dev,
      ino,
      isLink: false,
    });
  });

  it("knows repository and job by the place in the store", async () => {
    const { join } = await temporaryDirectory();
    for (const job of ["a%2Fb", "_no-job"]) {
      mkdirSync(join("events", "shop", job), { recursive: true });
      writeFileSync(join("events", "shop", job, "a.jsonl"), "");
    }
    expect(await listSegments(join("events", "shop", "a%2Fb"))).toMatchObject([
      { repo: "shop", jobId: "a/b" },
    ]);
    const [segment] = await listSegments(join("events", "shop", "_no-job"));
    expect(segment).toMatchObject({ repo: "shop" });
    expect(segment).not.toHaveProperty("jobId");
  });

  it("is empty for a directory that does not exist", async () => {
    expect(await listSegments((await temporaryDirectory()).join("missing"))).toEqual([]);
  });

  it("takes regular files and links to such, and says which are links", async () => {
    const directory = await directoryWith("a.jsonl");
    mkdirSync(directory.join("directory.jsonl"));
    execFileSync("mkfifo", [directory.join("fifo.jsonl")]);
    symlinkSync("a.jsonl", directory.join("link.jsonl"));
    symlinkSync("nowhere", directory.join("dangling.jsonl"));
    const segments = await listSegments(directory.path);
    expect(segments.map(({ logicalName, isLink, bytes }) => [logicalName, isLink, bytes])).toEqual([
      ["a.jsonl", false, 7],
      ["link.jsonl", true, 7],
    ]);
  });

  it("finds a segment that readdir missed because it was renamed meanwhile", async () => {
    const directory = await directoryWith(own(1), own(2));
    let listings = 0;
    const fs = {
      ...nodeFileSystem,
      readdir: async (path: string) => {
        if (path !== directory.path) return nodeFileSystem.readdir(path);
        listings += 1;
        const names = await nodeFileSystem.readdir(path);
        return listings === 1 ? names.filter((name) => name !== own(1)) : names;
      },
    };
    expect(await namesOf(directory.path, fs)).toEqual([own(1), own(2)]);
    expect(listings).toBe(3);
  });

  it("follows a rename between readdir and the look at the file", async () => {
    const directory = await directoryWith(own(1), own(2));
    const { fs } = faultyFileSystem(nodeFileSystem, [
      {
        operation: "lstat",
        path: /120001/,
        run: () => renameSync(directory.join(own(1)), directory.join(`${own(1)}.rotated`)),
      },
    ]);
    expect(await namesOf(directory.path, fs)).toEqual([`${own(1)}.rotated`, own(2)]);
  });

  it("leaves out what was removed between readdir and the look at the file", async () => {
    const directory = await directoryWith(own(1), own(2));
    const { fs } = faultyFileSystem(nodeFileSystem, [
      { operation: "lstat", path: /120001/, run: () => rmSync(directory.join(own(1))) },
    ]);
    expect(await namesOf(directory.path, fs)).toEqual([own(2)]);
  });

  it("gives all that it saw of a directory that never holds still", async () => {
    const directory = await directoryWith(own(0));
    let listings = 0;
    const { fs, calls } = faultyFileSystem(nodeFileSystem, [
      {
        operation: "readdir",
        path: directory.path,
        times: "from then on",
        run: () => {
          listings += 1;
          writeFileSync(directory.join(own(listings)), "");
        },
      },
    ]);
    expect(await namesOf(directory.path, fs)).toEqual(
      Array.from({ length: limits.maxListings + 1 }, (_, i) => own(i)),
    );
    const listingsMade = calls.filter(
      ({ operation, path }) => operation === "readdir" && path === directory.path,
    );
    expect(listingsMade).toHaveLength(limits.maxListings);
  });

  it.each([".rotated", ".rotated.gz"])(
    "finds a segment that was renamed during every listing, now %s, by its manifest",
    async (suffix) => {
      const directory = await directoryWith(own(0), `${own(1)}${suffix}`, own(2));
      mkdirSync(directory.join(".manifest"));
      // Of a segment that clean has removed, and whose manifest it is about to remove, nothing is found.
      for (const nth of [1, 3]) writeFileSync(directory.join(".manifest", `${own(nth)}.json`), "");
      const fs = {
        ...nodeFileSystem,
        readdir: async (path: string) =>
          (await nodeFileSystem.readdir(path)).filter((name) => name !== `${own(1)}${suffix}`),
      };
      expect(await namesOf(directory.path, fs)).toEqual([own(0), `${own(1)}${suffix}`, own(2)]);
    },
  );

  it("is not kept from its answer by something else in the place of the manifests", async () => {
    const directory = await directoryWith(own(0), own(1));
    writeFileSync(directory.join(".manifest"), "");
    expect(await namesOf(directory.path)).toEqual([own(0), own(1)]);
  });

  it("looks once at files that stay what they are, however often it lists", async () => {
    const directory = await directoryWith(`${own(0)}.rotated.gz`, own(1));
    let listings = 0;
    const { fs, calls } = faultyFileSystem(nodeFileSystem, [
      {
        operation: "readdir",
        path: directory.path,
        times: "from then on",
        run: () => {
          listings += 1;
          if (listings < 5) writeFileSync(directory.join(own(1 + listings)), "");
        },
      },
    ]);
    await listSegments(directory.path, fs);
    const looks = (name: string) =>
      calls.filter(({ operation, path }) => operation === "lstat" && path?.endsWith(name)).length;
    expect(looks(".rotated.gz")).toBe(1);
    expect(looks(own(1))).toBe(5);
  });

  it.each(["readdir", "lstat"])("says what went wrong when %s fails", async (operation) => {
    const directory = await directoryWith("a.jsonl");
    const { fs } = faultyFileSystem(nodeFileSystem, [{ operation, error: "EACCES" }]);
    await expect(listSegments(directory.path, fs)).rejects.toMatchObject({
      name: "StorageError",
      code: "EACCES",
    });
  });

  it("looks at many files in steps", async () => {
    const names = Array.from(
      { length: 3 * limits.concurrentStats + 1 },
      (_, i) => `${String(i).padStart(3, "0")}.jsonl`,
    );
    const directory = await directoryWith(...names);
    expect(await namesOf(directory.path)).toEqual(names);
  });
});
