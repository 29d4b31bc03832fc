import type { Store } from "@prodigy-events/query";
import type { RetentionScope } from "@prodigy-events/retention";
import type { OptionValues } from "../arguments/option-table.js";
import { UsageError } from "../errors/usage-error.js";
import type { sourceOptions } from "../options/source-options.js";
import type { Context } from "../program/context.js";
import { openSource } from "../reading/open-source.js";

type ScopeValues = OptionValues<typeof sourceOptions> & {
  readonly "job-id": readonly string[];
  readonly "all-jobs": boolean;
};

/** The events that a clean is about: what `ls` would read with the same options. Throws `UsageError`. */
export async function scopeOf(
  values: ScopeValues,
  context: Context,
): Promise<{ readonly scope: RetentionScope; readonly store: Store }> {
  if (values["all-jobs"] && values["job-id"].length > 0) {
    throw new UsageError("--job-id and --all-jobs exclude each other: name jobs, or take all");
  }
  if (values["all-jobs"] && values.file.length > 0) {
    throw new UsageError("--file and --all-jobs exclude each other: files, or the jobs of the store");
  }
  const store = await openSource(values, context, { hasLocalFiles: !values["all-jobs"] });
  const { scopeOfStore } = await import("@prodigy-events/retention");
  return {
    scope: await scopeOfStore(store, values["job-id"].length > 0 ? values["job-id"] : undefined),
    store,
  };
}
