import { jobDirectory } from "@prodigy-events/storage";
import { fakeClock } from "@prodigy-events/test-kit";
import { type Durability, segmentWriter } from "@prodigy-events/writer";
import { KnownLines } from "../known-lines.js";
import { filesBelow, judgeRecovery } from "../store-scene.js";
import { batchFrom, firstRecordMs, jobId, quickFileSystem, repo } from "../test-records.js";
import { letProducersDie } from "./death.js";
import type { FailpointScenario } from "./scenario.js";

const producerId = "writer0001";
const batches = { count: 6, records: 4 } as const;

/** Six batches with a rotation after every second one, compression, and the end. */
export function writingScenario(durability: Durability): FailpointScenario {
  return {
    name: `rotation-${durability}`,
    isConcurrent: durability === "fsync",
    prepare: async (root) => {
      const directory = jobDirectory(root, repo, jobId);
      const known = new KnownLines();
      const acknowledged: string[] = [];
      return {
        run: async (fs) => {
          const writer = segmentWriter({ durability, maxSegmentBytes: 2_000 });
          const clock = fakeClock(firstRecordMs);
          const context = { root, repo, jobId, directory, producerId, fs, clock, onWarning: () => undefined };
          await writer.open?.(context);
          for (let batch = 0; batch < batches.count; batch += 1) {
            const first = batch * batches.records;
            const lines = known.add(producerId, first, batches.records);
            await writer.write(batchFrom(producerId, first, batches.records));
            acknowledged.push(...lines);
            clock.advance(5);
          }
          await writer.close();
        },
        check: async () => {
          await letProducersDie(directory);
          const scene = { root, directory, known, fs: quickFileSystem, files: () => filesBelow(root) };
          return judgeRecovery(scene, acknowledged);
        },
      };
    },
  };
}
