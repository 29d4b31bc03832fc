import { encodeEvent, encodeMetadata, encodeRecord } from "@prodigy-events/schema";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { OpenBatch } from "../queue/open-batch.js";
import { type BoundValues, noValues } from "./bound-values.js";
import { LineWriter } from "./line-writer.js";
import { RecordIds } from "./record-ids.js";

const anyText = fc.string({ unit: "binary" });
const origin = { host: 'h"ö', pid: 12, thread: "main", producerId: "k3f9a1c2" };
const own = { host: origin.host, pid: 12, thread: "main", producer_id: "k3f9a1c2" };
const anyValues = fc.dictionary(
  fc.oneof(anyText, fc.constantFrom("7", "__proto__", "toJSON")),
  fc.jsonValue(),
);

/** Scopes whose metadata comes again and again, as that of a logger does. */
const scopes: BoundValues[] = [noValues, { region: "eu" }, { 3: "three", deep: { a: [1] }, text: "€\n" }];

const anyRecord = fc.record({
  epochMs: fc.integer({ min: 0, max: Date.UTC(12_000, 0) }),
  sequence: fc.oneof(fc.nat(), fc.maxSafeNat()),
  correlationId: fc.oneof(fc.constantFrom("bench", "run-1"), anyText),
  event: anyValues,
  type: anyText,
  scope: fc.oneof(fc.constantFrom(...scopes), anyValues),
  ofCall: fc.option(anyValues),
  isKept: fc.boolean(),
  size: fc.constantFrom(1, 1, 1, 3_000),
});

describe("LineWriter", () => {
  it("writes the line that the schema makes of the same record", () => {
    fc.assert(
      fc.property(fc.array(anyRecord, { maxLength: 30 }), (records) => {
        const ids = new RecordIds();
        const open = new OpenBatch();
        const writer = new LineWriter(origin, ids, open);
        const lines: string[] = [];
        for (const {
          epochMs,
          sequence,
          correlationId,
          type,
          scope,
          ofCall,
          isKept,
          size,
          ...rest
        } of records) {
          const event = { event_type: type, ...rest.event, text: type.repeat(size) };
          const id = isKept ? ids.next(epochMs) : "01890000-0000-7000-8000-000000000000";
          const head = { id, timestamp: new Date(epochMs).toISOString(), sequence };
          const ours = { ...own, sequence };
          const all = { ...ours, ...scope, ...ofCall, ...ours };
          const metadata = ofCall === null ? scope : encodeMetadata(all);
          const content = { correlationId, event: encodeEvent(event), metadata };
          const plain = encodeRecord({
            id,
            timestamp: head.timestamp,
            correlation_id: correlationId,
            event,
            metadata: all,
          });
          const { at, length, from, to } = writer.write(head, content);
          expect(open.chunk.buffer.toString("utf8", at, at + length)).toBe(plain);
          expect(writer.sizeOf(head, content)).toBe(length);
          expect(writer.mostBytes(head, content)).toBeGreaterThanOrEqual(length);
          const searched = open.chunk.buffer.toString("utf8", from, to);
          const start = plain.indexOf('"correlation_id":') + '"correlation_id":'.length;
          const isOwnOnly = typeof metadata !== "string" && metadata === noValues;
          expect(searched).toBe(plain.slice(start, isOwnOnly ? plain.lastIndexOf('{"host":') : plain.length));
          open.add(length, sequence);
          lines.push(plain);
        }
        if (lines.length > 0) expect([...open.seal(1).records()]).toEqual(lines);
      }),
      { numRuns: 300 },
    );
  });
});
