import { builtinEvents, eventTypes, normalizeEventType } from "@prodigy-events/schema";
import { renderReport } from "../answers/report.js";
import { optionTable } from "../arguments/option-table.js";
import { assembleFields, type SecretTest } from "../emit/field-value.js";
import { logOneEvent } from "../emit/log-one-event.js";
import { exitCodes } from "../errors/exit-codes.js";
import { didYouMean } from "../errors/suggestion.js";
import { UsageError } from "../errors/usage-error.js";
import { outputFormatOption } from "../options/output-options.js";
import { sourceOptions } from "../options/source-options.js";
import { defineCommand } from "../program/command.js";
import { outputFormatOf } from "../reading/output-choices.js";

const event = "Event";
const place = "Where to write";

const options = optionTable({
  set: {
    kind: "repeat",
    value: "FIELD=VALUE",
    group: event,
    summary: "a field of the event; repeat it for more",
  },
  "agent-id": { kind: "text", value: "ID", group: event, summary: "the same as --set agent_id=ID" },
  "item-id": { kind: "text", value: "ID", group: event, summary: "the same as --set item_id=ID" },
  "correlation-id": {
    kind: "text",
    value: "ID",
    group: event,
    summary: "the run it belongs to [default: $PRODIGY_CORRELATION_ID, else new]",
  },
  metadata: { kind: "repeat", value: "KEY=VALUE", group: event, summary: "about where it comes from" },
  custom: {
    kind: "flag",
    group: event,
    summary: "TYPE is one of your own: log it without checking its fields",
  },
  "job-id": { kind: "text", value: "ID", group: place, summary: "the job [default: $PRODIGY_JOB_ID]" },
  repo: {
    kind: "text",
    value: "NAME",
    group: place,
    summary: "the repository [default: $PRODIGY_REPO, else this one]",
  },
  store: { ...sourceOptions.store, group: place },
  ...outputFormatOption,
});

export const emit = defineCommand({
  usage: "TYPE --set FIELD=VALUE...",
  description:
    "Logs one event into the job's events-shared.jsonl and prints its id once it is on the disk. Values are read by " +
    "the types of their fields; an event that does not fit its type is refused.",
  options,
  maxPositionals: 1,
  examples: [
    {
      line: "emit agent_started --job-id JOB --agent-id a1 --set item_id=x --set worktree=wt --set attempt=1",
      does: "an agent has begun",
    },
    {
      line: "emit agent_completed --job-id JOB --agent-id a1 --set duration=45s --set commits=a1b2,c3d4",
      does: "a duration and a list, as one types them",
    },
    {
      line: "emit build_finished --custom --job-id JOB --set target=release --set warnings=3",
      does: "a type of your own",
    },
  ],
  async run({ values, positionals, context }) {
    const [typed] = positionals;
    if (typed === undefined)
      throw new UsageError("emit needs a TYPE, such as agent_started (schema lists them all)");
    const type = normalizeEventType(typed);
    const definition = builtinEvents.get(type);
    if (definition === undefined && !values.custom) {
      throw new UsageError(
        `there is no event type ${JSON.stringify(typed)}${didYouMean(type, eventTypes)} (--custom logs one of your own)`,
      );
    }
    if (definition?.category === "system") {
      throw new UsageError(`${type} is written by the logger itself and cannot be emitted`);
    }
    const assignments = [
      ...(values["agent-id"] === undefined ? [] : [`agent_id=${values["agent-id"]}`]),
      ...(values["item-id"] === undefined ? [] : [`item_id=${values["item-id"]}`]),
      ...values.set,
    ];
    const { createSecretScanner } = await import("@prodigy-events/logger");
    const scanner = createSecretScanner();
    const isSecret: SecretTest = (assignment) => scanner.scan(assignment).length > 0;
    const { fields, warnings } = assembleFields(assignments, definition, isSecret);
    for (const text of warnings) context.messages.warn(text);
    const logged = await logOneEvent(
      {
        event: { event_type: type, ...fields },
        metadata: assembleFields(values.metadata, undefined, isSecret).fields,
        jobId: values["job-id"] ?? (context.env.PRODIGY_JOB_ID || undefined),
        correlationId: values["correlation-id"],
        repo: values.repo,
        store: values.store,
      },
      context,
    );
    const format = outputFormatOf(values);
    await context.out.write(
      await renderReport(
        {
          document: logged,
          rows: [logged],
          columns: [{ name: "id" }, { name: "path" }],
          human: () => `${logged.id}\n`,
        },
        format,
        context.terminal,
      ),
    );
    return exitCodes.done;
  },
});
