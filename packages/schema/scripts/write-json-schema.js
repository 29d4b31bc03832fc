/**
 * Writes the JSON Schema files that are published in `json-schema/`: exactly what the built package's functions
 * return. Runs after the bundle is made.
 */
import { mkdir, rm, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

// By URL, so that the type checker does not follow it into what the build makes.
const built = new URL("../dist/index.js", import.meta.url);
const { combinedSchema, eventSchema, eventTypes, recordSchema } = await import(built.href);

const directory = fileURLToPath(new URL("../json-schema/", import.meta.url));

await rm(directory, { recursive: true, force: true });
await mkdir(directory, { recursive: true });
for (const eventType of eventTypes) await write(eventType, eventSchema(eventType));
await write("events", combinedSchema());
await write("record", recordSchema());

/**
 * @param {string} name
 * @param {unknown} schema
 */
async function write(name, schema) {
  await writeFile(`${directory}${name}.json`, `${JSON.stringify(schema, null, 2)}\n`);
}
