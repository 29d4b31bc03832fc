import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import type { Mode, Row, RowResult } from "../row.js";

/** A result, and how long its row took. */
export interface TimedResult {
  readonly result: RowResult;
  readonly ms: number;
}

export interface RunOptions {
  readonly mode: Mode;
  readonly seed: number;
  /** Where the row's own folder is made, and removed afterwards. */
  readonly directory: string;
  log(text: string): void;
}

/** Runs a row in a folder of its own. A row that throws is one that fails. */
export async function runRow(row: Row, { mode, seed, directory, log }: RunOptions): Promise<TimedResult[]> {
  const folder = join(directory, `row-${row.id}`);
  await mkdir(folder, { recursive: true });
  const startedAt = performance.now();
  try {
    const context = {
      mode,
      seed,
      directory: folder,
      log: (text: string) => log(`row ${row.id}: ${text}`),
    };
    const found = await row.run(context);
    const ms = Math.round(performance.now() - startedAt);
    return asList(found).map((result) => ({ result: { seed, ...result }, ms }));
  } catch (error) {
    const ms = Math.round(performance.now() - startedAt);
    const reason = error instanceof Error ? (error.stack ?? error.message) : String(error);
    const failures = [`the row threw: ${reason}`];
    return [{ result: { row: `${row.id} ${row.title}`, n: 0, lost: 0, dup: 0, failures, seed }, ms }];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function asList(found: RowResult | readonly RowResult[]): readonly RowResult[] {
  return "row" in found ? [found] : found;
}
