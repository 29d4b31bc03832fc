import type { EventDefinition, FieldDescription } from "@prodigy-events/schema";
import type { Terminal } from "../terminal/terminal.js";
import type { Report } from "./report.js";
import { reportJson } from "./report-json.js";

/** The list of types with their fields. */
export function typesReport(definitions: readonly EventDefinition[]): Report {
  const rows = definitions.map(({ eventType, category, description, fields }) => ({
    event_type: eventType,
    category,
    description,
    fields: fields.map(({ name, type, required, description: about }) => ({
      name,
      type,
      required,
      ...(about === undefined ? {} : { description: about }),
    })),
  }));
  return {
    document: rows,
    rows,
    columns: [
      { name: "event_type" },
      { name: "category" },
      { name: "fields", value: ({ fields }) => fieldList(fields as readonly FieldDescription[]) },
    ],
    human: (terminal) => humanTypes(definitions, terminal),
  };
}

/** One JSON Schema; people get it as JSON too. */
export function jsonSchemaReport(document: object): Report {
  return {
    document,
    rows: [document as Readonly<Record<string, unknown>>],
    columns: [{ name: "schema", value: (row) => row }],
    human: (terminal) => reportJson({ document }, terminal),
  };
}

function fieldList(fields: readonly FieldDescription[]): string {
  return fields.map(({ name, required }) => `${name}${required ? "" : "?"}`).join(" ");
}

function humanTypes(definitions: readonly EventDefinition[], { paint }: Terminal): string {
  const lines: string[] = [];
  let category = "";
  for (const definition of definitions) {
    if (definition.category !== category) {
      lines.push(...(lines.length > 0 ? [""] : []), paint("strong", definition.category));
      category = definition.category;
    }
    lines.push(`  ${paint("key", definition.eventType)}  ${paint("dim", definition.description)}`);
    for (const { name, type, required } of definition.fields) {
      lines.push(`      ${name}${required ? "" : "?"}: ${paint("dim", type)}`);
    }
  }
  return `${lines.join("\n")}\n`;
}
