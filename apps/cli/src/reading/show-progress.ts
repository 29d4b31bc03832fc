import type { RecordStream, Store } from "@prodigy-events/query";
import { Progress } from "../output/progress.js";
import type { Context } from "../program/context.js";
import type { FilterValues } from "./query-input.js";

/**
 * Shows on a terminal how far the reading of `stream` has come. What there is to read is known beforehand only where
 * nothing is compressed.
 */
export function showReadingProgress(
  stream: RecordStream,
  store: Store,
  values: Pick<FilterValues, "job-id"> & { readonly file: readonly string[] },
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
    () => ({ bytesRead: stream.report.bytesRead, bytesTotal, records: stream.report.records }),
    now,
  );
}

async function plainBytes(store: Store, jobId: readonly string[]): Promise<number | undefined> {
  const { segments } = await store.sources({ jobId });
  const isPlain = segments.every(({ segment }) => segment.state !== "compressed");
  return isPlain ? segments.reduce((sum, { segment }) => sum + segment.bytes, 0) : undefined;
}
