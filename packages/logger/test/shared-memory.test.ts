import type { EventRecord } from "@prodigy-events/schema";
import { type EncodedBatch, type EventWriter, memoryWriter, segmentWriter } from "@prodigy-events/writer";
import { describe, expect, it } from "vitest";
import { loggerScene, numbers, recordsIn, sequenceOf, turns } from "./logger-scene.js";

/** As long as a batch of it is large enough to be shared between the writers. */
const textOf = (index: number): string => `event ${index} `.repeat(40);
const isSegment = /events-[^/]*\.jsonl$/;

/** A writer that takes its time, looks at the batch only at the end of it, and refuses every so many. */
function slowWriter(refusesEach: number): EventWriter & { readonly lines: string[] } {
  const lines: string[] = [];
  let attempts = 0;
  const keep = (batch: EncodedBatch): void => void lines.push(...batch.records());
  return {
    name: "slow",
    required: false,
    lines,
    write: async (batch) => {
      attempts += 1;
      await turns(attempts % 7);
      if (attempts % refusesEach === 0) {
        throw Object.assign(new Error("the test refuses"), { code: "EAGAIN", retryable: true });
      }
      keep(batch);
    },
    writeSync: keep,
    flush: async () => undefined,
    close: async () => undefined,
  };
}

function expectWhole(records: readonly EventRecord[], count: number): void {
  expect(records.map(sequenceOf)).toEqual(numbers(count));
  const wrong = records.find(({ event, metadata }) => event.step !== textOf(metadata.sequence ?? -1));
  expect(wrong).toBeUndefined();
}

describe("the memory that writers share", () => {
  it("is not used again before all are done with it, whatever fails, and is written at once meanwhile", async () => {
    const slow = slowWriter(5);
    const memory = memoryWriter();
    const { logger, codes } = await loggerScene(
      { writers: [segmentWriter({ maxSegmentBytes: 5_000_000, compress: false }), memory, slow] },
      [
        { operation: "write", path: isSegment, nth: 2, shortWriteBytes: 1_000 },
        { operation: "write", path: isSegment, nth: 5, error: "ENOSPC" },
        { operation: "write", path: isSegment, nth: 8, error: "EIO", when: "after" },
        { operation: "fdatasync", path: isSegment, nth: 9, error: "EIO" },
        { operation: "fstat", path: isSegment, nth: 12, error: "EIO" },
      ],
    );
    const count = 20_000;
    for (const index of numbers(count)) {
      await logger.ready();
      logger.log({ event_type: "agent_progress", agent_id: "a", step: textOf(index), progress_pct: 1 });
      if (index % 6_000 === 5_500) logger.flushSync();
      if (index % 3_000 === 2_500) await logger.flush().catch(() => undefined);
    }
    await logger.flush({ timeoutMs: 20_000 });
    await logger.shutdown();
    expectWhole(memory.records(), count);
    expectWhole(await recordsIn(logger.directory).then(inOrder), count);
    const ofSlow = slow.lines.map((line) => JSON.parse(line) as EventRecord);
    // What was written synchronously beside a write in flight may be there twice.
    expectWhole(inOrder([...new Map(ofSlow.map((record) => [sequenceOf(record), record])).values()]), count);
    expect(codes()).toContain("WRITER_DEGRADED");
    expect(logger.stats().writers).toMatchObject({ slow: { written: count }, segment: { written: count } });
  });
});

function inOrder(records: readonly EventRecord[]): EventRecord[] {
  return [...records].sort((a, b) => sequenceOf(a) - sequenceOf(b));
}
