import { describe, expect, it } from "vitest";
import { eventTypes } from "../payloads/event-types.js";
import { builtinEvents } from "./builtin-events.js";
import { combinedSchema, eventSchema, recordSchema } from "./json-schema.js";

describe("eventSchema", () => {
  it("describes a type, its own name first", () => {
    expect(eventSchema("checkpoint_loaded")).toEqual({
      $schema: "https://json-schema.org/draft/2020-12/schema",
      $id: "urn:prodigy-events:event:checkpoint_loaded",
      title: "checkpoint_loaded",
      description: "The state of the job was read back in order to resume it.",
      type: "object",
      properties: {
        event_type: { description: "The type of the event.", const: "checkpoint_loaded" },
        job_id: { description: "The job that the event belongs to.", type: "string" },
        version: {
          description: "The version of the checkpoint; it grows by one with each save.",
          type: "integer",
          minimum: 0,
        },
      },
      required: ["event_type", "job_id", "version"],
    });
  });

  it("knows the types in every spelling, and no others", () => {
    expect(eventSchema("DLQItemAdded")).toEqual(eventSchema("dlq_item_added"));
    expect(eventSchema("build_finished")).toBeUndefined();
    expect(eventSchema("constructor")).toBeUndefined();
  });

  it("gives a copy: what is done to it changes no validation", () => {
    const schema = eventSchema("job_paused") as { required: string[] };
    schema.required.length = 0;
    expect(eventSchema("job_paused")).toMatchObject({
      required: ["event_type", "job_id", "checkpoint_version"],
    });
  });

  it.each(eventTypes)("says of each field of %s what it means", (eventType) => {
    const definition = builtinEvents.get(eventType);
    expect(definition?.description).toMatch(/^[A-Z].*\.$/);
    for (const field of definition?.fields ?? []) {
      expect(field).toMatchObject({ description: expect.stringMatching(/^[A-Z].*\.$/) });
    }
  });
});

describe("the fields of a definition", () => {
  it("are listed with what they take and whether they are required", () => {
    const fields = builtinEvents
      .get("agent_completed")
      ?.fields.map(({ name, type, required }) => [name, type, required]);
    expect(fields).toEqual([
      ["job_id", "string", true],
      ["agent_id", "string", true],
      ["duration", "object { secs, nanos }", true],
      ["commits", "string[]", true],
      ["json_log_location", "string", false],
      ["item_id", "string", false],
      ["cleanup_status", "string", false],
    ]);
  });
});

describe("combinedSchema and recordSchema", () => {
  it.each([
    ["combinedSchema", combinedSchema()],
    ["recordSchema", recordSchema()],
  ])("%s resolves each of its references within itself, to every type once", (_, schema) => {
    const references = [...JSON.stringify(schema).matchAll(/"\$ref":"#\/\$defs\/(\w+)"/g)].map(
      (match) => match[1],
    );
    expect(references).toEqual(eventTypes);
    expect(Object.keys((schema as { $defs: object }).$defs)).toEqual(eventTypes);
  });

  it("have no identities inside: a part is not a document of its own", () => {
    expect(JSON.stringify(combinedSchema()).match(/"\$id"/g)).toHaveLength(1);
  });
});
