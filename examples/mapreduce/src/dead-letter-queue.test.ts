import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { DeadLetterQueue, errorSignature } from "./dead-letter-queue.js";

describe("the signature of an error", () => {
  it.each([
    ["src/a.mjs", "node --check src/a.mjs: SyntaxError: Unexpected end of input"],
    ["lib/b.mjs", "node --check lib/b.mjs: SyntaxError: Unexpected end of input"],
  ])("does not depend on the item %s", (item, error) => {
    expect(errorSignature("command_failed", error, item)).toBe(
      "command_failed: node --check <item>: SyntaxError: Unexpected end of input",
    );
  });

  it("does not depend on numbers and commit ids, but on words that look like them", () => {
    expect(errorSignature("unknown", "commit 3f9a1c2 after 4000 ms: deadbeef facade", "x")).toBe(
      "unknown: commit <id> after <n> ms: deadbeef facade",
    );
  });
});

describe("the dead letter queue", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "dead-letters-"));
  });
  afterEach(() => rm(folder, { recursive: true }));

  const letter = (itemId: string, errorSignature: string, lastFailedAtMs: number) =>
    ({
      itemId,
      error: "e",
      failureReason: "unknown",
      errorSignature,
      failureCount: 1,
      lastFailedAtMs,
    }) as const;

  it("is the same when it is opened again", () => {
    new DeadLetterQueue(folder).add(letter("a", "s", 1));
    const again = new DeadLetterQueue(folder);
    expect(again.letters).toEqual([letter("a", "s", 1)]);
    expect([again.remove("a"), again.remove("a")]).toEqual([true, false]);
    expect(new DeadLetterQueue(folder).letters).toEqual([]);
  });

  it("evicts what failed last at the given time or before", () => {
    const queue = new DeadLetterQueue(folder);
    for (const at of [1, 2, 3]) queue.add(letter(`item-${at}`, "s", at));
    expect(queue.evict(2)).toBe(2);
    expect(new DeadLetterQueue(folder).letters.map(({ itemId }) => itemId)).toEqual(["item-3"]);
  });

  it("groups what failed alike, the most frequent first", () => {
    const queue = new DeadLetterQueue(folder);
    queue.add(letter("a", "rare", 1));
    queue.add(letter("b", "often", 1));
    queue.add(letter("c", "often", 1));
    expect(queue.patterns()).toEqual([
      { signature: "often", items: ["b", "c"] },
      { signature: "rare", items: ["a"] },
    ]);
  });
});
