import type { OnProgress, QueryReport, Store } from "@prodigy-events/query";
import { Progress } from "../output/progress.js";
import type { Context } from "../program/context.js";
import type { FilterValues } from "./query-input.js";

type ProgressValues = Pick<FilterValues, "job-id"> & { readonly file: readonly string[] };

/** What is being read, as far as it has come. */
export interface Reading {
  readonly report: Pick<QueryReport, "bytesRead" | "records">;
}

/**
 * Does what reads without giving anything before its end, and shows on a terminal how far that has come.
 */
export async function withProgress<Answer>(
  read: (onProgress: OnProgress) => Promise<Answer>,
  store: Store,
  values: ProgressValues,
  context: Context,
): Promise<Answer> {
  const reading: { report: Reading["report"] } = { report: { bytesRead: 0, records: 0 } };
  const progress = showReadingProgress(reading, store, values, context);
  try {
    return await read((report) => {
      reading.report = report;
    });
  } finally {
    progress.stop();
  }
}

/**
 * Shows on a terminal how far `reading` has come. What there is to read is known beforehand only where
 * nothing is compressed.
 */
export function showReadingProgress(
  reading: Reading,
  store: Store,
  values: ProgressValues,
  { messages, out, now }: Context,
): Progress {
  let bytesTotal: number | undefined;
  if (messages.terminal.isTerminal && !values.file.includes("-")) {
    plainBytes(store, values["job-id"]).then(
      (bytes) => {
        bytesTotal = bytes;
      },
      () => {}, // The reading itself will say what is wrong.
    );
  }
  return new Progress(
    messages,
    out,
    () => ({ bytesRead: reading.report.bytesRead, bytesTotal, records: reading.report.records }),
    now,
  );
}

async function plainBytes(store: Store, jobId: readonly string[]): Promise<number | undefined> {
  const { segments } = await store.sources({ jobId });
  const isPlain = segments.every(({ segment }) => segment.state !== "compressed");
  return isPlain ? segments.reduce((sum, { segment }) => sum + segment.bytes, 0) : undefined;
}
