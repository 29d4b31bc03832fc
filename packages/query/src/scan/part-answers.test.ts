import { writeFile } from "node:fs/promises";
import { builtinEvents, encodeRecord } from "@prodigy-events/schema";
import { resolveSegmentFile } from "@prodigy-events/storage";
import { type TemporaryDirectory, temporaryDirectory } from "@prodigy-events/test-kit";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { resolveQuery } from "../filter/query.js";
import { planQuery } from "../plan/plan-query.js";
import { sourceSegment } from "../source/find-sources.js";
import { rowQuestions } from "./open-scan.js";
import { PartAnswers } from "./part-answers.js";
import type { ScanJob } from "./scan-job.js";
import { cutPlan, type UnitAnswer } from "./scan-part.js";

/** The code of worker threads as it is built. */
const workerUrl = new URL("../../dist/scan-worker.js", import.meta.url);
const query = resolveQuery({ agentId: ["agent-1", "agent-2"] }, 0);

let directory: TemporaryDirectory;
beforeEach(async () => {
  directory = await temporaryDirectory();
});
afterEach(() => directory.cleanup());

async function units(files: number, records: number) {
  const sources = [];
  for (let file = 0; file < files; file++) {
    const path = directory.join(`events-20260101_000000_000-producer${file}.jsonl`);
    const lines = Array.from({ length: records }, (_, sequence) =>
      encodeRecord({
        id: `${file}-${sequence}`,
        timestamp: new Date(sequence).toISOString(),
        correlation_id: "",
        event: { event_type: "agent_failed", agent_id: `agent-${sequence % 3}` },
        metadata: { producer_id: `producer${file}`, sequence },
      }),
    );
    await writeFile(path, lines.join(""));
    sources.push(sourceSegment((await resolveSegmentFile(path))!, "file"));
  }
  return cutPlan(planQuery(query, sources), 2_000).units;
}

async function answers(
  purpose: ScanJob["purpose"],
  cut: Awaited<ReturnType<typeof units>>,
  workers: number,
  url = workerUrl,
): Promise<UnitAnswer[]> {
  const job = { query, search: undefined, purpose, maxScannedBytes: 100_000 };
  const own = new PartAnswers(
    cut,
    job,
    rowQuestions(job, builtinEvents)!,
    { workers, workerUrl: url },
    1_000_000,
  );
  const taken: UnitAnswer[] = [];
  for (const unit of cut.keys()) taken.push(await own.take(unit));
  own.close();
  return taken.map((answer) => answer.map(plain));
}

/** An answer without what differs from thread to thread: where in memory its bytes are. */
function plain(part: UnitAnswer[number]): UnitAnswer[number] {
  if (!part || !("bytes" in part.found)) return part;
  return { ...part, found: { ...part.found, bytes: Buffer.from(part.found.bytes) } };
}

describe("the answers for parts", () => {
  it.each([{ kind: "count", groupBy: ["agent_id"] }, { kind: "gather" }] as const)(
    "are the same by however many threads: $kind",
    async (purpose) => {
      const cut = await units(3, 2_000);
      expect(cut.length).toBeGreaterThan(100);
      const alone = await answers(purpose, cut, 0);
      expect(alone.flat().every((part) => part?.isRegular)).toBe(true);
      expect(await answers(purpose, cut, 3)).toEqual(alone);
    },
  );

  it("come from this thread when no other can be started", async () => {
    const cut = await units(2, 100);
    const alone = await answers({ kind: "gather" }, cut, 0);
    const missing = new URL("./no-such-worker.js", import.meta.url);
    expect(await answers({ kind: "gather" }, cut, 2, missing)).toEqual(alone);
  });

  it("are none for a file that is another one by now, or is gone", async () => {
    const cut = await units(2, 100);
    await directory.cleanup();
    const [unit] = cut;
    expect(unit).toBeDefined();
    expect((await answers({ kind: "gather" }, cut, 0)).flat().some((part) => part !== undefined)).toBe(false);
  });

  it("are not waited for any more once the question is dropped", async () => {
    const cut = await units(1, 2_000);
    const job = { query, search: undefined, purpose: { kind: "gather" }, maxScannedBytes: 100_000 } as const;
    const questions = rowQuestions(job, builtinEvents)!;
    const own = new PartAnswers(cut, job, questions, { workers: 0, workerUrl }, 1_000_000);
    const dropped = new AbortController();
    await own.take(0, dropped.signal);
    dropped.abort(new Error("dropped"));
    await expect(own.take(cut.length - 1, dropped.signal)).rejects.toThrow("dropped");
    own.close();
  });
});
