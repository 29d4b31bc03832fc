import { describe, expect, it } from "vitest";
import { builtinEvents } from "./builtin-events.js";
import { defineCatalog } from "./define-catalog.js";
import { defineEvent } from "./define-event.js";
import { unchecked } from "./standard-schema.js";

const started = defineEvent("build_started", unchecked<{ target: string }>(), { category: "build" });
const finished = defineEvent("build_finished", unchecked<{ warnings: number }>(), { category: "build" });

describe("defineCatalog", () => {
  it("has the types of its base and its own, in this order", () => {
    const catalog = defineCatalog(builtinEvents, [started, finished]);
    expect([...catalog.definitions.keys()]).toEqual([
      ...builtinEvents.definitions.keys(),
      "build_started",
      "build_finished",
    ]);
    expect(catalog.get("build_started")).toBe(started);
    expect(catalog.get("agent_failed")).toBe(builtinEvents.get("agent_failed"));
    expect(catalog.get("lunch")).toBeUndefined();
  });

  it("leaves its base as it is, and may be a base itself", () => {
    const base = defineCatalog(builtinEvents, [started]);
    const catalog = defineCatalog(base, [finished]);
    expect([base.definitions.size, catalog.definitions.size]).toEqual([34, 35]);
  });

  it.each([
    ["declared twice", builtinEvents, [started, started]],
    ["in the base", defineCatalog(builtinEvents, [started]), [started]],
  ])("refuses a type that is %s", (_, base, definitions) => {
    expect(() => defineCatalog(base, definitions)).toThrow(
      expect.objectContaining({
        code: "DUPLICATE",
        message: "The event type build_started is in the catalog already: declare it once",
      }),
    );
  });
});
