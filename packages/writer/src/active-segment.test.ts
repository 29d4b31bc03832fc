import { type FileSystem, nodeFileSystem, privateFileMode } from "@prodigy-events/storage";
import { type Fault, faultyFileSystem, temporaryDirectory } from "@prodigy-events/test-kit";
import { describe, expect, it, onTestFinished } from "vitest";
import { ActiveSegment } from "./active-segment.js";
import { encodeBatch } from "./encoded-batch.js";
import { segmentFlags } from "./segment-file.js";

const lines = ["11\n", "22\n"];

/** A segment on a real file whose operations can be made to fail. */
async function activeSegment(...faults: Fault[]) {
  const segment = "events-20260101_120000_000-testproducer.jsonl";
  const path = (await temporaryDirectory()).join(segment);
  const disk = faultyFileSystem<FileSystem>(nodeFileSystem, faults);
  const fd = await disk.fs.open(path, segmentFlags, privateFileMode);
  const identity = { segment, producerId: "testproducer", createdAtMs: 0 };
  const active = new ActiveSegment(identity, path, fd, disk.fs);
  onTestFinished(() => active.close());
  return { active, path, disk };
}

describe("ActiveSegment", () => {
  it("says which operation failed, and why", async () => {
    const { active, path } = await activeSegment({ operation: "write", error: "ENOSPC" });
    const failure = await active.append(encodeBatch(lines, 5)).catch((error: unknown) => error);
    const reason = { name: "WriteError", code: "ENOSPC", path, retryable: true };
    expect(failure).toMatchObject({ name: "SegmentFailure", operation: "write", reason, cause: reason });
  });

  it.each([
    { what: "the interrupted batch", batch: encodeBatch(lines, 5), accepted: true },
    { what: "one that begins with another record", batch: encodeBatch(lines, 4, 6), accepted: false },
    { what: "one that ends with another record", batch: encodeBatch(lines, 5, 7), accepted: false },
    { what: "one of another length", batch: encodeBatch(["11\n", "222\n"], 5), accepted: false },
  ])("accepts $what after an interruption: $accepted", async ({ batch, accepted }) => {
    const { active } = await activeSegment(
      { operation: "write", shortWriteBytes: 4 },
      { operation: "write", nth: 2, error: "ENOSPC" },
    );
    expect(active.accepts(batch)).toBe(true);
    await expect(active.append(encodeBatch(lines, 5))).rejects.toThrow("no space left on the device");
    expect(active.isUnfinished).toBe(true);
    expect(active.accepts(batch)).toBe(accepted);
    await active.append(encodeBatch(lines, 5));
    expect(active.isUnfinished).toBe(false);
    expect(active.accepts(batch)).toBe(true);
    expect(active.confirmedBytes).toBe(6);
  });

  it("does not ask for a sync again after one that failed: the kernel may have forgotten the error", async () => {
    const { active, path, disk } = await activeSegment({ operation: "fdatasync", error: "EIO" });
    await active.append(encodeBatch(lines, 0));
    await expect(active.sync()).rejects.toMatchObject({ operation: "fsync", reason: { code: "EIO" } });
    await expect(active.sync()).rejects.toMatchObject({
      operation: "fsync",
      reason: { code: "EIO", message: `cannot append to ${path}: an earlier fsync failed (EIO)` },
    });
    expect(disk.calls.filter(({ operation }) => operation === "fdatasync")).toHaveLength(1);
  });
});
