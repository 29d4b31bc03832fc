import { readdir, readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { definitions } from "../definitions/index.js";
import { emitChecks } from "../scripts/emit-checks.js";
import { eventSchemaOf } from "../scripts/event-schema-of.js";
import { combinedSchema, eventSchema, eventTypes, recordSchema } from "../src/index.js";

const directory = new URL("../json-schema/", import.meta.url);

describe("the published JSON Schema files", () => {
  it("are one for each type, one for all types, and one for the record", async () => {
    const expected = [...eventTypes, "events", "record"].map((name) => `${name}.json`);
    expect((await readdir(directory)).toSorted()).toEqual(expected.toSorted());
  });

  it.each([
    ...eventTypes.map((eventType) => [eventType, eventSchema(eventType)] as const),
    ["events", combinedSchema()] as const,
    ["record", recordSchema()] as const,
  ])("%s.json is what the functions return", async (name, schema) => {
    expect(JSON.parse(await readFile(new URL(`${name}.json`, directory), "utf8"))).toEqual(schema);
  });
});

describe("the generated validators", () => {
  it("are those of the definitions as they are now", async () => {
    const schemas = Object.fromEntries(
      Object.entries(definitions).map(([eventType, payload]) => [
        eventType,
        eventSchemaOf(eventType, payload),
      ]),
    );
    const generated = await readFile(new URL("../src/generated/checks.ts", import.meta.url), "utf8");
    expect(generated.endsWith(emitChecks(schemas))).toBe(true);
  });
});
