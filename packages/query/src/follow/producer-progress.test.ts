import type { AnyEvent, EventRecord } from "@prodigy-events/schema";
import { describe, expect, it } from "vitest";
import { limits } from "../limits.js";
import type { Gap } from "./follow-input.js";
import { ProducerProgress } from "./producer-progress.js";
import { RecentIds } from "./recent-ids.js";

function record(sequence: number, event: AnyEvent = { event_type: "x" }, producer = "prod1"): EventRecord {
  const metadata = { producer_id: producer, sequence };
  return { id: `${sequence}`, timestamp: "2026-01-01T00:00:00.000Z", correlation_id: "", event, metadata };
}

/** Takes these records' numbers; says which were copies, and what was told of gaps. */
function take(seenUpTo: number | undefined, ...records: EventRecord[]) {
  const gaps: Gap[] = [];
  const progress = new ProducerProgress("prod1", seenUpTo === undefined ? undefined : seenUpTo + 1, (gap) =>
    gaps.push(gap),
  );
  const copies = records.map((each) => progress.isCopy(each, each.metadata.sequence ?? -1, "/a"));
  return {
    gaps: gaps.map(({ fromSequence, toSequence }) => [fromSequence, toSequence]),
    copies,
    progress,
    all: gaps,
  };
}

describe("ProducerProgress", () => {
  it.each<[string, number | undefined, number[], boolean[], unknown[]]>([
    ["numbers without a gap", 4, [5, 6, 7], [false, false, false], []],
    ["numbers from 0", -1, [0, 1], [false, false], []],
    ["a first number above 0", -1, [3], [false], [[0, 2]]],
    ["a jump", 4, [5, 9, 10], [false, false, false], [[6, 8]]],
    ["copies", 4, [3, 5, 5, 4, 6], [true, false, true, true, false], []],
    ["any first number, if nothing is known", undefined, [17, 18, 20], [false, false, false], [[19, 19]]],
    ["a late number", 4, [7, 5], [false, false], [[5, 6]]],
  ])("takes %s", (_what, seenUpTo, numbers, copies, gaps) => {
    expect(take(seenUpTo, ...numbers.map((number) => record(number)))).toMatchObject({ copies, gaps });
  });

  it("takes the word of a record that says what was dropped", () => {
    const dropped = { event_type: "events_dropped", from_sequence: 5, to_sequence: 9, count: 5 };
    expect(take(4, record(9, dropped), record(10)).gaps).toEqual([]);
    expect(take(2, record(9, dropped), record(10)).gaps).toEqual([[3, 4]]);
    expect(take(4, record(9, { ...dropped, from_sequence: 11 })).gaps).toEqual([[5, 8]]);
  });

  it("leaves alone what another producer wrote, and what has no number", () => {
    expect(take(4, record(9, undefined, "other"), record(-1)).gaps).toEqual([]);
    expect(take(4, record(3, undefined, "other")).copies).toEqual([false]);
  });

  it("tells of a removed segment once, up to where its manifest says", () => {
    const { progress, all } = take(4);
    progress.removed("/gone", 9);
    progress.isCopy(record(10), 10, "/next");
    progress.removed("/gone-too", undefined);
    progress.isCopy(record(30), 30, "/next");
    progress.removed("/read-already", 30);
    expect(all).toEqual([
      { reason: "removed", producerId: "prod1", fromSequence: 5, toSequence: 9, path: "/gone" },
      { reason: "removed", producerId: "prod1", fromSequence: 11, toSequence: undefined, path: "/gone-too" },
    ]);
  });
});

describe("RecentIds", () => {
  it("lets everything pass until the file begins anew", () => {
    const ids = new RecentIds({ isShared: false });
    const pass = (...numbers: number[]) => numbers.map((number) => ids.isCopy(record(number), number));
    expect(pass(1, 2, 2)).toEqual([false, false, false]);
    ids.restart();
    expect(pass(2, 3, 3, 1)).toEqual([true, false, false, true]);
  });

  it("knows what came before in a shared file, if it has a number", () => {
    const ids = new RecentIds({ isShared: true });
    const numbered = { ...record(1), metadata: { producer_id: "p" } };
    expect([ids.isCopy(numbered, 1), ids.isCopy(numbered, 1)]).toEqual([false, true]);
    expect([ids.isCopy(record(2), -1), ids.isCopy(record(2), -1)]).toEqual([false, false]);
  });

  it("remembers the latest, in bounded memory", () => {
    const ids = new RecentIds({ isShared: false });
    for (let at = 0; at < limits.maxRecentIds + 10; at++) ids.isCopy(record(at), at);
    ids.restart();
    expect([ids.isCopy(record(9), 9), ids.isCopy(record(10), 10)]).toEqual([false, true]);
  });
});
