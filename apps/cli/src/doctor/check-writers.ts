import type { ProducerIdentity, Segment } from "@prodigy-events/storage";
import {
  currentProcessIdentity,
  listJobs,
  listSegments,
  nodeFileSystem,
  producerLiveness,
  readProducer,
  segmentClosure,
} from "@prodigy-events/storage";
import { plural } from "../output/count-text.js";
import { formatRelative } from "../time/time-format.js";
import { whyUnwritable } from "./check-store.js";
import { type Finding, ok, warning } from "./finding.js";

interface OpenWriter {
  readonly identity: ProducerIdentity;
  readonly segment: Segment;
}

interface JobState {
  readonly name: string;
  readonly directory: string;
  readonly segments: readonly Segment[];
  readonly alive: readonly OpenWriter[];
  /** Segments that nobody finished: their process ended without a shutdown. */
  readonly unsealed: readonly Segment[];
}

/** Quiet for longer than this is worth a word: six flush intervals of the default length. */
const quietMs = 30_000;
const namedWriters = 5;

/** The jobs of a repository: can they be written, who is writing, and did anyone end without a shutdown. */
export async function checkWriters(root: string, repo: string, nowMs: number): Promise<Finding[]> {
  const jobs: JobState[] = [];
  for (const { jobId, directory } of await listJobs(root, repo)) {
    jobs.push(await lookAt(jobId ?? "(no job)", directory));
  }
  const segments = jobs.reduce((sum, job) => sum + job.segments.length, 0);
  return [
    jobs.length === 0
      ? warning(
          "events",
          `the store has no events of the repository ${repo}`,
          "check --repo, --store and PRODIGY_HOME of the job; its events appear after its first flush (5 s)",
        )
      : ok(
          "events",
          `${plural(jobs.length, "job")} in ${plural(segments, "segment")} of the repository ${repo}`,
        ),
    ...(await unwritableJobs(jobs)),
    ...writersAlive(jobs, nowMs),
    ...unsealedSegments(jobs),
  ];
}

async function lookAt(name: string, directory: string): Promise<JobState> {
  const segments = await listSegments(directory);
  const self = currentProcessIdentity();
  const alive: OpenWriter[] = [];
  const unsealed: Segment[] = [];
  for (const segment of segments) {
    if (segment.kind !== "own" || segment.state !== "plain" || segment.producerId === undefined) continue;
    const { closed, because } = await segmentClosure(segment, { self });
    if (because === "producer dead") unsealed.push(segment);
    if (closed) continue;
    const identity = await readProducer(directory, segment.producerId, nodeFileSystem);
    if (identity !== undefined && producerLiveness(identity, self) === "alive")
      alive.push({ identity, segment });
  }
  return { name, directory, segments, alive, unsealed };
}

async function unwritableJobs(jobs: readonly JobState[]): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const { directory } of jobs) {
    const refusal = await whyUnwritable(directory);
    if (refusal !== undefined) findings.push({ ...refusal, check: "job directory" });
  }
  return findings;
}

function writersAlive(jobs: readonly JobState[], nowMs: number): Finding[] {
  const writers = jobs.flatMap(({ name, alive }) => alive.map((writer) => ({ name, ...writer })));
  if (writers.length === 0) return [ok("writers", "nobody is writing")];
  const findings = writers.slice(0, namedWriters).map(({ name, identity, segment }) => {
    const who = `${identity.producerId} (pid ${identity.pid} on ${identity.host}) writes ${name}`;
    const quiet = nowMs - segment.mtimeMs;
    return quiet < quietMs
      ? ok("writer", `${who}, last ${formatRelative(quiet)}`)
      : warning(
          "writer",
          `${who}, last ${formatRelative(quiet)}`,
          "events are held back until the next flush (flushIntervalMs, 5 s by default); if it should have logged " +
            "since, look for its onError messages",
        );
  });
  const rest = writers.length - findings.length;
  return rest > 0 ? [...findings, ok("writers", `and ${rest} more`)] : findings;
}

function unsealedSegments(jobs: readonly JobState[]): Finding[] {
  const unsealed = jobs.flatMap((job) => job.unsealed);
  const [first] = unsealed;
  if (first === undefined) return [];
  return [
    warning(
      "shutdown",
      `${plural(unsealed.length, "segment")} of writers that ended without a shutdown, such as ${first.path}`,
      "what they had not flushed is lost (at most 5 s of events); call logger.shutdown() at the end",
    ),
  ];
}
