import { aRecord } from "@prodigy-events/schema/testing";
import { describe, expect, it } from "vitest";
import { fieldValue } from "./field.js";

const record = {
  ...aRecord("agent_completed"),
  id: "the-id",
  event: {
    event_type: "agent_completed",
    duration: { secs: 45, nanos: 0 },
    commits: ["a1", "b2"],
    host: "in-event",
    config: JSON.parse('{"__proto__":{"deep":1},"constructor":"mine"}'),
  },
  metadata: { host: "in-metadata", region: "eu", "a.b": "dotted" },
};

describe("fieldValue", () => {
  it.each([
    ["id", "the-id"],
    ["event_type", "agent_completed"],
    ["event.event_type", "agent_completed"],
    ["event.duration.secs", 45],
    ["duration.secs", 45],
    ["commits.1", "b2"],
    ["commits.length", 2],
    ["host", "in-event"],
    ["metadata.host", "in-metadata"],
    ["region", "eu"],
    ["config.constructor", "mine"],
    ["config.__proto__.deep", 1],
    ["missing", undefined],
    ["event.missing.deeper", undefined],
    ["id.length", undefined],
    ["constructor", undefined],
    ["__proto__", undefined],
    ["event.constructor", undefined],
    ["event.toString", undefined],
    ["", undefined],
  ])("%s is %j", (path, expected) => {
    expect(fieldValue(record, path)).toEqual(expected);
  });
});
