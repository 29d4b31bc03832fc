/**
 * Turns `definitions/` into what the package needs at run time: validators and schemas in `src/generated/`. Runs
 * before every build; the same input gives the same bytes.
 */
import { mkdir, rm, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { definitions } from "../definitions/index.js";
import { emitChecks } from "./emit-checks.js";
import { eventSchemaOf } from "./event-schema-of.js";

const banner = "// Made by scripts/generate.js from definitions/. Do not edit.";
const directory = fileURLToPath(new URL("../src/generated/", import.meta.url));

const schemas = Object.fromEntries(
  Object.entries(definitions).map(([eventType, payload]) => [eventType, eventSchemaOf(eventType, payload)]),
);

const schemaModule = `import type { EventType } from "../payloads/builtin-event-map.js";
import type { EventSchema } from "../validation/event-schema.js";

export const eventSchemas: Readonly<Record<EventType, EventSchema>> = ${JSON.stringify(schemas, null, 2)};
`;

await rm(directory, { recursive: true, force: true });
await mkdir(directory, { recursive: true });
await writeFile(`${directory}checks.ts`, `${banner}\n${emitChecks(schemas)}`);
await writeFile(`${directory}event-schemas.ts`, `${banner}\n${schemaModule}`);
