import { resolve } from "node:path";
import type { RetentionPolicy } from "@prodigy-events/retention";
import { UsageError } from "../errors/usage-error.js";
import { parseDurationArgument } from "../options/duration.js";
import { parseSizeArgument } from "../options/size.js";
import { parseWholeNumber } from "../options/whole-number.js";

export interface PolicyValues {
  readonly "older-than": string | undefined;
  readonly "max-events": string | undefined;
  readonly "max-size": string | undefined;
  readonly archive: boolean;
  readonly "archive-path": string | undefined;
}

/** Refuses a command line that does not say what may go, or says it wrong, before anything is looked at. */
export function checkPolicyValues(values: PolicyValues): void {
  limitsOf(values);
}

/** What may go, as the command line says it. `--archive-path` alone archives too. Throws `UsageError`. */
export function policyOf(values: PolicyValues, cwd: string, defaultArchive: string): RetentionPolicy {
  const archivePath = values["archive-path"];
  if (archivePath !== undefined)
    return { ...limitsOf(values), archive: { directory: resolve(cwd, archivePath) } };
  return values.archive ? { ...limitsOf(values), archive: { directory: defaultArchive } } : limitsOf(values);
}

function limitsOf(values: PolicyValues): RetentionPolicy {
  const olderThan = values["older-than"];
  const maxEvents = values["max-events"];
  const maxSize = values["max-size"];
  if (olderThan === undefined && maxEvents === undefined && maxSize === undefined) {
    throw new UsageError(
      "clean needs to know what may go: --older-than 30d, --max-events 10000 or --max-size 100MB",
    );
  }
  return {
    ...(olderThan === undefined ? {} : { olderThanMs: parseDurationArgument("--older-than", olderThan) }),
    ...(maxEvents === undefined ? {} : { maxEvents: parseWholeNumber("--max-events", maxEvents, 1) }),
    ...(maxSize === undefined ? {} : { maxBytes: parseSizeArgument("--max-size", maxSize) }),
  };
}
