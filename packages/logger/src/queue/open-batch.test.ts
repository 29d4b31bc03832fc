import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { OpenBatch } from "./open-batch.js";

describe("OpenBatch", () => {
  it("returns every line as it was added, whatever its characters", () => {
    fc.assert(
      fc.property(fc.array(fc.array(fc.string({ unit: "binary" }), { minLength: 1 })), (batches) => {
        const open = new OpenBatch();
        let sequence = 0;
        for (const texts of batches) {
          // As JSON.stringify makes them: lone surrogates are escaped.
          const lines = texts.map((text) => `${JSON.stringify(text)}\n`);
          const first = sequence;
          const bytes = lines.map((line) => open.add(line, sequence++));
          expect(bytes).toEqual(lines.map((line) => Buffer.byteLength(line)));
          const batch = open.seal();
          expect([...batch.records()]).toEqual(lines);
          expect(batch).toMatchObject({
            count: lines.length,
            firstSequence: first,
            lastSequence: sequence - 1,
          });
          expect(open).toMatchObject({ count: 0, bytes: 0 });
        }
      }),
    );
  });

  it("grows to what a line needs, also for characters of three bytes", () => {
    const open = new OpenBatch();
    const lines = [
      `${"€".repeat(100_000)}\n`,
      "a\n",
      `${"x".repeat(3_000_000)}\n`,
      `${"€".repeat(2_000_000)}\n`,
    ];
    lines.forEach((line, sequence) => {
      open.add(line, sequence);
    });
    expect([...open.seal().records()]).toEqual(lines);
  });

  it("hands over bytes that later lines do not change", () => {
    const open = new OpenBatch();
    open.add("first\n", 0);
    const batch = open.seal();
    open.add("other\n", 1);
    expect([...batch.records()]).toEqual(["first\n"]);
  });
});
