import type { Static } from "@sinclair/typebox";
import { describe, expect, expectTypeOf, it } from "vitest";
import type { definitions } from "../definitions/index.js";
import { isKnownEvent } from "./catalog/accessors.js";
import { builtinEvents } from "./catalog/builtin-events.js";
import type { Catalog } from "./catalog/catalog.js";
import { defineCatalog } from "./catalog/define-catalog.js";
import { defineEvent } from "./catalog/define-event.js";
import { unchecked } from "./catalog/standard-schema.js";
import type { AnyEvent, BuiltinEvent, EventInput, EventOf, KnownEvent } from "./events.js";
import type { FailureReason } from "./payloads/agent.js";
import type { BuiltinEventMap } from "./payloads/builtin-event-map.js";
import type { EventRecord } from "./record.js";
import { anEvent } from "./testing/index.js";

/*
 * What the types promise. The compiler (`pnpm run typecheck`) is what runs these tests: a wrong type, or an
 * `@ts-expect-error` above a line that compiles, fails it.
 */

interface BuildEventMap {
  build_finished: { job_id: string; target: string; warnings: number };
  build_noted: { [field: string]: unknown; note: string };
}

interface LibrarySchema<Input, Output> {
  readonly "~standard": {
    readonly version: 1;
    readonly vendor: string;
    readonly validate: (value: unknown) => { readonly value: Output; readonly issues?: undefined };
    readonly types?: { readonly input: Input; readonly output: Output } | undefined;
  };
}

/** Takes a value of a type, as a call of a function would. */
function take<T>(_value: T): void {}

describe("the interfaces", () => {
  it("are the types of the schemas from which the validators are made", () => {
    type Defined = { [K in keyof typeof definitions]: Static<(typeof definitions)[K]> };
    expectTypeOf<Defined>().toEqualTypeOf<{ [K in keyof BuiltinEventMap]: BuiltinEventMap[K] }>();
  });
});

describe("the union of events", () => {
  it("narrows on event_type", () => {
    const reasonOf = (event: BuiltinEvent): FailureReason | undefined => {
      switch (event.event_type) {
        case "agent_failed":
          expectTypeOf(event.retry_eligible).toEqualTypeOf<boolean>();
          return event.failure_reason;
        case "agent_completed":
          expectTypeOf(event.commits).toEqualTypeOf<readonly string[]>();
          // @ts-expect-error a completed agent has no error
          return event.error;
        default:
          // @ts-expect-error both types with the field are excluded by now
          return event.retry_eligible;
      }
    };
    expect(reasonOf(anEvent("agent_failed"))).toBe("timeout");
  });

  it("narrows for a map that a downstream project adds, without changing ours", () => {
    type Event = EventOf<BuiltinEventMap & BuildEventMap>;
    const warningsOf = (event: Event): number => (event.event_type === "build_finished" ? event.warnings : 0);
    expect(warningsOf({ event_type: "build_finished", job_id: "j", target: "web", warnings: 3 })).toBe(3);
    expectTypeOf<Extract<BuiltinEvent, { event_type: "build_finished" }>>().toBeNever();
  });

  it("is reached from any event through the guard", () => {
    const event: AnyEvent = anEvent("queue_depth_changed");
    expectTypeOf(event.pending).toEqualTypeOf<unknown>();
    if (!isKnownEvent(event)) throw new Error("a sample event is known");
    expectTypeOf(event).toEqualTypeOf<KnownEvent>();
    expect(event.event_type === "queue_depth_changed" && event.pending + 1).toBe(13);
  });

  it("is made of events, and its records of records", () => {
    expectTypeOf<BuiltinEvent>().toExtend<AnyEvent>();
    expectTypeOf<EventOf<BuildEventMap>>().toExtend<AnyEvent>();
    expectTypeOf<EventRecord<BuiltinEvent>>().toExtend<EventRecord>();
  });

  it("takes no wrong field and no missing one", () => {
    take<BuiltinEvent>({ event_type: "checkpoint_loaded", job_id: "j", version: 1 });
    // @ts-expect-error no such type
    take<BuiltinEvent>({ event_type: "checkpoint_lost", job_id: "j" });
    // @ts-expect-error version is missing
    take<BuiltinEvent>({ event_type: "checkpoint_loaded", job_id: "j" });
    // @ts-expect-error version is a number
    take<BuiltinEvent>({ event_type: "checkpoint_loaded", job_id: "j", version: "1" });
    // @ts-expect-error the field is called version
    take<BuiltinEvent>({ event_type: "checkpoint_loaded", job_id: "j", version: 1, verison: 1 });
    // @ts-expect-error not a failure reason
    take<FailureReason>("Timeout");
  });
});

describe("EventInput", () => {
  type Input = EventInput<BuiltinEventMap & BuildEventMap, "job_id" | "agent_id">;

  it("lets bound fields be left out, and given", () => {
    take<Input>({ event_type: "agent_started", item_id: "i", worktree: "w", attempt: 1 });
    take<Input>({
      event_type: "agent_started",
      item_id: "i",
      worktree: "w",
      attempt: 1,
      agent_id: "a",
      job_id: "j",
    });
    take<Input>({ event_type: "build_finished", target: "web", warnings: 0 });
    take<Input>({ event_type: "build_noted", note: "n", anything: true });
    // @ts-expect-error item_id is not bound
    take<Input>({ event_type: "agent_started", worktree: "w", attempt: 1 });
    // @ts-expect-error a bound field still has its type
    take<Input>({ event_type: "agent_started", item_id: "i", worktree: "w", attempt: 1, job_id: 7 });
    // @ts-expect-error warnings is a number
    take<Input>({ event_type: "build_finished", target: "web", warnings: "none" });
    // @ts-expect-error the note is missing
    take<Input>({ event_type: "build_noted", anything: true });
  });

  it("asks for every required field when none is bound", () => {
    take<EventInput>({ event_type: "job_paused", job_id: "j", checkpoint_version: 1 });
    // @ts-expect-error job_id is missing
    take<EventInput>({ event_type: "job_paused", checkpoint_version: 1 });
  });

  it("does not offer what only the logger writes", () => {
    // @ts-expect-error a system type
    take<Input>({ event_type: "event_rejected", reason: "r" });
    expectTypeOf<Extract<Input, { event_type: "events_dropped" }>>().toBeNever();
  });

  it("takes fixed lists and objects", () => {
    const commits = ["a1b2c3d"] as const;
    take<Input>({ event_type: "agent_completed", duration: { secs: 1, nanos: 0 }, commits });
    take<Input>({
      event_type: "job_started",
      config: { max_parallel: 8, nested: { list: [1] } },
      total_items: 1,
    });
  });
});

describe("a catalog", () => {
  /** As libraries type their schemas: what goes in differs from what comes out. */
  const coercing: LibrarySchema<{ target: string; warnings: number }, { warnings: bigint }> = {
    "~standard": { version: 1, vendor: "test", validate: () => ({ value: { warnings: 0n } }) },
  };

  const finished = defineEvent("build_finished", coercing, {
    category: "build",
    severity: (event) => {
      expectTypeOf(event).toEqualTypeOf<{ target: string; warnings: number }>();
      return event.warnings > 0 ? "warning" : "info";
    },
    // @ts-expect-error the declared fields are known to the functions of the declaration
    summary: (event) => event.traget,
  });
  const started = defineEvent("build_started", unchecked<{ target: string }>(), { category: "build" });
  const catalog = defineCatalog(builtinEvents, [finished, started]);

  it("carries the map of all its types", () => {
    type MapOfCatalog = typeof catalog extends Catalog<infer M> ? M : never;
    type Event = EventOf<MapOfCatalog>;
    expectTypeOf<Extract<Event, { event_type: "build_finished" }>["warnings"]>().toEqualTypeOf<number>();
    expectTypeOf<Extract<Event, { event_type: "agent_failed" }>["error"]>().toEqualTypeOf<string>();
    take<EventInput<MapOfCatalog>>({ event_type: "build_started", target: "web" });
    // @ts-expect-error the fields of the other declared type
    take<EventInput<MapOfCatalog>>({ event_type: "build_started", warnings: 1 });
  });

  it("can be given where no map matters", () => {
    expectTypeOf(catalog).toExtend<Catalog<unknown>>();
    expectTypeOf(builtinEvents).toExtend<Catalog<unknown>>();
  });
});
