import { mkdir, readdir, readFile, symlink, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createEventLogger } from "@prodigy-events/logger";
import { type AnyEvent, eventTypes } from "@prodigy-events/schema";
import { anEvent } from "@prodigy-events/schema/testing";
import { type TemporaryGitRepository, temporaryGitRepository } from "@prodigy-events/test-kit";
import { programPath } from "./program.js";

/** A line of the sample as plain JSON: what an oracle works on. */
export interface SampleRecord {
  readonly id: string;
  readonly timestamp: string;
  readonly correlation_id: string;
  readonly event: AnyEvent & { readonly job_id?: string; readonly agent_id?: string };
  readonly metadata: Readonly<Record<string, unknown>>;
}

export interface SampleStore {
  readonly repository: TemporaryGitRepository;
  readonly cwd: string;
  readonly store: string;
  /** A directory with `prodigy` and `prodigy-events`. */
  readonly bin: string;
  readonly jobIds: readonly [string, string];
  /** The files of the store, and the local file. */
  files(): Promise<string[]>;
  /** All records, read by `JSON.parse` and nothing else. */
  records(): Promise<SampleRecord[]>;
}

const repositoryName = "sample";

/**
 * A store as real jobs leave it: two jobs of a git repository, logged by the real logger in several processes' worth
 * of producers, with every built-in type, and the local file of the seed with what Prodigy writes. It was all written
 * `agoMs` milliseconds ago.
 */
export async function createSampleStore({
  agoMs = 0,
}: {
  readonly agoMs?: number;
} = {}): Promise<SampleStore> {
  const repository = await temporaryGitRepository(repositoryName);
  const cwd = repository.path;
  const store = join(repository.parent, "store");
  const bin = join(repository.parent, "bin");
  await mkdir(bin);
  await symlink(programPath, join(bin, "prodigy"));
  await symlink(programPath, join(bin, "prodigy-events"));
  const jobIds = ["mapreduce-xyz789", "mapreduce-abc456"] as const;
  const clock = { now: () => Date.now() - agoMs };
  await logEveryType({ store, cwd, jobId: jobIds[0], clock });
  await logAgents({ store, cwd, jobId: jobIds[0], clock });
  await logAgents({ store, cwd, jobId: jobIds[1], clock });
  await writeLocalFile(cwd, jobIds[0], clock.now());
  const files = async () => [
    ...(await filesBelow(join(store, "events"))),
    ...(await filesBelow(join(cwd, ".prodigy", "events"))),
  ];
  if (agoMs > 0) await touch(await files(), clock.now());
  return {
    repository,
    cwd,
    store,
    bin,
    jobIds,
    files,
    records: async () => {
      const texts = await Promise.all((await files()).map((file) => readFile(file, "utf8")));
      return texts.flatMap((text) => text.split("\n").filter(Boolean)).map((line) => JSON.parse(line));
    },
  };
}

interface JobOptions {
  readonly store: string;
  readonly cwd: string;
  readonly jobId: string;
  readonly clock: { now(): number };
}

async function touch(files: readonly string[], epochMs: number): Promise<void> {
  for (const file of files) await utimes(file, new Date(epochMs), new Date(epochMs));
}

async function logEveryType(options: JobOptions): Promise<void> {
  const logger = await createEventLogger({ ...options, env: {}, correlationId: "workflow-abc123" });
  try {
    for (const type of eventTypes) {
      if (type === "events_dropped" || type === "event_rejected") continue;
      const { job_id: _given, ...event } = anEvent(type) as AnyEvent;
      logger.log(event as Parameters<typeof logger.log>[0]);
    }
  } finally {
    await logger.shutdown();
  }
}

async function logAgents(options: JobOptions): Promise<void> {
  const logger = await createEventLogger({ ...options, env: {}, correlationId: `run-of-${options.jobId}` });
  try {
    for (let agent = 1; agent <= 3; agent++) {
      const child = logger.child({ agent_id: `agent-${agent}` }, { metadata: { region: "eu" } });
      for (let item = 0; item < 20; item++) {
        const item_id = `src/file-${agent}-${item}.ts`;
        child.log({ event_type: "agent_started", item_id, worktree: `wt-${agent}`, attempt: 1 });
        if (item % 5 === 0) {
          child.log({
            event_type: "agent_failed",
            item_id,
            error: item % 2 === 0 ? `timeout after 30s on ${item_id}` : "command failed: exit 1",
            retry_eligible: true,
            failure_reason: item % 2 === 0 ? "timeout" : "command_failed",
            json_log_location: `/logs/session-${agent}-${item}.json`,
          });
        } else {
          child.log({
            event_type: "agent_completed",
            item_id,
            duration: { secs: item, nanos: 500_000_000 },
            commits: [`c0ffee${item}`],
            json_log_location: `/logs/session-${agent}-${item}.json`,
          });
        }
      }
    }
  } finally {
    await logger.shutdown();
  }
}

/** What Prodigy itself writes: its spelling of types, durations and failure reasons. */
async function writeLocalFile(cwd: string, jobId: string, nowMs: number): Promise<void> {
  const directory = join(cwd, ".prodigy", "events");
  await mkdir(directory, { recursive: true });
  const events: AnyEvent[] = [
    {
      event_type: "AgentStarted",
      job_id: jobId,
      agent_id: "agent-9",
      item_id: "i",
      worktree: "w",
      attempt: 1,
    },
    { event_type: "agent_completed", job_id: jobId, agent_id: "agent-9", duration: [45, 0], commits: [] },
    { event_type: "d_l_q_item_added", job_id: jobId, item_id: "i", error_signature: "E1", failure_count: 3 },
    {
      event_type: "agent_failed",
      job_id: "other-job",
      agent_id: "agent-9",
      error: "x",
      retry_eligible: false,
      failure_reason: { CommandFailed: { exit_code: 2 } },
    },
  ];
  const lines = events.map((event, index) =>
    JSON.stringify({
      id: `f000000${index}-0000-4000-8000-000000000000`,
      timestamp: new Date(nowMs - 60_000 + index).toISOString().replace("Z", "456789Z"),
      correlation_id: "prodigy-run",
      event,
      metadata: { host: "worker-01", pid: 7, thread: "tokio-runtime-worker" },
    }),
  );
  await writeFile(join(directory, "mapreduce_events.jsonl"), `${lines.join("\n")}\n`);
}

async function filesBelow(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && /\.jsonl(\.rotated)?$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}
