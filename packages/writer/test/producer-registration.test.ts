import { mkdir, readFile, writeFile } from "node:fs/promises";
import { currentProcessIdentity, readProducer, registerProducer } from "@prodigy-events/storage";
import { describe, expect, it } from "vitest";
import { segmentWriter } from "../src/index.js";
import { inDirectory, producerId, writerScene } from "./writer-scene.js";

const ofProducer = /\.producers\/testproducer\.json$/;

describe("the registration of a producer", () => {
  it.each([
    { what: "pid", other: { pid: process.pid + 1 } },
    { what: "start", other: { processStartTime: "1" } },
    { what: "pid namespace", other: { pidNamespace: "pid:[1]" } },
    { what: "boot", other: { bootId: "another" } },
    { what: "machine", other: { machineId: "another" } },
  ])("is refused where the id is that of a process with another $what", async ({ other }) => {
    const { context, directory } = await writerScene();
    await mkdir(directory, { recursive: true });
    await registerProducer(directory, {
      ...currentProcessIdentity(),
      producerId,
      version: "0",
      startedAt: "",
      ...other,
    });
    await expect(segmentWriter().open?.(context)).rejects.toMatchObject({
      name: "WriteError",
      code: "PRODUCER_EXISTS",
      message: `the producer id ${producerId} is taken in ${directory}; draw another one`,
    });
  });

  it("leaves a damaged file alone that it did not write", async () => {
    const { context, directory, names } = await writerScene();
    await mkdir(`${directory}/.producers`, { recursive: true });
    const path = `${directory}/.producers/${producerId}.json`;
    await writeFile(path, "{}");
    await expect(segmentWriter().open?.(context)).rejects.toMatchObject({ code: "PRODUCER_FILE_DAMAGED" });
    expect(await readFile(path, "utf8")).toBe("{}");
    expect(await names()).toEqual([]);
  });

  it("is written again after an attempt that a full disk cut off", async () => {
    const scene = await writerScene({ faults: [{ operation: "write", path: ofProducer, error: "ENOSPC" }] });
    const writer = segmentWriter();
    await expect(writer.open?.(scene.context)).rejects.toMatchObject({ code: "ENOSPC" });
    await writer.open?.(scene.context);
    expect(await readProducer(scene.directory, producerId)).toMatchObject({ producerId, pid: process.pid });
    await writer.close();
  });

  it("stays as it is when it cannot be read the next time", async () => {
    const scene = await writerScene();
    const writer = segmentWriter();
    await writer.open?.(scene.context);
    const before = await readFile(inDirectory(scene, ".producers", `${producerId}.json`), "utf8");
    scene.clock.advance(1_000);
    scene.disk.add({ operation: "read", path: ofProducer, error: "EIO" });
    await expect(writer.open?.(scene.context)).rejects.toMatchObject({ code: "EIO", retryable: true });
    await writer.open?.(scene.context);
    expect(await readFile(inDirectory(scene, ".producers", `${producerId}.json`), "utf8")).toBe(before);
    await writer.close();
  });
});
