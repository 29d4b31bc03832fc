import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { nodeFileSystem } from "@prodigy-events/storage";
import { temporaryDirectory } from "@prodigy-events/test-kit";
import { expect, it } from "vitest";
import { countContent } from "./count-content.js";

const line = (metadata: object, event: object = { event_type: "note" }) =>
  `${JSON.stringify({ id: "x", timestamp: "1970-01-01T00:00:01Z", event, metadata })}\n`;

async function fileWith(content: string | Buffer): Promise<string> {
  const path = join((await temporaryDirectory()).path, "x.jsonl");
  await writeFile(path, content);
  return path;
}

const dropped = line(
  { producer_id: "aaaa", sequence: 5 },
  { event_type: "events_dropped", from_sequence: 1 },
);
const content = [line({}), line({ producer_id: "aaaa", sequence: 0 }), "{\n", dropped, line({})].join("");

it("counts lines and bytes, finds the first and last number, and the ranges with what was dropped", async () => {
  for (const stored of [content, gzipSync(content)]) {
    expect(await countContent(await fileWith(stored), nodeFileSystem, undefined)).toMatchObject({
      ...{ records: 4, malformed: 1, bytes: content.length, damage: undefined },
      first: { producerId: "aaaa", sequence: 0 },
      last: { producerId: "aaaa", sequence: 5 },
      ranges: [{ producerId: "aaaa", first: 0, last: 5 }],
    });
  }
});

it("says why a file cannot be read to its end, and claims no size for it", async () => {
  const path = await fileWith(gzipSync(content).subarray(0, -6));
  expect(await countContent(path, nodeFileSystem, undefined)).toMatchObject({
    bytes: 0,
    damage: expect.any(String),
  });
});

it("stops when it is aborted", async () => {
  const signal = AbortSignal.abort(new Error("enough"));
  await expect(countContent(await fileWith(content), nodeFileSystem, signal)).rejects.toThrow("enough");
});
