import { aRecord } from "@prodigy-events/schema/testing";
import { describe, expect, it } from "vitest";
import { matchedFields } from "./matched-fields.js";

const record = aRecord(
  {
    event_type: "t",
    error: `${"x".repeat(50)} needle ${"y".repeat(100)}`,
    nested: { list: ["a", "needle"] },
    count: 7,
  },
  { metadata: { host: "needle-host" } },
);

describe("matchedFields", () => {
  it("names the fields in which something was found, with the text around it", () => {
    expect(matchedFields(record, /needle/gu, [], 9)).toEqual([
      { path: "error", snippet: `…${"x".repeat(23)} needle ${"y".repeat(55)}…` },
      { path: "nested.list.1", snippet: "needle" },
      { path: "metadata.host", snippet: "needle-host" },
    ]);
  });

  it("names at most as many as asked for", () => {
    expect(matchedFields(record, /needle/gu, [], 1)).toHaveLength(1);
  });

  it("looks only at the fields that were searched", () => {
    expect(matchedFields(record, /needle/gu, ["host", "count"], 9)).toEqual([
      { path: "host", snippet: "needle-host" },
    ]);
  });
});
