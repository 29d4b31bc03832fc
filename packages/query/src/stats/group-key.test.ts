import type { EventRecord } from "@prodigy-events/schema";
import { aRecord } from "@prodigy-events/schema/testing";
import { describe, expect, it } from "vitest";
import { groupKeyReader } from "./group-key.js";

const record: EventRecord = {
  ...aRecord("agent_failed"),
  event: {
    event_type: "AgentFailed",
    job_id: "job-1",
    agent_id: null,
    failure_reason: { CommandFailed: { exit_code: 3 } },
    list: [1, "x"],
    flag: false,
  },
};

describe("groupKeyReader", () => {
  it.each([
    [["event_type"], ["agent_failed"]],
    [
      ["event.event_type", "job_id"],
      ["agent_failed", "job-1"],
    ],
    [["agent_id"], [null]],
    [
      ["missing", "metadata.nothing"],
      [null, null],
    ],
    [
      ["failure_reason", "exit_code", "event_type"],
      ["command_failed", 3, "agent_failed"],
    ],
    [["list"], ['[1,"x"]']],
    [["flag"], [false]],
    [[], []],
  ])("by %j is %j", (fields, key) => {
    expect(groupKeyReader(fields)(record)).toEqual(key);
  });
});
