import {
  builtinEvents,
  combinedSchema,
  eventSchema,
  eventTypes,
  normalizeEventType,
} from "@prodigy-events/schema";
import { renderReport } from "../answers/report.js";
import { jsonSchemaReport, typesReport } from "../answers/schema-report.js";
import { optionTable } from "../arguments/option-table.js";
import { exitCodes } from "../errors/exit-codes.js";
import { didYouMean } from "../errors/suggestion.js";
import { UsageError } from "../errors/usage-error.js";
import { outputFormatOption } from "../options/output-options.js";
import { defineCommand } from "../program/command.js";
import { outputFormatOf } from "../reading/output-choices.js";

const options = optionTable({
  combined: { kind: "flag", group: "Schema", summary: "one JSON Schema for a record of any type" },
  category: { kind: "list", value: "NAME", group: "Schema", summary: "only types of this category" },
  ...outputFormatOption,
});

export const schema = defineCommand({
  usage: "[TYPE] [options]",
  description: "Lists the event types with their fields, or prints the JSON Schema (2020-12) of one type.",
  options,
  maxPositionals: 1,
  examples: [
    { line: "schema", does: "all types with their fields; ? marks optional ones" },
    { line: "schema agent_failed", does: "the JSON Schema of one type" },
    { line: "schema --combined > events.schema.json", does: "for an editor or a validator" },
  ],
  async run({ values, positionals, context }) {
    const { out, terminal } = context;
    const format = outputFormatOf(values);
    const [name] = positionals;
    if (values.combined && name !== undefined) {
      throw new UsageError("schema takes a TYPE or --combined, not both");
    }
    if (values.combined) {
      await out.write(await renderReport(jsonSchemaReport(combinedSchema()), format, terminal));
      return exitCodes.done;
    }
    if (name !== undefined) {
      await out.write(await renderReport(jsonSchemaReport(requireSchema(name)), format, terminal));
      return exitCodes.done;
    }
    const definitions = [...builtinEvents.definitions.values()];
    const categories = new Set(definitions.map(({ category }) => category));
    for (const category of values.category) {
      if (!categories.has(category)) {
        throw new UsageError(
          `there is no category ${JSON.stringify(category)}${didYouMean(category, categories)} (${[...categories].join(", ")})`,
        );
      }
    }
    const shown = definitions.filter(
      ({ category }) => values.category.length === 0 || values.category.includes(category),
    );
    await out.write(await renderReport(typesReport(shown), format, terminal));
    return exitCodes.done;
  },
});

function requireSchema(name: string): object {
  const found = eventSchema(normalizeEventType(name));
  if (found !== undefined) return found;
  throw new UsageError(
    `there is no event type ${JSON.stringify(name)}${didYouMean(normalizeEventType(name), eventTypes)} (schema lists them all)`,
  );
}
