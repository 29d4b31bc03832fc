import { openStore, type Store } from "@prodigy-events/query";
import type { OptionValues } from "../arguments/option-table.js";
import { UsageError } from "../errors/usage-error.js";
import { parseSizeArgument } from "../options/size.js";
import type { effortOptions, sourceOptions } from "../options/source-options.js";
import { parseWholeNumber } from "../options/whole-number.js";
import type { Context } from "../program/context.js";

type SourceValues = OptionValues<typeof sourceOptions> & Partial<OptionValues<typeof effortOptions>>;

/** What a command may want besides the values of its options. */
export interface OpenSourceOptions {
  readonly hasLocalFiles?: boolean;
  /** Producers that the user says are dead. */
  readonly assumeDead?: readonly string[];
}

/** The store, or the files, that the command line names. */
export async function openSource(
  values: SourceValues,
  context: Context,
  { hasLocalFiles = true, assumeDead }: OpenSourceOptions = {},
): Promise<Store> {
  if (values.file.length > 0) {
    const other = values["all-repos"] ? "--all-repos" : values.repo !== undefined ? "--repo" : undefined;
    if (other !== undefined)
      throw new UsageError(`--file and ${other} exclude each other: files belong to no repository`);
  }
  if (values["all-repos"] && values.repo !== undefined) {
    throw new UsageError("--repo and --all-repos exclude each other: name one repository, or take all");
  }
  const maxInflate = values["max-inflate"];
  const bounds =
    maxInflate === undefined ? {} : { maxInflatedBytes: parseSizeArgument("--max-inflate", maxInflate) };
  const threads =
    values.threads === undefined ? {} : { threads: parseWholeNumber("--threads", values.threads, 1) };
  return openStore({
    cwd: context.cwd,
    env: context.env,
    bounds,
    ...threads,
    ...(values["no-index"] ? { index: false } : {}),
    ...(hasLocalFiles ? {} : { local: false }),
    ...(assumeDead === undefined ? {} : { assumeDead }),
    ...(values.store === undefined ? {} : { root: values.store }),
    ...(values.repo === undefined ? {} : { repo: values.repo }),
    ...(values["all-repos"] ? { allRepos: true } : {}),
    ...(values.file.length === 0 ? {} : { files: values.file }),
  });
}
