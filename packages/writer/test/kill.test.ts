import { spawn } from "node:child_process";
import { readdir } from "node:fs/promises";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { newProducerId, nodeFileSystem, systemClock } from "@prodigy-events/storage";
import { temporaryDirectory } from "@prodigy-events/test-kit";
import { describe, expect, it, vi } from "vitest";
import { recoverDirectory, segmentWriter } from "../src/index.js";
import { numbers, readBack } from "./read-back.js";

const program = fileURLToPath(new URL("programs/write-until-killed.mjs", import.meta.url));

/** Starts a writer, kills it after so many confirmations, and returns what it had confirmed. */
async function killAfter(confirmations: number, root: string, directory: string, durability: string) {
  const child = spawn(process.execPath, [program, root, directory, durability], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = new Promise((resolve) => child.once("close", resolve));
  const printed: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    printed.push(line);
    if (printed.length === confirmations + 1) child.kill("SIGKILL");
  }
  await ended;
  const [producerId = "", ...confirmed] = printed;
  return { producerId, confirmed: Number(confirmed.at(-1) ?? -1) + 1 };
}

describe("kill -9", () => {
  it.each(["fsync", "flush"])(
    "loses no confirmed record with durability %s, whenever it comes",
    async (durability) => {
      const root = await temporaryDirectory();
      const directory = root.join("events", "repo", "job");
      const confirmed = new Map<string, number>();
      // Rotation every 15 batches or so: the kills fall before, into and after rotations and compressions.
      for (const confirmations of [1, 14, 15, 16, 30, 33, 47]) {
        const killed = await killAfter(confirmations, root.path, directory, durability);
        confirmed.set(killed.producerId, killed.confirmed);
      }
      const check = async (): Promise<string[]> => {
        const { records, duplicates, problems } = await readBack(directory);
        expect(duplicates).toBe(0);
        for (const [producerId, count] of confirmed) {
          const sequences = records
            .filter(({ metadata }) => metadata.producer_id === producerId)
            .map(({ metadata }) => metadata.sequence);
          expect(sequences.slice(0, count)).toEqual(numbers(count));
          expect(sequences).toEqual(numbers(sequences.length));
        }
        return problems.map(({ reason }) => reason);
      };
      const torn = await check();
      expect(torn.every((reason) => reason === "tail")).toBe(true);
      const { left } = await recoverDirectory(directory);
      expect(left).toEqual([]);
      expect(await check()).toEqual(torn);
      expect(await recoverDirectory(directory)).toMatchObject({
        sealed: [],
        plainRemoved: [],
        temporariesRemoved: [],
      });
    },
  );

  it("leaves rotations and compressions to the next writer, which finishes every one of them", async () => {
    const root = await temporaryDirectory();
    const directory = root.join("events", "repo", "job");
    await killAfter(200, root.path, directory, "flush");
    const before = await readBack(directory);
    const writer = segmentWriter();
    await writer.open?.({
      ...{ root: root.path, repo: "repo", directory, producerId: newProducerId() },
      ...{ fs: nodeFileSystem, clock: systemClock, onWarning: () => undefined },
    });
    const names = async (): Promise<string[]> =>
      (await readdir(directory)).filter((name) => name.includes(".jsonl"));
    await vi.waitFor(async () => expect((await names()).filter(isUnfinished)).toEqual([]), 60_000);
    await writer.close();
    expect((await names()).filter((name) => name.endsWith(".jsonl"))).toHaveLength(1);
    expect(await readBack(directory)).toEqual(before);
  });
});

/** Rotated and not compressed, or a temporary file. */
function isUnfinished(name: string): boolean {
  return name.endsWith(".rotated") || name.endsWith(".tmp");
}
