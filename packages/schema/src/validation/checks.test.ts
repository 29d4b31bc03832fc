import { FormatRegistry } from "@sinclair/typebox";
import { type TypeCheck, TypeCompiler } from "@sinclair/typebox/compiler";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { definitions } from "../../definitions/index.js";
import { checks } from "../generated/checks.js";
import { eventSchemas } from "../generated/event-schemas.js";
import { eventTypes } from "../payloads/event-types.js";
import { anEvent } from "../testing/index.js";
import { isTimestamp } from "../timestamp.js";
import { explain } from "./explain.js";

FormatRegistry.Set("date-time", isTimestamp);

describe.each(eventTypes)("the emitted checks of %s", (eventType) => {
  const schema = eventSchemas[eventType];
  const compiled = TypeCompiler.Compile(definitions[eventType]) as TypeCheck<typeof definitions.job_paused>;

  it("say no exactly when there is something to explain", () => {
    fc.assert(
      fc.property(fc.oneof(eventOf(eventType, oddValue), fc.anything()), (event) => {
        expect(checks[eventType].shape(event)).toBe(explain(schema, event, "shape").length === 0);
        expect(checks[eventType].full(event)).toBe(explain(schema, event, "full").length === 0);
      }),
      { numRuns: 1000 },
    );
  });

  it("agree with TypeBox's own compiler about JSON", () => {
    fc.assert(
      fc.property(eventOf(eventType, oddJson), (event) => {
        const hasType = event.event_type === eventType;
        expect(checks[eventType].full(event)).toBe(hasType && compiled.Check(event));
      }),
      { numRuns: 1000 },
    );
  });

  it.each(schema.required)("miss the required field %s", (name) => {
    const { [name]: _, ...event } = anEvent(eventType) as Record<string, unknown>;
    expect(checks[eventType].shape(event)).toBe(false);
    expect(explain(schema, event, "shape")).toMatchObject([{ path: name, received: "nothing" }]);
  });
});

/** Values next to what fields take: near bounds, of the wrong type, half right. */
const oddJson: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown[]>(
    null,
    true,
    -1,
    0,
    1,
    1.5,
    100,
    100.5,
    "",
    "timeout",
    "2026-01-01T12:00:00Z",
    "2026-02-30T12:00:00Z",
  ),
  fc.constantFrom<unknown[]>(
    [],
    ["a"],
    ["a", 1],
    {},
    { secs: 1, nanos: 0 },
    { secs: -1, nanos: 0 },
    { secs: 1, nanos: 1e9 },
  ),
  fc.jsonValue(),
);

const oddValue = fc.oneof(
  oddJson,
  fc.constantFrom(undefined, Number.NaN, Infinity, new Array(1), new Date(0)),
  fc.anything(),
);

/** A valid event with a few of its fields replaced, another added, or some taken away. */
function eventOf(
  eventType: keyof typeof eventSchemas,
  value: fc.Arbitrary<unknown>,
): fc.Arbitrary<Record<string, unknown>> {
  const names = [...Object.keys(eventSchemas[eventType].properties), "other"];
  const change = fc.tuple(fc.constantFrom(...names), fc.option(value, { nil: remove }));
  return fc.array(change, { maxLength: 3 }).map((changes) => {
    const event: Record<string, unknown> = anEvent(eventType);
    for (const [name, replacement] of changes) {
      if (replacement === remove) delete event[name];
      else event[name] = replacement;
    }
    return event;
  });
}

const remove = Symbol("remove");
