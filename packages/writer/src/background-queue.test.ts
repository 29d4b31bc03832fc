import { describe, expect, it } from "vitest";
import { BackgroundQueue } from "./background-queue.js";

/** A queue whose work is done by hand. */
function manualQueue(afterFailure: "postpone" | "give up" = "postpone") {
  const started: string[] = [];
  const pending = new Map<string, { resolve(): void; reject(error: Error): void }>();
  const queue = new BackgroundQueue<string>(
    (item) =>
      new Promise((resolve, reject) => {
        started.push(item);
        pending.set(item, { resolve, reject });
      }),
    () => afterFailure,
  );
  const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  return {
    queue,
    started,
    finish: async (item: string) => {
      pending.get(item)?.resolve();
      await turn();
    },
    fail: async (item: string) => {
      pending.get(item)?.reject(new Error(item));
      await turn();
    },
  };
}

describe("BackgroundQueue", () => {
  it("works on one item at a time, in order", async () => {
    const { queue, started, finish } = manualQueue();
    queue.add("a");
    queue.add("b");
    expect(started).toEqual(["a"]);
    await finish("a");
    expect(started).toEqual(["a", "b"]);
    await finish("b");
    expect(queue.size).toBe(0);
  });

  it("goes on behind a failed item and tries that one again with the next", async () => {
    const { queue, started, finish, fail } = manualQueue();
    queue.add("a");
    queue.add("b");
    await fail("a");
    await finish("b");
    expect(queue.size).toBe(1);
    queue.add("c");
    expect(started).toEqual(["a", "b", "a"]);
    await finish("a");
    await finish("c");
    expect(queue.size).toBe(0);
  });

  it("forgets an item that is given up", async () => {
    const { queue, fail } = manualQueue("give up");
    queue.add("a");
    await fail("a");
    expect(queue.size).toBe(0);
  });

  it("tries postponed items once more before it settles", async () => {
    const { queue, started, fail } = manualQueue();
    queue.add("a");
    await fail("a");
    const settled = queue.settle();
    await Promise.resolve();
    expect(started).toEqual(["a", "a"]);
    await fail("a");
    await settled;
    expect(queue.size).toBe(1);
  });

  it("starts nothing while it is held, and goes on when released", async () => {
    const { queue, started, finish } = manualQueue();
    queue.add("a");
    queue.hold();
    queue.add("b");
    await finish("a");
    expect(started).toEqual(["a"]);
    await queue.settle();
    queue.release();
    expect(started).toEqual(["a", "b"]);
    await finish("b");
  });

  it("counts what waits, what is postponed and what is being worked on", async () => {
    const { queue, finish, fail } = manualQueue();
    queue.add("a");
    expect(queue.size).toBe(1);
    queue.add("b");
    expect(queue.size).toBe(2);
    await fail("a");
    expect(queue.size).toBe(2);
    await finish("b");
    expect(queue.size).toBe(1);
  });

  it("is idle when it is released with nothing to do", () => {
    const { queue } = manualQueue();
    queue.hold();
    queue.release();
    expect(queue.size).toBe(0);
  });
});
