import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Kernel } from "./kernel.js";

describe("looking for literals", () => {
  const kernel = new Kernel(1 << 16);
  const found = (lines: readonly string[]) => {
    kernel.load(Buffer.from(`${lines.join("\n")}\n`));
    kernel.read(0);
    kernel.find();
    return [...kernel.rows.isFound.subarray(0, kernel.rows.count)];
  };

  it("finds what plain text search finds, wherever it stands", () => {
    const text = fc.string({
      unit: fc.constantFrom("a", "A", "b", "ü", " ", "\\", '"'),
      minLength: 1,
      maxLength: 70,
    });
    const literal = fc.string({ unit: fc.constantFrom("a", "b", "ü", "\\"), minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(
        fc.array(text, { minLength: 1, maxLength: 10 }),
        fc.array(literal, { minLength: 1, maxLength: 4 }),
        fc.boolean(),
        (lines, literals, foldsCase) => {
          expect(kernel.lookFor(literals, foldsCase, false)).toBe(true);
          const same = (line: string) => (foldsCase ? line.replaceAll("A", "a") : line);
          const expected = lines.map((line) => (literals.some((each) => same(line).includes(each)) ? 1 : 0));
          expect(found(lines)).toEqual(expected);
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it("can leave keys out, and never a value", () => {
    kernel.lookFor(["error", "\\"], false, true);
    expect(
      found([
        '{"error":1}',
        '{"error":"no error"}',
        '{"x":"error"}',
        '{"errors":{"my_error":[]}}',
        '{"x":"a\\":b"}',
        '{"x":["error"],"error":1}',
      ]),
    ).toEqual([0, 1, 1, 0, 1, 1]);
  });

  it("takes twenty texts of 64 bytes, and says so of more", () => {
    expect(kernel.lookFor(Array(20).fill("x".repeat(64)), false, false)).toBe(true);
    expect(kernel.lookFor(Array(21).fill("x"), false, false)).toBe(false);
    expect(kernel.lookFor(["x".repeat(65)], false, false)).toBe(false);
    expect(kernel.lookFor([""], false, false)).toBe(false);
  });
});
