import { describe, expect, it } from "vitest";
import { defineEvent } from "./define-event.js";
import type { StandardIssue, StandardResult, StandardSchema } from "./standard-schema.js";
import { unchecked } from "./standard-schema.js";

interface Build {
  target: string;
  warnings: number;
}

const buildFinished = defineEvent("build_finished", schemaOf<Build>(issuesOfBuild), {
  category: "build",
  description: "A build came to its end.",
  severity: (event) => (event.warnings > 0 ? "warning" : "info"),
  summary: (event) => `${event.target.trim()}, ${event.warnings} warnings`,
});

describe("a defined event", () => {
  it("has the traits that were declared", () => {
    const event = { event_type: "build_finished", target: " web ", warnings: 2 };
    expect(buildFinished).toMatchObject({
      eventType: "build_finished",
      category: "build",
      description: "A build came to its end.",
      fields: [],
    });
    expect(buildFinished.severity(event)).toBe("warning");
    expect(buildFinished.summary(event)).toBe("web, 2 warnings");
  });

  it("is an info summarised by its fields when nothing else was declared", () => {
    const plain = defineEvent("lunch", unchecked<{ dish: string }>(), { category: "break" });
    const event = { event_type: "lunch", dish: "soup" };
    expect([plain.severity(event), plain.summary(event), plain.description]).toEqual([
      "info",
      "dish=soup",
      "",
    ]);
  });

  it("copes with events for which its own functions are not prepared", () => {
    const incomplete = { event_type: "build_finished", exit: 1 };
    const choosy = defineEvent("choosy", unchecked<Build>(), {
      category: "build",
      severity: (event) => (event.target.length > 0 ? "error" : "info"),
    });
    expect(buildFinished.summary(incomplete)).toBe("exit=1");
    expect(choosy.severity(incomplete)).toBe("info");
  });

  it("tells how an event does not fit, with the path and the value there", () => {
    const event = { event_type: "build_finished", target: 7, warnings: 0 };
    expect(buildFinished.validate(event, "shape")).toEqual([
      { path: "target", expected: "must be text", received: "7" },
    ]);
    expect(buildFinished.validate(event, "full")).toHaveLength(1);
    expect(buildFinished.validate(event, "off")).toEqual([]);
    expect(buildFinished.validate({ ...event, target: "web" }, "full")).toEqual([]);
  });

  it("shows the validator the fields without event_type, and changes nothing", () => {
    const seen: unknown[] = [];
    const strict = defineEvent(
      "strict",
      schemaOf((value) => {
        seen.push(value);
        return [];
      }),
      { category: "test" },
    );
    const event = Object.freeze({ event_type: "strict", a: 1 });
    strict.validate(event, "shape");
    expect(seen.at(-1)).toEqual({ a: 1 });
  });

  it("understands every form of path that Standard Schema has", () => {
    const nested = defineEvent(
      "nested",
      schemaOf((value) =>
        typeof value.list === "object" ? [{ message: "too long", path: [{ key: "list" }, 0, "name"] }] : [],
      ),
      { category: "test" },
    );
    const issues = nested.validate({ event_type: "nested", list: [{ name: "abc" }] }, "shape");
    expect(issues).toEqual([{ path: "list[0].name", expected: "too long", received: '"abc"' }]);
    expect(nested.validate({ event_type: "nested", list: null }, "shape")).toMatchObject([
      { received: "nothing" },
    ]);
  });

  it("reports a validator that throws as an issue", () => {
    const broken = defineEvent(
      "broken",
      schemaOf(() => {
        throw new Error("out of order");
      }),
      { category: "test" },
    );
    expect(broken.validate({ event_type: "broken" }, "shape")).toEqual([
      { path: "", expected: "a validator that does not throw", received: "Error: out of order" },
    ]);
  });

  it("reports a validator that turns out to be asynchronous as an issue, and does not wait for it", () => {
    const late = defineEvent(
      "late",
      schemaFrom((value) => (value.secret === "sesame" ? Promise.reject(new Error("nobody waits")) : {})),
      { category: "test" },
    );
    expect(late.validate({ event_type: "late", secret: "sesame" }, "shape")).toEqual([
      { path: "", expected: "a synchronous validator", received: "a promise" },
    ]);
  });
});

describe("defineEvent", () => {
  it.each(["", "a b", "a,b", "agent_*", "7up", "_x"])("refuses the name %j", (name) => {
    expect(() => defineEvent(name, unchecked(), { category: "test" })).toThrow(
      expect.objectContaining({ name: "DefinitionError", code: "BAD_NAME" }),
    );
  });

  it.each(["agent_failed", "AgentFailed", "d_l_q_item_added"])("refuses %s, which is built in", (name) => {
    expect(() => defineEvent(name, unchecked(), { category: "test" })).toThrow(
      `The event type ${name} is built in: choose another name`,
    );
  });

  it.each([
    ["nothing", undefined],
    ["a JSON Schema", { type: "object" }],
    ["a later version", { "~standard": { version: 2, vendor: "x", validate: () => ({}) } }],
    ["no validator", { "~standard": { version: 1, vendor: "x" } }],
  ])("refuses %s for a schema", (_, schema) => {
    expect(() => defineEvent("x", schema as unknown as StandardSchema, { category: "test" })).toThrow(
      expect.objectContaining({ code: "NOT_A_SCHEMA" }),
    );
  });

  it("refuses a validator that is always asynchronous", () => {
    expect(() =>
      defineEvent(
        "x",
        schemaFrom(async () => ({})),
        { category: "test" },
      ),
    ).toThrow(
      "The validator of x is asynchronous, and log() does not wait: leave out its asynchronous checks",
    );
  });

  it("refuses a validator that is asynchronous only once the fields are of the right type", () => {
    const schema = schemaFrom((value) => {
      const issues = issuesOfBuild(value);
      return issues.length > 0 ? { issues } : Promise.resolve({});
    });
    expect(() => defineEvent("x", schema, { category: "test" })).toThrow(
      expect.objectContaining({ code: "ASYNC_VALIDATOR" }),
    );
  });

  it("gives up in time on a validator that nothing satisfies", () => {
    let calls = 0;
    const schema = schemaOf(() => {
      calls++;
      return [{ message: "one more", path: [`field${calls}`] }];
    });
    expect(defineEvent("x", schema, { category: "test" }).eventType).toBe("x");
    expect(calls).toBe(300);
  });
});

function issuesOfBuild(value: Record<string, unknown>): StandardIssue[] {
  const issues: StandardIssue[] = [];
  if (typeof value.target !== "string") issues.push({ message: "must be text", path: ["target"] });
  if (typeof value.warnings !== "number") issues.push({ message: "must be a number", path: ["warnings"] });
  return issues;
}

function schemaOf<Payload>(
  issuesOf: (value: Record<string, unknown>) => StandardIssue[],
): StandardSchema<Payload> {
  return schemaFrom((value) => ({ issues: issuesOf(value) }));
}

function schemaFrom<Payload>(
  validate: (value: Record<string, unknown>) => StandardResult | Promise<StandardResult>,
): StandardSchema<Payload> {
  return {
    "~standard": {
      version: 1,
      vendor: "test",
      validate: (value) => validate(value as Record<string, unknown>),
    },
  };
}
