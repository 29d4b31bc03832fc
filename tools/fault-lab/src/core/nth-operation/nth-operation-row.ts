import { mkdir, rm } from "node:fs/promises";
import { basename, join } from "node:path";
import type { Fault, LoggedCall } from "@prodigy-events/test-kit";
import type { Mode, Row, RowContext, RowResult } from "../../row.js";
import { Failures } from "../failures.js";
import { inParallel } from "../in-parallel.js";
import { quickFileSystem } from "../test-records.js";
import { type LoggerRun, runLogger } from "./logger-run.js";

const everyOperation = Object.keys(quickFileSystem);

/** One way in which the n-th call may go wrong. */
type Kind = { readonly name: string; readonly fault: (nth: number) => Fault };

const kinds: readonly Kind[] = (["once", "from then on"] as const).flatMap((times) => [
  ...["ENOSPC", "EIO", "EINTR", "EAGAIN"].map((error) => ({
    name: `${error} ${times}`,
    fault: (nth: number): Fault => ({ operation: everyOperation, nth, times, error }),
  })),
  {
    name: `a short write ${times}`,
    fault: (nth: number): Fault => ({ operation: "write", nth, times, shortWriteBytes: 100 }),
  },
]);

/**
 * Calls whose failure changes nothing that anybody could want to know: what they were for is looked at anew, or gone. A
 * directory whose owner cannot be told is taken for ours, and its name is made durable.
 */
const isSilent = ({ operation, path = "" }: LoggedCall): boolean =>
  operation.startsWith("close") ||
  (operation === "unlink" && /\.tmp$/.test(path)) ||
  (operation === "stat" && !/\.jsonl/.test(path));

interface Case {
  readonly nth: number;
  readonly kind: Kind;
}

async function run({ mode, seed, directory, log }: RowContext): Promise<RowResult> {
  const failures = new Failures();
  const totals = { acked: 0, lost: 0, dup: 0, injected: 0, rejections: 0 };
  const attempt = async (name: string, fault: Fault | undefined): Promise<LoggerRun> => {
    const root = join(directory, name);
    await mkdir(root, { recursive: true, mode: 0o700 });
    const result = await runLogger(root, fault === undefined ? [] : [fault]);
    totals.acked += result.acknowledged;
    totals.lost += result.lost;
    totals.dup += result.dup;
    totals.rejections += result.rejections;
    await rm(root, { recursive: true });
    return result;
  };
  const whole = await attempt("whole", undefined);
  const cases = casesOf(whole.disk.calls.length, mode, seed);
  log(`row 6: ${cases.length} faults in ${whole.disk.calls.length} calls`);
  await inParallel(cases, async ({ nth, kind }) => {
    const result = await attempt(`${nth}-${kind.name}`, kind.fault(nth));
    const injected = result.disk.calls.filter((call) => call.injected !== undefined);
    totals.injected += injected.length;
    const [first] = injected;
    const where = `[${kind.name}, call ${nth}: ${first?.operation} ${basename(first?.path ?? "")}]`;
    for (const text of result.texts) failures.add(`${text} ${where}`);
    if (!isVisible(result, injected)) failures.add(`nobody was told ${where}`);
  });
  const { acked, lost, dup, injected, rejections } = totals;
  const figures = { calls: whole.disk.calls.length, injected, rejections };
  return { row: "6", n: cases.length, acked, lost, dup, failures: failures.lines, seed, figures };
}

/** Every call with every kind; the quick mode takes two kinds for each call, others with another seed. */
function casesOf(calls: number, mode: Mode, seed: number): Case[] {
  const numbers = Array.from({ length: calls }, (_, index) => index + 1);
  return numbers.flatMap((nth) => {
    const chosen =
      mode === "full" ? kinds : [0, 1].map((step) => kinds[(nth * 3 + seed + step * 7) % kinds.length]!);
    return chosen.map((kind) => ({ nth, kind }));
  });
}

function isVisible({ problems, rejections, retries }: LoggerRun, injected: readonly LoggedCall[]): boolean {
  const telling = injected.filter((call) => !isSilent(call) && !call.injected?.startsWith("short"));
  return telling.length === 0 || problems.length > 0 || rejections > 0 || retries > 0;
}

/** Row 6: the n-th call fails. */
export const nthOperationRow: Row = {
  id: "6",
  title: "the n-th file operation fails, once and from then on, under a logger",
  modes: ["quick", "full"],
  run,
};
