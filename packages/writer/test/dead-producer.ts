import { currentProcessIdentity, registerProducer, removeProducer } from "@prodigy-events/storage";
import { segmentWriter } from "../src/index.js";
import { numbers } from "./read-back.js";
import { batchFrom, producerId, type WriterScene, writerScene } from "./writer-scene.js";

/** The segments of {@link rotatedTwice}. */
export const first = "events-20260101_120000_000-testproducer.jsonl";
export const second = "events-20260101_120000_001-testproducer.jsonl";
export const third = "events-20260101_120000_002-testproducer.jsonl";

/** Leaves a producer file of a process that had our pid, but started at another time. */
export async function declareDead({ directory }: WriterScene): Promise<void> {
  await removeProducer(directory, producerId);
  const startedAt = "2026-01-01T12:00:00.000Z";
  const gone = {
    ...currentProcessIdentity(),
    processStartTime: "1",
    producerId,
    version: "0.0.0",
    startedAt,
  };
  await registerProducer(directory, gone);
}

/** A directory in which a producer has rotated twice, and ended. */
export async function rotatedTwice(compress: boolean): Promise<WriterScene> {
  const scene = await writerScene();
  const writer = segmentWriter({ maxSegmentBytes: batchFrom(0, 5).bytes.length + 100, compress });
  await writer.open?.(scene.context);
  for (const index of numbers(3)) await writer.write(batchFrom(index * 5, 5));
  await writer.close();
  return scene;
}
