import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ContentSummary } from "./content-summary.js";

const lines = fc.array(fc.stringMatching(/^[a-zé]{0,5}$/), { maxLength: 6 });

describe("ContentSummary", () => {
  it("finds the first line, the last line and the tail however the content is cut", () => {
    fc.assert(
      fc.property(
        lines,
        fc.stringMatching(/^[a-z]{0,4}$/),
        fc.integer({ min: 1, max: 9 }),
        (whole, tail, size) => {
          const content = Buffer.from(whole.map((line) => `${line}\n`).join("") + tail);
          const summary = new ContentSummary();
          // One buffer for all chunks, as a reader has.
          const buffer = Buffer.alloc(size);
          for (let start = 0; start < content.length; start += size) {
            const length = content.copy(buffer, 0, start, start + size);
            summary.add(buffer.subarray(0, length));
          }
          expect(summary.firstLine).toBe(whole[0]);
          expect(summary.lastLine).toBe(whole.at(-1));
          expect(summary.tailBytes).toBe(tail.length);
          expect(summary.sums()).toMatchObject({ bytes: content.length, lines: whole.length });
        },
      ),
    );
  });
});
