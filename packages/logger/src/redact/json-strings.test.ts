import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type JsonVisitor, rewriteJsonStrings } from "./json-strings.js";

const silent: JsonVisitor = { key: () => undefined, value: () => undefined, inherit: () => undefined };

/** Every string value of a JSON value, and every key, in the order in which JSON shows them. */
function stringsOf(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (Array.isArray(value)) return value.flatMap(stringsOf);
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inside]) => [key, ...stringsOf(inside)]);
}

describe("the strings of a JSON text", () => {
  it("are all visited, in order, and nothing changes when nothing is replaced", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), fc.constantFrom(undefined, 2), (value, indent) => {
        const json = JSON.stringify(value, null, indent);
        const seen: string[] = [];
        const note = (text: string): undefined => void seen.push(text);
        expect(rewriteJsonStrings(json, { ...silent, key: note, value: note })).toBe(json);
        expect(seen).toEqual(stringsOf(JSON.parse(json)));
      }),
      { numRuns: 2_000 },
    );
  });

  it("can be replaced one by one, and all else stays as it was written", () => {
    const json = '{ "10": 12345678901234567890, "a": [ "x", -0.0, {"b" : "x\\u0041"} ],\n"c": null }\n';
    const value = (text: string) => (text === "x" ? undefined : 'new "text"');
    expect(rewriteJsonStrings(json, { ...silent, value })).toBe(json.replace("x\\u0041", 'new \\"text\\"'));
    const key = (name: string) => (name === "b" ? "B" : undefined);
    expect(rewriteJsonStrings(json, { ...silent, key })).toBe(json.replace('"b"', '"B"'));
  });

  it.each(['{"a":"cut of', '{"a":"x","b', '{"a":["x",', "no JSON", '"x" "y"', '}]{"a":', '"\\ud800', ""])(
    "are made out as far as possible in %j",
    (text) => {
      expect(rewriteJsonStrings(text, silent)).toBe(text);
    },
  );
});
