import { temporaryDirectory } from "@prodigy-events/test-kit";
import { describe, expect, it } from "vitest";
import { numbers, recordsIn, sequencesIn } from "./logger-scene.js";
import { runProgram } from "./run-program.js";

async function jobDirectory(): Promise<{ store: string; directory: string }> {
  const store = await temporaryDirectory();
  return { store: store.path, directory: store.join("events", "repo", "job") };
}

describe("the end of a process without shutdown()", () => {
  it.each([
    { how: "natural end", code: 0 },
    { how: "process.exit", code: 3 },
    { how: "throw", code: 1 },
    { how: "rejection", code: 1 },
    { how: "stack overflow", code: 7 },
  ])("by $how loses nothing, and keeps its exit code", async ({ how, code }) => {
    const { store, directory } = await jobDirectory();
    const program = runProgram("end.mjs", [store, how]);
    const end = await program.ended;
    expect(end.signal, program.stderr()).toBeNull();
    expect(await sequencesIn(directory)).toEqual(numbers(1_500));
    if (how !== "stack overflow") expect(end.code).toBe(code);
    else expect(end.code).not.toBe(0);
  });

  it.each(["SIGTERM", "SIGINT", "SIGHUP"] as const)(
    "by %s with handleSignals loses nothing, and its parent sees the signal",
    async (signal) => {
      const { store, directory } = await jobDirectory();
      const program = runProgram("end.mjs", [store, "signal"]);
      await expect.poll(program.stdout, { timeout: 20_000 }).toBe("ready\n");
      program.child.kill(signal);
      expect(await program.ended).toEqual({ code: null, signal });
      expect(await sequencesIn(directory)).toEqual(numbers(1_500));
    },
  );

  it("leaves the end to an application that listens for the signal itself", async () => {
    const { store, directory } = await jobDirectory();
    const program = runProgram("end.mjs", [store, "signal with a listener"]);
    await expect.poll(program.stdout, { timeout: 20_000 }).toBe("ready\n");
    program.child.kill("SIGTERM");
    expect(await program.ended).toEqual({ code: 7, signal: null });
    expect(await sequencesIn(directory)).toEqual(numbers(1_501));
  });

  it("changes nothing for an application that survives its exceptions", async () => {
    const { store, directory } = await jobDirectory();
    const program = runProgram("end.mjs", [store, "caught exception"]);
    expect(await program.ended, program.stderr()).toEqual({ code: 9, signal: null });
    expect(await sequencesIn(directory)).toEqual(numbers(1_501));
  });

  it("is noticed in a worker thread too, whose name or id its records carry", async () => {
    const { store, directory } = await jobDirectory();
    const program = runProgram("log-in-worker.mjs", [store, "indexer"]);
    expect(await program.ended, program.stderr()).toEqual({ code: 0, signal: null });
    const records = await recordsIn(directory);
    expect(records.length).toBe(50);
    // Node tells a worker its name from version 22.20 on; before, the id has to do.
    expect(records[0]?.metadata.thread).toMatch(/^(indexer|1)$/);
  });
});

describe("the end of a worker thread without shutdown()", () => {
  it.each(["natural end", "exit in the worker", "throw in the worker"])(
    "by %s loses nothing",
    async (how) => {
      const { store, directory } = await jobDirectory();
      const program = runProgram("end-of-worker.mjs", [store, how]);
      expect(await program.ended, program.stderr()).toEqual({ code: 0, signal: null });
      expect(await sequencesIn(directory)).toEqual(numbers(100));
    },
  );

  // Node runs nothing in a thread that it ends from outside: what was not flushed is lost.
  it.each([
    { how: "terminate", code: 0 },
    { how: "exit of the main thread", code: 0 },
    { how: "throw in the main thread", code: 1 },
  ])("by $how keeps what flush() has acknowledged", async ({ how, code }) => {
    const { store, directory } = await jobDirectory();
    const program = runProgram("end-of-worker.mjs", [store, how]);
    expect(await program.ended, program.stderr()).toEqual({ code, signal: null });
    const sequences = await sequencesIn(directory);
    expect(sequences.length).toBeGreaterThanOrEqual(50);
    expect(sequences).toEqual(numbers(sequences.length));
  });
});

describe("kill -9", () => {
  it.each(["fsync", "flush"])(
    "loses nothing that flush() has acknowledged, with durability %s",
    async (durability) => {
      const { store, directory } = await jobDirectory();
      const acknowledged = new Map<string, number>();
      for (const lines of [2, 9, 31, 64]) {
        const program = runProgram("flush-until-killed.mjs", [store, durability]);
        program.child.stdout.on("data", () => {
          if (program.stdout().split("\n").length > lines) program.child.kill("SIGKILL");
        });
        expect((await program.ended).signal, program.stderr()).toBe("SIGKILL");
        const [producerId = "", ...counts] = program.stdout().trimEnd().split("\n");
        acknowledged.set(producerId, Number(counts.at(-1)));
      }
      const records = await recordsIn(directory);
      expect(acknowledged.size).toBe(4);
      for (const [producerId, count] of acknowledged) {
        const own = records.filter(({ metadata }) => metadata.producer_id === producerId);
        expect(count).toBeGreaterThan(0);
        expect(own.slice(0, count).map(({ metadata }) => metadata.sequence)).toEqual(numbers(count));
        expect(own.slice(0, count).map(({ event }) => event.version)).toEqual(numbers(count));
      }
    },
  );
});
