import type { QueryReport, Store } from "@prodigy-events/query";
import { listJobs, listJobsIn, listRepositories } from "@prodigy-events/storage";
import { didYouMean } from "../errors/suggestion.js";
import { limits } from "../limits.js";
import { formatCount, plural } from "../output/count-text.js";
import type { Messages } from "../output/messages.js";
import { describeFilter, type FilterValues } from "./query-input.js";

/** What was asked. */
export interface Question {
  /** What was searched for, where something was. */
  readonly pattern?: string;
  readonly values: FilterValues & { readonly file: readonly string[] };
  readonly store: Store;
}

/** Says on standard error why an answer is empty: what was there instead, or where was looked and what to try. */
export async function explainEmptyAnswer(
  report: QueryReport,
  { pattern, values, store }: Question,
  messages: Messages,
): Promise<void> {
  const isFiles = values.file.length > 0;
  if (!isFiles && values["job-id"].length > 0) {
    const known = await knownJobs(store);
    for (const jobId of values["job-id"].filter((id) => !known.includes(id))) {
      messages.warn(`the store has no job ${JSON.stringify(jobId)}${didYouMean(jobId, known)}`);
    }
  }
  const asked = [...(pattern === undefined ? [] : [JSON.stringify(pattern)]), describeFilter(values)];
  if (report.unreadable > 0) return; // That was said already, and it is the reason.
  for (const line of emptyAnswerLines(report, asked.filter(Boolean).join(" "), isFiles)) messages.note(line);
}

async function knownJobs({ root, repo }: Store): Promise<string[]> {
  const jobs =
    repo === undefined
      ? await Promise.all((await listRepositories(root)).map(({ directory }) => listJobsIn(directory)))
      : [await listJobs(root, repo)];
  return jobs.flat().flatMap(({ jobId }) => (jobId === undefined ? [] : [jobId]));
}

/** The lines for an answer without records. `asked` is the pattern and the filters as they were typed. */
export function emptyAnswerLines(report: QueryReport, asked: string, isFiles: boolean): string[] {
  const others = [...report.excludedTypes].sort(([, a], [, b]) => b - a);
  if (others.length > 0) {
    const named = others.slice(0, limits.namedTypes).map(([type, count]) => `${type} ${formatCount(count)}`);
    const rest = others.length - named.length;
    const total = others.reduce((sum, [, count]) => sum + count, 0);
    return [
      `no record matches ${asked === "" ? "" : `${asked} `}among ${plural(total, "record")}: ` +
        `${named.join(", ")}${rest > 0 ? ` and ${plural(rest, "other type")}` : ""}`,
    ];
  }
  const places = report.sources.slice(0, limits.namedPlaces);
  const more = report.sources.length - places.length;
  const looked =
    places.length === 0 ? "" : `; looked in ${places.join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
  const advice = isFiles
    ? "check the path given with --file"
    : "name the files with --file, the store with --store, or the repository with --repo or --all-repos; " +
      "a running job writes its events every 5 seconds";
  return [`no events found${looked}`, advice];
}
