import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { escapeRegExp } from "./escape-reg-exp.js";

describe("escapeRegExp", () => {
  it("makes an expression that matches exactly the text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        expect(new RegExp(`^${escapeRegExp(text)}$`, "u").test(text)).toBe(true);
      }),
    );
  });
});
