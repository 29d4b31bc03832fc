import { batchOf, type EncodedBatch, encodeBatch } from "@prodigy-events/writer";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { LaneBacklog, type Shipment } from "./lane-backlog.js";
import type { Loss } from "./loss.js";

/** A line that only says its number, and one that tells of a loss. */
const lineOf = (sequence: number): string => `${sequence}\n`;
function encodeLoss({ count, fromSequence, toSequence }: Loss): EncodedBatch {
  const bytes = Buffer.from(`lost ${count}: ${fromSequence}-${toSequence}\n`);
  return batchOf({ bytes, count: 1, firstSequence: toSequence, lastSequence: toSequence });
}

function backlogOf(maxQueuedEvents = 1_000, maxQueuedBytes = 1_000_000): LaneBacklog {
  return new LaneBacklog({ maxQueuedEvents, maxQueuedBytes }, encodeLoss);
}

/** Accepts so many records and seals them. */
function addBatch(backlog: LaneBacklog, firstSequence: number, count: number): void {
  const lines = Array.from({ length: count }, (_, index) => lineOf(firstSequence + index));
  for (const line of lines) backlog.accept(line.length);
  backlog.add(encodeBatch(lines, firstSequence));
}

function linesOf(shipment: Shipment | undefined): string[] {
  return shipment === undefined ? [] : [...shipment.batch.records()].map((line) => line.trimEnd());
}

describe("LaneBacklog", () => {
  it("has room up to its bounds, in events and in bytes", () => {
    const backlog = backlogOf(2, 10);
    expect([backlog.hasRoomFor(10), backlog.hasRoomFor(11)]).toEqual([true, false]);
    backlog.accept(8);
    expect([backlog.hasRoomFor(2), backlog.hasRoomFor(3)]).toEqual([true, false]);
    backlog.accept(1);
    expect(backlog.hasRoomFor(1)).toBe(false);
  });

  it("takes several batches at once as far as they fit, and always one", () => {
    const backlog = backlogOf();
    addBatch(backlog, 0, 2);
    addBatch(backlog, 2, 1);
    addBatch(backlog, 3, 1);
    expect(linesOf(backlog.take(6))).toEqual(["0", "1", "2"]);
    expect(linesOf(backlog.take(1))).toEqual(["3"]);
    expect(backlog.take(1)).toBeUndefined();
  });

  it("tells of a loss where it happened: behind what came before, ahead of what came after", () => {
    const backlog = backlogOf();
    addBatch(backlog, 0, 1);
    backlog.refuse(1, "id-1", "t1", "queue_full");
    backlog.refuse(2, "id-2", "t2", "queue_full");
    addBatch(backlog, 3, 1);
    expect(linesOf(backlog.take(1_000))).toEqual(["0", "lost 2: 1-2", "3"]);
  });

  it("tells of a loss with nothing behind it once everything before is taken", () => {
    const backlog = backlogOf();
    addBatch(backlog, 0, 1);
    backlog.refuse(1, "id-1", "t1", "queue_full");
    expect(linesOf(backlog.take(1_000))).toEqual(["0"]);
    expect(backlog.isRefusing).toBe(true);
    expect(linesOf(backlog.take(1_000))).toEqual(["lost 1: 1-1"]);
    expect(backlog.isRefusing).toBe(false);
  });

  it("tells with the next batch of one that was refused for good", () => {
    const backlog = backlogOf();
    addBatch(backlog, 0, 2);
    addBatch(backlog, 2, 1);
    const shipment = backlog.take(1);
    if (shipment === undefined) throw new Error("nothing taken");
    backlog.lose(shipment, "EBADF");
    expect(linesOf(backlog.take(1_000))).toEqual(["lost 2: 0-1", "2"]);
    expect(Object.fromEntries(backlog.dropped)).toEqual({ EBADF: 2 });
  });

  it("tells on of a loss whose telling was lost itself", () => {
    const backlog = backlogOf();
    backlog.refuse(0, "id-0", "t0", "queue_full");
    const telling = backlog.take(1_000);
    if (telling === undefined) throw new Error("nothing taken");
    backlog.lose(telling, "EBADF");
    backlog.refuse(1, "id-1", "t1", "queue_full");
    expect(linesOf(backlog.take(1_000))).toEqual(["lost 2: 0-1"]);
    expect(backlog.settledEvents).toBe(0);
  });

  it("puts everything together for the end of the process, and keeps it until it is confirmed", () => {
    const backlog = backlogOf();
    addBatch(backlog, 0, 1);
    const taken = backlog.take(1_000);
    addBatch(backlog, 1, 1);
    backlog.refuse(2, "id-2", "t2", "queue_full");
    const everything = backlog.everything(taken);
    expect(linesOf(everything)).toEqual(["0", "1", "lost 1: 2-2"]);
    expect(linesOf(backlog.everything(taken))).toEqual(["0", "1", "lost 1: 2-2"]);
    if (everything === undefined) throw new Error("nothing there");
    backlog.confirmEverything(everything);
    expect(backlog).toMatchObject({ queuedEvents: 0, queuedBytes: 0, writtenEvents: 2 });
    expect(backlog.everything(undefined)).toBeUndefined();
  });

  it("accounts for every record exactly once, in order, whatever happens", () => {
    const action = fc.oneof(
      { weight: 5, arbitrary: fc.constant("log" as const) },
      { weight: 2, arbitrary: fc.constant("seal" as const) },
      { weight: 2, arbitrary: fc.constant("write" as const) },
      { weight: 1, arbitrary: fc.constant("lose" as const) },
    );
    fc.assert(
      fc.property(fc.array(action, { maxLength: 120 }), fc.integer({ min: 1, max: 6 }), (actions, bound) => {
        const backlog = backlogOf(bound);
        const written: string[] = [];
        let open: string[] = [];
        let sequence = 0;
        const seal = (): void => {
          if (open.length > 0) backlog.add(encodeBatch(open, sequence - open.length));
          open = [];
        };
        const ship = (settle: (shipment: Shipment) => void): boolean => {
          const shipment = backlog.take(8);
          if (shipment !== undefined) settle(shipment);
          return shipment !== undefined;
        };
        const write = (): boolean =>
          ship((shipment) => {
            backlog.confirm(shipment);
            written.push(...linesOf(shipment));
          });
        for (const step of actions) {
          if (step === "seal") seal();
          else if (step === "write") write();
          else if (step === "lose") ship((shipment) => backlog.lose(shipment, "EBADF"));
          else if (backlog.hasRoomFor(3)) {
            backlog.accept(lineOf(sequence).length);
            open.push(lineOf(sequence));
            sequence += 1;
          } else {
            seal();
            backlog.refuse(sequence, "", "", "queue_full");
            sequence += 1;
          }
        }
        seal();
        while (write());
        const covered = written.flatMap((line) => {
          const [, count, from, to] = /^lost (\d+): (\d+)-(\d+)$/.exec(line)?.map(Number) ?? [];
          if (count === undefined || from === undefined || to === undefined) return [Number(line)];
          expect(to - from + 1).toBe(count);
          return Array.from({ length: count }, (_, index) => from + index);
        });
        expect(covered).toEqual(Array.from({ length: sequence }, (_, index) => index));
        const dropped = [...backlog.dropped.values()].reduce((sum, count) => sum + count, 0);
        expect(backlog.writtenEvents + dropped).toBe(sequence);
        expect(backlog).toMatchObject({ queuedEvents: 0, queuedBytes: 0 });
      }),
      { numRuns: 1_000 },
    );
  });
});
