import type { QueryReport, ReadingStrategy, Store } from "@prodigy-events/query";
import { rareType } from "./segment-lines.js";

/** What is asked of a segment with an index. `stats` is counted from it, and `seek` finds one line by it. */
export const indexQuestions = ["all", "newest", "stats", "search", "seek"] as const;
export type IndexQuestion = (typeof indexQuestions)[number];

/** All of an answer that must not depend on an index, as text, and how it was found. */
export async function indexAnswer(
  store: Store,
  question: IndexQuestion,
): Promise<{ text: string; strategy?: ReadingStrategy | undefined }> {
  if (question === "stats") {
    const { groups, total, report } = await store.stats();
    return { text: JSON.stringify([groups, total, countsOf(report)]), strategy: report.reads[0]?.strategy };
  }
  const stream = streamOf(store, question);
  const lines: string[] = [];
  for await (const batch of stream.batches()) for (const { line } of batch) lines.push(line);
  const { report } = stream;
  return { text: JSON.stringify([lines, countsOf(report)]), strategy: report.reads[0]?.strategy };
}

function streamOf(store: Store, question: Exclude<IndexQuestion, "stats">) {
  switch (question) {
    case "all":
      return store.query();
    case "newest":
      return store.query({ limit: 1_000 });
    case "search":
      return store.search("e");
    case "seek":
      return store.query({ eventTypes: [rareType] });
  }
}

/** Without what tells how the answer was found: bytes read, lines parsed, strategies. */
function countsOf(report: QueryReport): unknown[] {
  const { linesRead, records, matched, malformed, torn, pending, duplicates, unreadable, outOfOrder } =
    report;
  const counts = {
    linesRead,
    records,
    matched,
    malformed,
    torn,
    pending,
    duplicates,
    unreadable,
    outOfOrder,
  };
  return [counts, [...report.excludedTypes].sort(), report.problems];
}
