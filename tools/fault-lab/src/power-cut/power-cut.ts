import { mkdir, readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { jobDirectory } from "@prodigy-events/storage";
import { recoverDirectory } from "@prodigy-events/writer";
import type { Chance } from "../chance/chance.js";
import { mountAgain, mountExt4 } from "../disk/mounts.js";
import { directoryState } from "../evidence/directory-state.js";
import { type Loss, lossOf } from "../evidence/loss.js";
import { readJob } from "../evidence/read-job.js";
import { runCommand } from "../process/run-command.js";
import { startWriter } from "../process/writer-process.js";

const diskMegabytes = 128;
const writersAtOnce = 4;

/** The power goes this long after the writers have begun, at the earliest and at the latest. */
const shortestMs = 200;
const longestMs = 1_500;

const job = { repo: "power-cut", jobId: "job" };

/** How the file system is mounted, cut by cut. */
const mountOptions = ["loop", "loop,commit=1", "loop,noauto_da_alloc", "loop,commit=1,noauto_da_alloc"];

/** What a power cut left. */
export interface PowerCut extends Loss {
  /** Lost records that are not the last ones of their writer. */
  readonly holes: number;
  readonly torn: number;
  readonly malformed: number;
  readonly emptyCompressed: number;
}

/** What one writer was told, until the power went. */
interface Told {
  readonly producerId: string;
  /** Events acknowledged before the cut was ordered. */
  readonly acknowledged: number;
}

/**
 * Has some processes write to an ext4 of their own, cuts its power (what was not made durable is gone, as after a real
 * cut; every further call fails), mounts it again and reads back.
 *
 * What counts is what was acknowledged before the cut was ordered. Programs live on after this kind of cut, and the kernel
 * tells some of them that a sync under way at that moment succeeded; in a real one nobody is left to hear it.
 */
export async function cutPower(
  folder: string,
  nth: number,
  durability: "flush" | "fsync",
  chance: Chance,
): Promise<PowerCut> {
  await mkdir(folder, { recursive: true });
  const disk = await mountExt4(folder, diskMegabytes, {
    options: mountOptions[nth % mountOptions.length] as string,
  });
  const store = join(disk.path, "store");
  const order = { store, ...job, durability, batchEvents: 20, maxSegmentBytes: 65_536 };
  const acknowledgements = Array.from(
    { length: writersAtOnce },
    () => [] as { events: number; atNs: bigint }[],
  );
  const writers = acknowledgements.map((own) =>
    startWriter(order, {
      onMessage: (message) => {
        if (message.say !== "acknowledged") return;
        own.push({ events: message.events, atNs: BigInt(message.atNs) });
      },
    }),
  );
  let cutAtNs = 0n;
  try {
    await Promise.all(writers.map(({ opened }) => opened));
    await sleep(shortestMs + chance.below(longestMs - shortestMs));
    cutAtNs = process.hrtime.bigint();
    await runCommand("xfs_io", "-x", "-c", "shutdown", disk.path);
  } finally {
    for (const { child } of writers) child.kill("SIGKILL");
    await Promise.all(writers.map(({ ended }) => ended));
    await disk.release();
  }
  const told = writers.map((writer, index) => ({
    producerId: writer.producerId() ?? "",
    acknowledged: acknowledgements[index]?.findLast(({ atNs }) => atNs < cutAtNs)?.events ?? 0,
  }));
  const again = await mountAgain(folder);
  try {
    return await judge(join(again.path, "store"), told, durability);
  } finally {
    await again.release();
    await rm(folder, { recursive: true });
  }
}

async function judge(store: string, told: readonly Told[], durability: "flush" | "fsync"): Promise<PowerCut> {
  const directory = jobDirectory(store, job.repo, job.jobId);
  const acknowledged = new Map(told.map((writer) => [writer.producerId, writer.acknowledged] as const));
  const content = await readJob(store, job.repo, job.jobId);
  const loss = lossOf(acknowledged, content);
  // Without fsync the end of what a writer wrote may be gone after a power cut; that is what was asked for.
  const failures = durability === "fsync" ? [...loss.failures] : [];
  const { torn, malformed, unreadable, linesRead, records, pending } = content.report;
  if (unreadable > 0) failures.push(`${unreadable} files unreadable`);
  if (linesRead !== records + malformed + torn + pending) failures.push("the report does not add up");
  const { tornFiles } = await directoryState(directory);
  if (torn + pending !== tornFiles) failures.push(`${tornFiles} torn tails, ${torn + pending} reported`);
  const emptyCompressed = await countEmptyCompressed(directory);
  if (emptyCompressed > 0) failures.push(`${emptyCompressed} empty compressed files`);
  const { left } = await recoverDirectory(directory, { compress: true });
  const after = await readJob(store, job.repo, job.jobId);
  if (after.report.records !== records) {
    failures.push(`recovery changed what is read: ${records} before, ${after.report.records} after`);
  }
  const holes = [...acknowledged].filter(([producerId, events]) => {
    const counts = content.byProducer.get(producerId);
    return counts !== undefined && counts.missingBelow(Math.min(events, counts.end)).length > 0;
  }).length;
  if (holes > 0) failures.push(`${holes} writers lost records that are not their last`);
  if (durability === "fsync" && left.length > 0) failures.push(`recovery left ${JSON.stringify(left)}`);
  return { ...loss, failures, holes, torn, malformed, emptyCompressed };
}

async function countEmptyCompressed(directory: string): Promise<number> {
  const names = (await readdir(directory)).filter((name) => name.endsWith(".gz"));
  const sizes = await Promise.all(names.map(async (name) => (await stat(join(directory, name))).size));
  return sizes.filter((size) => size === 0).length;
}
