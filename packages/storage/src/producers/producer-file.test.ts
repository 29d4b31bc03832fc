import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { faultyFileSystem, temporaryDirectory } from "@prodigy-events/test-kit";
import { describe, expect, it } from "vitest";
import { nodeFileSystem } from "../files/node-file-system.js";
import { sealJson } from "../files/sealed-json.js";
import { currentProcessIdentity, type ProducerIdentity } from "./identity.js";
import { producerPath, readProducer, registerProducer, removeProducer } from "./producer-file.js";

const identity: ProducerIdentity = {
  ...currentProcessIdentity(),
  producerId: "k3f9a1c2",
  version: "1.0.0",
  startedAt: "2026-01-01T12:00:00.000Z",
};

const newDirectory = async () => (await temporaryDirectory()).path;

describe("registerProducer", () => {
  it("writes a file that only its owner can read and that reads back", async () => {
    const directory = await newDirectory();
    await registerProducer(directory, identity);
    expect(await readProducer(directory, "k3f9a1c2")).toEqual(identity);
    expect(statSync(producerPath(directory, "k3f9a1c2")).mode & 0o777).toBe(0o600);
  });

  it("has the members of FORMAT.md in its order and nothing else", async () => {
    const directory = await newDirectory();
    const extended = { extra: true, ...identity };
    await registerProducer(directory, extended);
    const stored = JSON.parse(readFileSync(producerPath(directory, "k3f9a1c2"), "utf8")) as object;
    expect(Object.keys(stored)).toEqual([
      "format",
      "producerId",
      "pid",
      "processStartTime",
      "pidNamespace",
      "bootId",
      "machineId",
      "host",
      "version",
      "startedAt",
      "checksum",
    ]);
  });

  it("never takes an id that is taken", async () => {
    const directory = await newDirectory();
    await registerProducer(directory, identity);
    await expect(registerProducer(directory, { ...identity, pid: 1 })).rejects.toMatchObject({
      code: "PRODUCER_EXISTS",
    });
    expect(await readProducer(directory, "k3f9a1c2")).toEqual(identity);
  });

  it("fsyncs the file and the directories that lead to it", async () => {
    const directory = await newDirectory();
    const disk = faultyFileSystem(nodeFileSystem);
    await registerProducer(directory, identity, disk.fs);
    const synced = disk.calls.filter(({ operation }) => operation === "fsync").map(({ path }) => path);
    const file = producerPath(directory, "k3f9a1c2");
    expect(synced).toEqual([directory, dirname(directory), file, `${directory}/.producers`]);
  });

  it.each(["mkdir", "open", "write", "fsync"])("says so when %s fails", async (operation) => {
    const { fs } = faultyFileSystem(nodeFileSystem, [{ operation, times: "from then on", error: "ENOSPC" }]);
    await expect(registerProducer(await newDirectory(), identity, fs)).rejects.toMatchObject({
      code: "ENOSPC",
    });
  });
});

describe("readProducer", () => {
  it("gives undefined when there is no such producer", async () => {
    expect(await readProducer(await newDirectory(), "k3f9a1c2")).toBeUndefined();
  });

  it.each([
    ["an empty file", ""],
    ["unsealed JSON", JSON.stringify({ format: 1, ...identity })],
    ["another format", sealJson({ ...identity, format: 2 })],
    ["a pid that is no number", sealJson({ format: 1, ...identity, pid: "1" })],
    ["a missing host", sealJson({ format: 1, ...identity, host: undefined })],
    ["a boot id that is no text", sealJson({ format: 1, ...identity, bootId: 7 })],
    ["the file of another producer", sealJson({ format: 1, ...identity, producerId: "other" })],
  ])("refuses %s", async (_kind, text) => {
    const directory = await newDirectory();
    await registerProducer(directory, identity);
    writeFileSync(producerPath(directory, "k3f9a1c2"), text);
    await expect(readProducer(directory, "k3f9a1c2")).rejects.toMatchObject({
      code: "PRODUCER_FILE_DAMAGED",
      message: expect.stringContaining("--assume-dead k3f9a1c2"),
    });
  });
});

describe("removeProducer", () => {
  it("removes the file, and is content when there is none", async () => {
    const directory = await newDirectory();
    await registerProducer(directory, identity);
    await removeProducer(directory, "k3f9a1c2");
    expect(existsSync(producerPath(directory, "k3f9a1c2"))).toBe(false);
    await removeProducer(directory, "k3f9a1c2");
  });

  it("says so when it may not", async () => {
    const directory = await newDirectory();
    const { fs } = faultyFileSystem(nodeFileSystem, [{ operation: "unlink", error: "EPERM" }]);
    await expect(removeProducer(directory, "k3f9a1c2", fs)).rejects.toMatchObject({ code: "EPERM" });
  });
});
