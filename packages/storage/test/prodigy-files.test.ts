import { renameSync, writeFileSync } from "node:fs";
import { temporaryDirectory } from "@prodigy-events/test-kit";
import { describe, expect, it } from "vitest";
import { listSegments } from "../src/index.js";
import { collect, texts } from "./collect.js";

const active = "events-20240101_120000.jsonl";
const rotated = "events-20240101_120000.20240101_130000.jsonl.gz";

async function readAll(directory: string): Promise<string[]> {
  const found: string[] = [];
  for (const segment of await listSegments(directory)) found.push(...texts((await collect(segment)).lines));
  return found.sort();
}

describe("a directory that the Rust Prodigy wrote", () => {
  it("is read completely: active, rotated with a false .gz, and as its documentation names it", async () => {
    const { path, join } = await temporaryDirectory();
    writeFileSync(join(rotated), '{"n":1}\n');
    writeFileSync(join(active), '{"n":2}\n');
    writeFileSync(join("events-20240102_120000.jsonl.rotated"), '{"n":3}\n');
    expect(await readAll(path)).toEqual(['{"n":1}', '{"n":2}', '{"n":3}']);
  });

  it("is read completely at each step of a rotation", async () => {
    const { path, join } = await temporaryDirectory();
    writeFileSync(join(active), '{"n":1}\n');
    expect(await readAll(path)).toEqual(['{"n":1}']);
    renameSync(join(active), join(`${active}.bak`));
    expect(await readAll(path)).toEqual(['{"n":1}']);
    renameSync(join(`${active}.bak`), join(rotated));
    expect(await readAll(path)).toEqual(['{"n":1}']);
    writeFileSync(join(active), '{"n":2}\n');
    expect(await readAll(path)).toEqual(['{"n":1}', '{"n":2}']);
  });

  it("has no line twice when a copy was kept as .bak", async () => {
    const { path, join } = await temporaryDirectory();
    writeFileSync(join(active), '{"n":1}\n');
    writeFileSync(join(`${active}.bak`), '{"n":1}\n');
    expect(await readAll(path)).toEqual(['{"n":1}']);
  });
});
