import { mkdirSync, writeFileSync } from "node:fs";
import { faultyFileSystem, temporaryDirectory } from "@prodigy-events/test-kit";
import { describe, expect, it } from "vitest";
import { nodeFileSystem } from "../files/node-file-system.js";
import { manifestPath } from "../manifest/manifest-file.js";
import { currentProcessIdentity, type ProcessIdentity } from "../producers/identity.js";
import { producerPath, registerProducer } from "../producers/producer-file.js";
import { isSegmentClosed, segmentClosure } from "./closure.js";
import { listSegments } from "./list-segments.js";

const producerId = "k3f9a1c2";
const own = `events-20260101_120000_000-${producerId}.jsonl`;
const self: ProcessIdentity = { ...currentProcessIdentity(), machineId: "m", bootId: "b", pidNamespace: "n" };

async function segmentNamed(name = own) {
  const directory = await temporaryDirectory();
  writeFileSync(directory.join(name), "");
  const [segment] = await listSegments(directory.path);
  if (segment === undefined) throw new Error("the segment was not listed");
  const register = (identity: Partial<ProcessIdentity>) =>
    registerProducer(directory.path, {
      ...self,
      producerId,
      version: "1.0.0",
      startedAt: "2026-01-01T12:00:00.000Z",
      ...identity,
    });
  return { directory: directory.path, segment, register };
}

describe("segmentClosure", () => {
  it.each([
    [`${own}.rotated`, "name"],
    [`${own}.rotated.gz`, "name"],
    ["events-20240101_120000.20240101_130000.jsonl.gz", "name"],
    ["a.jsonl.bak", "name"],
  ])("takes %s for closed by its name", async (name, because) => {
    const { segment } = await segmentNamed(name);
    expect(await segmentClosure(segment)).toEqual({ closed: true, because });
  });

  it.each([
    ["events-shared.jsonl", "shared file"],
    ["events-20240101_120000.jsonl", "foreign file"],
  ])("never takes %s for closed", async (name, because) => {
    const { segment } = await segmentNamed(name);
    expect(await segmentClosure(segment)).toEqual({ closed: false, because });
  });

  it("takes a segment with a manifest for closed, even a damaged one, and even while its producer lives", async () => {
    const { directory, segment, register } = await segmentNamed();
    await register({});
    mkdirSync(`${directory}/.manifest`);
    writeFileSync(manifestPath(directory, own), "damaged");
    expect(await segmentClosure(segment, { self })).toEqual({ closed: true, because: "manifest" });
  });

  it("takes a dead producer's segment for closed", async () => {
    const { segment, register } = await segmentNamed();
    await register({ bootId: "an earlier boot" });
    expect(await segmentClosure(segment, { self })).toEqual({ closed: true, because: "producer dead" });
    expect(await isSegmentClosed(segment, { self })).toBe(true);
  });

  it("takes a living producer's segment for open, unless somebody says that it is dead", async () => {
    const { segment, register } = await segmentNamed();
    await register({});
    expect(await segmentClosure(segment, { self })).toEqual({ closed: false, because: "producer alive" });
    expect(await segmentClosure(segment, { self, assumeDead: ["other"] })).toMatchObject({ closed: false });
    expect(await segmentClosure(segment, { self, assumeDead: new Set([producerId]) })).toEqual({
      closed: true,
      because: "producer assumed dead",
    });
  });

  it("takes a segment of an unknown producer for open", async () => {
    const { segment } = await segmentNamed();
    expect(await segmentClosure(segment)).toEqual({ closed: false, because: "producer unknown" });
  });

  it("takes a segment for open when its producer's file is damaged", async () => {
    const { directory, segment, register } = await segmentNamed();
    await register({ bootId: "an earlier boot" });
    writeFileSync(producerPath(directory, producerId), "damaged");
    expect(await segmentClosure(segment, { self })).toEqual({ closed: false, because: "producer unknown" });
  });

  it("does not take a failing disk for an answer", async () => {
    const { directory, segment, register } = await segmentNamed();
    await register({});
    for (const path of [manifestPath(directory, own), producerPath(directory, producerId)]) {
      const { fs } = faultyFileSystem(nodeFileSystem, [{ operation: ["stat", "open"], path, error: "EIO" }]);
      await expect(segmentClosure(segment, { fs, self })).rejects.toMatchObject({ code: "EIO" });
    }
  });
});
