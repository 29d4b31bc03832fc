import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { faultyFileSystem, type TemporaryDirectory, temporaryDirectory } from "@prodigy-events/test-kit";
import { describe, expect, it } from "vitest";
import {
  claimRepository,
  compressSegment,
  currentProcessIdentity,
  type FileSystem,
  listSegments,
  nodeFileSystem,
  readLines,
  readLinesBackward,
  registerProducer,
  segmentClosure,
} from "../src/index.js";
import { collect, texts } from "./collect.js";

const numbered = Array.from({ length: 2_000 }, (_, i) => `{"sequence":${i}}`);
const content = `${numbered.join("\n")}\n`;
const own = "events-20260101_120000_000-k3f9a1c2.jsonl";
const everyOperation = Object.keys(nodeFileSystem);

/** Counts open descriptors, so that a leak shows whatever the error was. */
const openDescriptors = () => readdirSync("/proc/self/fd").length;

/**
 * Runs `action` again and again, each time with the next file operation failing, until it gets through without meeting
 * the fault. `check` sees the directory after each failure. Returns how many operations were made to fail.
 */
async function failEachOperation(
  fault: { error: string; when: "before" | "after" },
  prepare: (directory: TemporaryDirectory) => Promise<void> | void,
  action: (directory: TemporaryDirectory, fs: FileSystem) => Promise<unknown>,
  check: (directory: TemporaryDirectory, failed: string) => Promise<void> | void,
): Promise<number> {
  for (let nth = 1; ; nth += 1) {
    await using directory = await temporaryDirectory();
    await prepare(directory);
    const disk = faultyFileSystem(nodeFileSystem, [{ operation: everyOperation, nth, ...fault }]);
    const before = openDescriptors();
    const outcome = await action(directory, disk.fs).then(
      () => undefined,
      (error: unknown) => error,
    );
    const hit = disk.calls.find(({ injected }) => injected !== undefined);
    if (hit === undefined) {
      expect(outcome).toBeUndefined();
      return nth - 1;
    }
    // A descriptor whose close was reported as failed before it was closed cannot be closed again.
    const leaked = hit.operation === "close" && fault.when === "before" ? 1 : 0;
    expect(openDescriptors() - before, `descriptors after ${hit.operation} ${nth}`).toBeLessThanOrEqual(
      leaked,
    );
    if (outcome !== undefined) expect(outcome).toMatchObject({ code: fault.error });
    await check(directory, `${hit.operation} ${nth}`);
  }
}

const faults = [
  { error: "EIO", when: "before" },
  { error: "EIO", when: "after" },
  { error: "ENOSPC", when: "before" },
] as const;

describe.each(faults)("with each file operation failing ($error, $when it is done)", (fault) => {
  it("compressSegment leaves the source whole, and a target that is whole or absent", async () => {
    const failed = await failEachOperation(
      fault,
      ({ join }) => writeFileSync(join(`${own}.rotated`), content),
      ({ join }, fs) =>
        compressSegment(join(`${own}.rotated`), join(`${own}.rotated.gz`), { fs, memberBytes: 9_000 }),
      async ({ path, join }, at) => {
        expect(readFileSync(join(`${own}.rotated`), "utf8"), at).toBe(content);
        const others = readdirSync(path).filter(
          (name) => name !== `${own}.rotated` && !name.endsWith(".tmp"),
        );
        if (others.length > 0) {
          expect(others).toEqual([`${own}.rotated.gz`]);
          rmSync(join(`${own}.rotated`));
          const { lines, problems } = await collect(join(`${own}.rotated.gz`));
          expect([texts(lines), problems], at).toEqual([numbered, []]);
        }
      },
    );
    expect(failed).toBeGreaterThan(25);
  });

  it("registerProducer leaves no file that makes a living producer dead", async () => {
    const self = currentProcessIdentity();
    const identity = {
      ...self,
      producerId: "k3f9a1c2",
      version: "1.0.0",
      startedAt: "2026-01-01T12:00:00.000Z",
    };
    const failed = await failEachOperation(
      fault,
      ({ join }) => writeFileSync(join(own), content),
      ({ path }, fs) => registerProducer(path, identity, fs),
      async ({ path }, at) => {
        const [segment] = await listSegments(path);
        expect(segment && (await segmentClosure(segment, { self })).closed, at).toBe(false);
      },
    );
    expect(failed).toBeGreaterThan(8);
  });

  it("claimRepository leaves no note or a whole one", async () => {
    const failed = await failEachOperation(
      fault,
      () => undefined,
      ({ path, join }, fs) => claimRepository(join("root"), { name: "shop", path }, fs),
      async ({ path, join }) => {
        expect(await claimRepository(join("root"), { name: "shop", path })).toEqual({});
      },
    );
    expect(failed).toBeGreaterThan(10);
  });

  it.each([
    ["forward", readLines],
    ["backward", readLinesBackward],
  ])("reading %s gives a part of the lines and the error, or all of them", async (_direction, read) => {
    for (const compressed of [false, true]) {
      const failed = await failEachOperation(
        fault,
        async ({ join }) => {
          writeFileSync(join(own), content);
          if (!compressed) return;
          await compressSegment(join(own), join(`${own}.rotated.gz`), { memberBytes: 5_000 });
          rmSync(join(own));
        },
        async ({ path }, fs) => {
          const [segment] = await listSegments(path, fs);
          if (segment === undefined) throw new Error("the segment was not listed");
          const { lines, problems } = await collect(segment, { fs, chunkBytes: 5_000 }, read);
          expect([texts(lines), problems]).toEqual([numbered, []]);
        },
        () => undefined,
      );
      expect(failed).toBeGreaterThan(10);
    }
  });
});
