import { describe, expect, it } from "vitest";
import { anEvent } from "../testing/index.js";
import {
  agentIdOf,
  categoryOf,
  isKnownEvent,
  itemIdOf,
  jobIdOf,
  severityOf,
  summaryOf,
  validateEvent,
} from "./accessors.js";
import { builtinEvents } from "./builtin-events.js";
import { defineCatalog } from "./define-catalog.js";
import { defineEvent } from "./define-event.js";
import { unchecked } from "./standard-schema.js";

describe("the ids of an event", () => {
  it("are its fields of that name", () => {
    const event = anEvent("agent_started", { job_id: "j", agent_id: "a", item_id: "i" });
    expect([jobIdOf(event), agentIdOf(event), itemIdOf(event)]).toEqual(["j", "a", "i"]);
  });

  it("are undefined where they are absent or no text", () => {
    const event = { event_type: "x", job_id: 7, agent_id: null };
    expect([jobIdOf(event), agentIdOf(event), itemIdOf(event)]).toEqual([undefined, undefined, undefined]);
  });
});

describe("an event as Prodigy wrote it", () => {
  const event = {
    event_type: "DLQItemAdded",
    job_id: "j",
    item_id: "i",
    error_signature: "e",
    failure_count: 2,
  };

  it("has the severity, category and summary of its type", () => {
    expect(severityOf(event)).toBe("error");
    expect(categoryOf(event)).toBe("dlq");
    expect(summaryOf(event)).toBe("i · 2 failures · e");
  });

  it("has its duration and failure reason read for the summary", () => {
    expect(summaryOf({ event_type: "AgentCompleted", duration: [45, 0], commits: [] })).toBe(
      "45.0s · 0 commits",
    );
    expect(
      summaryOf({
        event_type: "AgentFailed",
        error: "e",
        failure_reason: { CommandFailed: { exit_code: 2 } },
      }),
    ).toBe("command_failed (exit 2): e");
  });
});

describe("an event of an unknown type", () => {
  const event = {
    event_type: "deploy_failed",
    job_id: "j",
    target: "web",
    tries: 3,
    dry: false,
    list: [1],
    none: null,
    a: 1,
    b: 2,
  };

  it("is an error if its name says that something failed", () => {
    expect(severityOf(event)).toBe("error");
    expect(severityOf({ event_type: "deployed" })).toBe("info");
  });

  it("is of the category other", () => {
    expect(categoryOf(event)).toBe("other");
  });

  it("is summarised by its first plain fields", () => {
    expect(summaryOf(event)).toBe("target=web · tries=3 · dry=false · a=1");
    expect(summaryOf({ event_type: "x" })).toBe("");
  });

  it("is valid", () => {
    expect(validateEvent(event, "full")).toEqual([]);
  });

  it.each(["constructor", "__proto__", "toString", ""])("may be called %j", (eventType) => {
    const named = { event_type: eventType };
    expect([severityOf(named), categoryOf(named), summaryOf(named), isKnownEvent(named)]).toEqual([
      "info",
      "other",
      "",
      false,
    ]);
    expect(validateEvent(named)).toEqual([]);
  });
});

describe("validateEvent", () => {
  const invalid = { ...anEvent("job_started"), total_items: -1, timestamp: "noon" };

  it("checks the shape unless told otherwise", () => {
    expect(validateEvent(invalid)).toEqual([
      { path: "total_items", expected: "integer >= 0", received: "-1" },
    ]);
  });

  it("checks formats too at level full", () => {
    expect(validateEvent(invalid, "full")).toEqual([
      { path: "total_items", expected: "integer >= 0", received: "-1" },
      { path: "timestamp", expected: "RFC 3339 timestamp", received: '"noon"' },
    ]);
  });

  it("checks nothing at level off", () => {
    expect(validateEvent(invalid, "off")).toEqual([]);
    expect(validateEvent(null, "off")).toEqual([]);
  });

  it.each([
    [undefined, { path: "", expected: "object", received: "nothing" }],
    [null, { path: "", expected: "object", received: "null" }],
    [[], { path: "", expected: "object", received: "array" }],
    ["job_started", { path: "", expected: "object", received: '"job_started"' }],
    [{}, { path: "event_type", expected: "string", received: "nothing" }],
    [{ event_type: 7 }, { path: "event_type", expected: "string", received: "7" }],
  ])("says of %j that it is no event", (value, issue) => {
    expect(validateEvent(value)).toEqual([issue]);
  });

  it("takes fields that the type does not have", () => {
    expect(validateEvent({ ...anEvent("job_paused"), note: "lunch" }, "full")).toEqual([]);
  });

  it("asks the catalog given", () => {
    const definition = defineEvent("lunch", unchecked<{ dish: string }>(), {
      category: "break",
      severity: "warning",
      summary: (event) => event.dish.toUpperCase(),
    });
    const catalog = defineCatalog(builtinEvents, [definition]);
    const event = { event_type: "lunch", dish: "soup" };
    expect(severityOf(event, catalog)).toBe("warning");
    expect(categoryOf(event, catalog)).toBe("break");
    expect(summaryOf(event, catalog)).toBe("SOUP");
    expect(validateEvent(event, "full", catalog)).toEqual([]);
    expect(categoryOf(anEvent("job_started"), catalog)).toBe("job");
  });
});

describe("isKnownEvent", () => {
  it("is true of an event that has the fields of its type", () => {
    expect(isKnownEvent(anEvent("job_paused"))).toBe(true);
  });

  it("is false of an event on whose fields code could not rely", () => {
    expect(isKnownEvent({ event_type: "job_paused", job_id: "j" })).toBe(false);
    expect(isKnownEvent({ event_type: "build_finished" })).toBe(false);
  });
});
