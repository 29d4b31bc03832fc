import type { OptionValues } from "../arguments/option-table.js";
import type { outputFormatOption, ReportFormat, timeOptions } from "../options/output-options.js";
import type { Context } from "../program/context.js";
import { createTimeFormat, type TimeForm, type TimeFormat } from "../time/time-format.js";
import { timeZoneOf } from "./query-input.js";

/** `--output-format`; human without it. */
export function outputFormatOf(values: OptionValues<typeof outputFormatOption>): ReportFormat {
  return (values["output-format"] as ReportFormat | undefined) ?? "human";
}

type TimeValues = OptionValues<typeof timeOptions> & { readonly tz?: string | undefined };

/** How times are shown: with their offset in a pipe, where each line is read for itself. */
export function timeFormatOf(values: TimeValues, context: Context): TimeFormat {
  return createTimeFormat({
    form: (values["time-format"] as TimeForm | undefined) ?? "local",
    zone: timeZoneOf(values),
    hasOffset: !context.terminal.isTerminal,
    nowMs: context.now(),
  });
}
