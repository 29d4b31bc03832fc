import { setImmediate as nextTurn } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { prefetch } from "./prefetch.js";

/** A source that notes what happens to it. */
function noting(values: number[], failAfter = Number.POSITIVE_INFINITY) {
  const log: string[] = [];
  async function* source(): AsyncGenerator<number, void> {
    try {
      for (const [index, value] of values.entries()) {
        if (index === failAfter) throw new Error("the source failed");
        log.push(`made ${value}`);
        await nextTurn();
        yield value;
      }
    } finally {
      log.push("closed");
    }
  }
  return { log, source: source() };
}

describe("prefetch", () => {
  it("gives what the source gives", async () => {
    const { source } = noting([1, 2, 3]);
    const seen: number[] = [];
    for await (const value of prefetch(source)) seen.push(value);
    expect(seen).toEqual([1, 2, 3]);
  });

  it("asks for the next value, and no further one, while the caller works", async () => {
    const { log, source } = noting([1, 2, 3]);
    const values = prefetch(source);
    await values.next();
    await nextTurn();
    await nextTurn();
    expect(log).toEqual(["made 1", "made 2"]);
    await values.return();
  });

  it("closes the source when the caller leaves, after the value under way", async () => {
    const { log, source } = noting([1, 2, 3]);
    for await (const _value of prefetch(source)) break;
    expect(log).toEqual(["made 1", "made 2", "closed"]);
  });

  it("gives the values before a failure, then the failure, and never an unhandled rejection", async () => {
    const unhandled: unknown[] = [];
    const note = (reason: unknown) => unhandled.push(reason);
    process.on("unhandledRejection", note);
    const { source } = noting([1, 2, 3], 1);
    const values = prefetch(source);
    expect(await values.next()).toEqual({ value: 1, done: false });
    for (let turn = 0; turn < 5; turn += 1) await nextTurn();
    await expect(values.next()).rejects.toThrow("the source failed");
    process.off("unhandledRejection", note);
    expect(unhandled).toEqual([]);
  });
});
