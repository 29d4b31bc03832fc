import { compareTimestamps } from "@prodigy-events/schema";
import { limits } from "../limits.js";
import type { Match } from "../read/match.js";
import type { SourceSegment } from "../source/source-segment.js";
import { JobProgress } from "./job-progress.js";
import type { JobState, JobSummary } from "./job-summary.js";

interface Job {
  readonly jobId: string;
  readonly repo: string | undefined;
  readonly progress: JobProgress;
  /** Its files by path: those of its directory, and others that have records of it. */
  readonly files: Map<string, SourceSegment>;
  bytes: number;
}

/** Gathers summaries of jobs from their segments and their records in time order. */
export class JobSummaries {
  readonly #jobs = new Map<string, Job>();
  /** For each job id, the repositories in the store that have a job of that id. */
  readonly #repositories = new Map<string, string[]>();
  readonly #byPath = new Map<string, SourceSegment>();

  constructor(segments: readonly SourceSegment[]) {
    for (const source of segments) {
      this.#byPath.set(source.path, source);
      if (source.jobId === undefined) continue;
      const job = this.#job(source.jobId, source.repo);
      job.files.set(source.path, source);
      job.bytes += source.segment.bytes;
    }
  }

  add(match: Match): void {
    if (match.jobId === undefined) return;
    const job = this.#job(match.jobId, match.repo);
    job.progress.add(match);
    const source = this.#byPath.get(match.path);
    if (source === undefined || source.jobId === match.jobId) return;
    job.files.set(match.path, source);
    job.bytes += Buffer.byteLength(match.line) + 1;
  }

  /** The summaries, in the order in which the jobs began. `isClosed` and `now` decide about stale ones. */
  async finish(isClosed: (source: SourceSegment) => Promise<boolean>, now: number): Promise<JobSummary[]> {
    const summaries: JobSummary[] = [];
    for (const job of this.#jobs.values()) {
      const state = job.progress.state ?? "running";
      const isStale = state === "running" && !(await isWritten(job.files.values(), isClosed, now));
      summaries.push(summaryOf(job, isStale ? "stale" : state));
    }
    return summaries.sort((a, b) => compareTimestamps(begin(a), begin(b)) || compareText(a.jobId, b.jobId));
  }

  /** Local files name no repository: their records are of the store's job of that id, if there is just one. */
  #job(jobId: string, namedRepo: string | undefined): Job {
    const repositories = this.#repositories.get(jobId) ?? [];
    const repo = namedRepo ?? (repositories.length === 1 ? repositories[0] : undefined);
    const key = JSON.stringify([repo ?? null, jobId]);
    let job = this.#jobs.get(key);
    if (!job) {
      job = { jobId, repo, progress: new JobProgress(), files: new Map(), bytes: 0 };
      this.#jobs.set(key, job);
      if (repo !== undefined) this.#repositories.set(jobId, [...repositories, repo]);
    }
    return job;
  }
}

function summaryOf({ jobId, repo, progress, files, bytes }: Job, state: JobState): JobSummary {
  return { jobId, repo, state, ...progress.summary(), bytes, segments: files.size };
}

/** Whether anybody may still be writing: a live producer, or, in a file that names none, a write not long ago. */
async function isWritten(
  files: Iterable<SourceSegment>,
  isClosed: (source: SourceSegment) => Promise<boolean>,
  now: number,
): Promise<boolean> {
  for (const source of files) {
    const { kind, mtimeMs } = source.segment;
    const isIdle = kind !== "own" && now - mtimeMs > limits.foreignIdleMs;
    if (!isIdle && !(await isClosed(source))) return true;
  }
  return false;
}

function begin(summary: JobSummary): string {
  return summary.startedAt ?? summary.lastEventAt ?? "";
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
