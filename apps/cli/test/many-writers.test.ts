import { execFile } from "node:child_process";
import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { openStore } from "@prodigy-events/query";
import { compareTimestamps } from "@prodigy-events/schema";
import { jobDirectory, listSegments, readLines } from "@prodigy-events/storage";
import { temporaryDirectory } from "@prodigy-events/test-kit";
import { describe, expect, it } from "vitest";

const run = promisify(execFile);
const program = fileURLToPath(new URL("./programs/log-many.mjs", import.meta.url));
const writers = 8;
const eventsPerWriter = 50_000;
const total = writers * eventsPerWriter;
const jobId = "busy";

describe("eight processes that log 50,000 events each into one job, with rotation at 1 MB and compression", () => {
  it("are read back exactly once and in time order, and no plain copy is left of what was compressed", async () => {
    const { path: store } = await temporaryDirectory();
    const reports = await Promise.all(
      Array.from({ length: writers }, (_, writer) =>
        run(process.execPath, [program, store, jobId, String(writer), String(eventsPerWriter)]),
      ),
    );
    const producers = reports.map(({ stdout }) => JSON.parse(stdout).producerId as string);
    for (const { stdout } of reports) {
      expect(JSON.parse(stdout)).toMatchObject({ written: eventsPerWriter, dropped: 0, unwritten: 0 });
    }

    const nextSequence = new Map(producers.map((producer) => [producer, 0]));
    const stream = (await openStore({ root: store, repo: "many-writers", local: false })).query({ jobId });
    let previous = "0000-01-01T00:00:00.000Z";
    let outOfOrder = 0;
    let outOfSequence = 0;
    let read = 0;
    for await (const batch of stream.batches()) {
      for (const { record } of batch) {
        read += 1;
        if (compareTimestamps(previous, record.timestamp) > 0) outOfOrder += 1;
        previous = record.timestamp;
        const producer = record.metadata.producer_id as string;
        if (record.metadata.sequence !== nextSequence.get(producer)) outOfSequence += 1;
        nextSequence.set(producer, (record.metadata.sequence as number) + 1);
      }
    }
    expect({ read, outOfOrder, outOfSequence }).toEqual({ read: total, outOfOrder: 0, outOfSequence: 0 });
    expect([...nextSequence.values()]).toEqual(producers.map(() => eventsPerWriter));
    expect(stream.report).toMatchObject({ linesRead: total, matched: total, malformed: 0, duplicates: 0 });

    const directory = jobDirectory(store, "many-writers", jobId);
    const names = readdirSync(directory).filter((name) => !name.startsWith("."));
    expect(names.filter((name) => name.endsWith(".rotated"))).toEqual([]);
    expect(names.filter((name) => name.endsWith(".rotated.gz")).length).toBeGreaterThan(writers * 10);
    let lines = 0;
    for (const segment of await listSegments(directory)) {
      for await (const chunk of readLines(segment, {
        onProblem: (problem) => expect(problem).toBeUndefined(),
      })) {
        lines += chunk.length;
      }
    }
    expect(lines).toBe(total);
  }, 240_000);
});
