import fc from "fast-check";
import { expect, it } from "vitest";
import { CopyIndex } from "./copy-index.js";
import { ProducerSequences } from "./producer-sequences.js";

const record = fc.record({
  producerId: fc.constantFrom("", "a", "b"),
  sequence: fc.integer({ min: -1, max: 4 }),
});
const files = fc.array(fc.array(record, { maxLength: 12 }), { maxLength: 4 });

it("counts each record once however often and in however many files it is stored, on every reading alike", () => {
  fc.assert(
    fc.property(files, (contents) => {
      const index = new CopyIndex();
      const met = new Set<string>();
      const firsts: boolean[][] = [];
      for (const [file, records] of contents.entries()) {
        const inFile = new ProducerSequences();
        firsts.push(
          records.map((each, offset) => {
            const key = { instant: 0n, path: `/${file}`, offset, ...each };
            const name =
              each.producerId === "" || each.sequence < 0
                ? `/${file}:${offset}`
                : `${each.producerId}/${each.sequence}`;
            const isFirst = index.note(key, inFile.add(key));
            expect(isFirst).toBe(!met.has(name));
            met.add(name);
            return isFirst;
          }),
        );
      }
      for (const [file, records] of contents.entries()) {
        const isFirst = index.reading(`/${file}`);
        const again = records.map((each, offset) =>
          isFirst({ instant: 0n, path: `/${file}`, offset, ...each }),
        );
        expect(again).toEqual(firsts[file]);
      }
    }),
  );
});
