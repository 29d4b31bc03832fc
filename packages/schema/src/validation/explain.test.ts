import { describe, expect, it } from "vitest";
import type { SchemaNode } from "./event-schema.js";
import { explain } from "./explain.js";

describe("explain", () => {
  it.each<[SchemaNode, unknown, string, string]>([
    [{ type: "string" }, 7, "string", "7"],
    [{ type: "string" }, undefined, "string", "nothing"],
    [{ type: "string" }, null, "string", "null"],
    [{ type: "string" }, {}, "string", "object"],
    [{ type: "string" }, ["a"], "string", "array"],
    [{ type: "string" }, 7n, "string", "7n"],
    [{ type: "string" }, Symbol("s"), "string", "symbol"],
    [{ type: "boolean" }, "yes", "boolean", '"yes"'],
    [{ type: "boolean" }, "x".repeat(100), "boolean", `"${"x".repeat(40)}…"`],
    [{ type: "integer" }, 1.5, "integer", "1.5"],
    [{ type: "integer", minimum: 0 }, -1, "integer >= 0", "-1"],
    [{ type: "integer", maximum: 9 }, 10, "integer <= 9", "10"],
    [{ type: "number", minimum: 0, maximum: 100 }, 101, "number from 0 to 100", "101"],
    [{ type: "number" }, Number.NaN, "number", "NaN"],
    [{ type: "array", items: { type: "string" } }, "a", "string[]", '"a"'],
    [{ type: "object" }, [], "object", "array"],
    [{ type: "object", properties: { a: {}, b: {} } }, true, "object { a, b }", "true"],
    [{ enum: ["a", "b"] }, "c", '"a" | "b"', '"c"'],
    [{ const: "a" }, "b", '"a"', '"b"'],
    [{ type: "string", format: "date-time" }, "noon", "RFC 3339 timestamp", '"noon"'],
    [{}, undefined, "any JSON value", "nothing"],
  ])("says of %j what fits and what is there: %s", (schema, value, expected, received) => {
    expect(explain(schema, value, "full")).toEqual([{ path: "", expected, received }]);
  });

  it("names the place of every issue, in the order of the schema", () => {
    const schema: SchemaNode = {
      type: "object",
      properties: {
        id: { type: "string" },
        duration: { type: "object", properties: { secs: { type: "integer" } }, required: ["secs"] },
        commits: { type: "array", items: { type: "string" } },
        note: { type: "string" },
      },
      required: ["id", "duration", "commits"],
    };
    const value = { note: 7, commits: ["a", 1, undefined], duration: {}, extra: true };
    expect(explain(schema, value, "shape").map((issue) => issue.path)).toEqual([
      "id",
      "duration.secs",
      "commits[1]",
      "commits[2]",
      "note",
    ]);
  });

  it("looks into text only at level full", () => {
    expect(explain({ type: "string", format: "date-time" }, "noon", "shape")).toEqual([]);
  });
});
