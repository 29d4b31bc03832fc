import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { decodeLine } from "@prodigy-events/schema";
import { temporaryDirectory } from "@prodigy-events/test-kit";
import { expect, it } from "vitest";
import { generateStore } from "../src/generate-store.js";

function generate(root: string, seed: number) {
  return generateStore({
    root,
    repo: "bench",
    jobId: "job",
    bytes: 300_000,
    producers: 3,
    maxSegmentBytes: 50_000,
    seed,
  });
}

function digest(files: readonly string[]) {
  const hash = createHash("sha256");
  for (const file of files) hash.update(readFileSync(file));
  return hash.digest("hex");
}

it("generates the same bytes for the same seed, and others for another", async () => {
  const [first, second, other] = [
    await temporaryDirectory(),
    await temporaryDirectory(),
    await temporaryDirectory(),
  ];
  const a = generate(first.path, 1);
  expect(digest(generate(second.path, 1).files)).toBe(digest(a.files));
  expect(digest(generate(other.path, 2).files)).not.toBe(digest(a.files));
});

it("generates only readable records, as many as it says", async () => {
  const { files, records, bytes } = generate((await temporaryDirectory()).path, 3);
  const lines = files.flatMap((file) => readFileSync(file, "utf8").split("\n").slice(0, -1));
  expect(lines.every((line) => decodeLine(line).ok)).toBe(true);
  expect(lines).toHaveLength(records);
  expect(bytes).toBe(lines.reduce((sum, line) => sum + Buffer.byteLength(line) + 1, 0));
});
