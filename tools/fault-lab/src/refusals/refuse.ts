import { lossOf } from "../evidence/loss.js";
import { readJob } from "../evidence/read-job.js";
import { startWriter } from "../process/writer-process.js";
import type { RowResult } from "../row.js";
import type { Refusal, Scene } from "./refusal.js";
import { refusedJob } from "./refusals.js";

const events = 400;
const batchEvents = 10;

/** Rejections that are seen before the system is healed. */
const rejectionsBeforeHealing = 5;

/** Runs a writer into a refusal, ends the refusal, and looks at what was kept. */
export async function refuse(refusal: Refusal, folder: string): Promise<RowResult> {
  const row = `13 ${refusal.title}`;
  let scene: Scene;
  try {
    scene = await refusal.prepare(folder);
  } catch (error) {
    const skipped = error instanceof Error ? error.message : String(error);
    return { row, n: 0, lost: 0, dup: 0, failures: [], skipped };
  }
  try {
    const { failures, ...result } = await judge(refusal, scene);
    return { row, n: 1, ...result, failures: failures.map((failure) => `${row}: ${failure}`) };
  } finally {
    // What was healed already, or never refused, is no failure.
    await scene.release?.().catch(() => undefined);
  }
}

async function judge({ code, tells }: Refusal, scene: Scene): Promise<Omit<RowResult, "row" | "n">> {
  const { store, wrapper = [], heal } = scene;
  const order = { store, ...refusedJob, events, batchEvents, insists: true, pauseMs: 1, ...scene.order };
  let rejected = 0;
  let healing: Promise<void> | undefined;
  const writer = startWriter(order, {
    wrapper,
    onMessage: ({ say }) => {
      if (say !== "rejected") return;
      rejected += 1;
      if (rejected === rejectionsBeforeHealing) healing = heal?.(writer.child.pid as number);
    },
  });
  const { code: exitCode, signal } = await writer.ended;
  await healing;

  const failures: string[] = [];
  const require = (holds: boolean, what: string): void => {
    if (!holds) failures.push(what);
  };
  require(exitCode === 0, `the writer ended with ${signal ?? exitCode}: ${writer.stderr()}`);
  const codes = [...new Set(writer.rejections())].join(", ");
  require(codes === (code ?? ""), `flushes were rejected with "${codes}", not "${code ?? ""}"`);
  const problems = writer.problems();
  for (const told of tells) {
    const times = problems.filter((problem) => problem === told).length;
    require(times === 1, `${told} was told ${times} times; told: ${[...new Set(problems)].join(", ")}`);
  }
  const end = writer.end();
  require(end?.thrown === 0, `log() threw ${end?.thrown} times`);
  require(end?.written === events && end.unwritten === 0, `the end: ${JSON.stringify(end)}`);
  const content = await readJob(store, refusedJob.repo, refusedJob.jobId);
  const loss = lossOf(new Map([[writer.producerId() ?? "", writer.acknowledged()]]), content);
  require(loss.acked === events, `${loss.acked} of ${events} events were acknowledged`);
  require(content.outOfOrder === 0, `${content.outOfOrder} records out of order`);
  const { malformed, unreadable } = content.report;
  require(malformed + unreadable === 0, `${malformed} malformed, ${unreadable} unreadable`);
  return {
    ...{ acked: loss.acked, lost: loss.lost, dup: loss.dup },
    failures: [...failures, ...loss.failures],
    figures: { rejectedFlushes: writer.rejections().length },
  };
}
