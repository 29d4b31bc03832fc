import { lossOf } from "../evidence/loss.js";
import { readJob } from "../evidence/read-job.js";
import { programPath } from "../process/program-path.js";
import { runCommand } from "../process/run-command.js";
import type { DeadSinkOrder, DeadSinkReport } from "../programs/dead-sink-order.js";
import type { Mode, Row } from "../row.js";

const durations: Record<Mode, number> = { quick: 5_000, full: 600_000 };
const rates: Record<Mode, number> = { quick: 5_000, full: 2_000 };

const maxQueuedEvents = 10_000;

/** Growth that is no leak: the collector lets the heap breathe. */
const slackBytes = 48 * 1024 * 1024;

/**
 * What 99 of 100 calls of `log()` may take. Required in a full run only: a quick one is part of CI, on machines with much
 * else to do, and is over before all code is compiled.
 */
const maxP99Us = 10;

/** How long beyond its own limit a shutdown may take on a busy machine. */
const shutdownSlackMs = 5_000;

/** Matrix row 19. */
export const deadSinkRow: Row = {
  id: "19",
  title: "a writer that never answers: memory, other writers, the cost of log()",
  modes: ["quick", "full"],
  run: async ({ directory, mode }) => {
    const job = { store: `${directory}/store`, repo: "dead-sink", jobId: "job" };
    const order: DeadSinkOrder = { ...job, durationMs: durations[mode], rate: rates[mode], maxQueuedEvents };
    const printed = await runCommand(process.execPath, programPath("dead-sink.js"), JSON.stringify(order));
    const report = JSON.parse(printed) as DeadSinkReport;
    const { producerId, logged, written, livingDropped, deadQueued, deadDropped, maxDeadQueued } = report;
    const failures: string[] = [];
    const require = (holds: boolean, what: string): void => {
      if (!holds) failures.push(what);
    };
    require(written === logged && livingDropped === 0, `the living writer has ${written} of ${logged}`);
    require(maxDeadQueued <= maxQueuedEvents, `${maxDeadQueued} events queued, bound ${maxQueuedEvents}`);
    require(deadDropped > 0, "the dead writer's queue was never full");
    require(deadQueued + deadDropped ===
      logged, `${deadQueued} queued + ${deadDropped} dropped of ${logged}`);
    require(report.rssLate - report.rssEarly <
      slackBytes, `memory grew by ${report.rssLate - report.rssEarly} bytes`);
    require(report.shutdownMs < 2_000 + shutdownSlackMs, `shutdown took ${report.shutdownMs} ms, limit 2000`);
    require(mode === "quick" || report.p99Us <= maxP99Us, `log() p99 ${report.p99Us} µs, bar ${maxP99Us}`);
    const content = await readJob(job.store, job.repo, job.jobId);
    const loss = lossOf(new Map([[producerId, written]]), content);
    return {
      row: `19 dead writer for ${order.durationMs / 1_000} s`,
      ...{ n: 1, acked: loss.acked, lost: loss.lost, dup: loss.dup },
      failures: [...loss.failures, ...failures],
      figures: {
        maxDeadQueued,
        deadDropped,
        rssMB: Math.round(report.rssLate / 1e6),
        rssGrowthMB: Math.round((report.rssLate - report.rssEarly) / 1e6),
        logP50Us: report.p50Us,
        logP99Us: report.p99Us,
        logMaxUs: report.maxUs,
        stallP99Ms: report.stallP99Ms,
        stallMaxMs: report.stallMaxMs,
        shutdownMs: report.shutdownMs,
      },
    };
  },
};
