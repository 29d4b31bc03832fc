import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, renameSync, rmSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { temporaryDirectory } from "@prodigy-events/test-kit";
import { expect, it } from "vitest";
import {
  compressSegment,
  currentProcessIdentity,
  listSegments,
  registerProducer,
  segmentClosure,
} from "../src/index.js";
import { collect, texts } from "./collect.js";

const own = (index: number) => `events-20260101_120000_${String(index).padStart(3, "0")}-k3f9a1c2.jsonl`;

it("reads every segment exactly once while others are rotated, compressed and removed under its eyes", async () => {
  const { path, join } = await temporaryDirectory();
  const count = 40;
  for (let index = 0; index < count; index += 1) await writeFile(join(own(index)), `{"segment":${index}}\n`);
  let done = false;
  const changing = (async () => {
    for (let index = 0; index < count; index += 1) {
      const rotated = join(`${own(index)}.rotated`);
      renameSync(join(own(index)), rotated);
      await compressSegment(rotated, `${rotated}.gz`);
      rmSync(rotated);
    }
    done = true;
  })();
  let rounds = 0;
  while (!done || rounds === 0) {
    const found: string[] = [];
    for (const segment of await listSegments(path)) {
      const { lines, problems } = await collect(segment);
      expect(problems).toEqual([]);
      found.push(...texts(lines));
    }
    expect(found).toEqual(Array.from({ length: count }, (_, index) => `{"segment":${index}}`));
    rounds += 1;
  }
  await changing;
  expect(readdirSync(path).every((name) => name.endsWith(".rotated.gz"))).toBe(true);
});

it("takes a segment for closed as soon as its producer's process was killed", async () => {
  const { path, join } = await temporaryDirectory();
  const source = `
    import { currentProcessIdentity, registerProducer } from ${JSON.stringify(new URL("../dist/index.js", import.meta.url))};
    import { writeFileSync } from "node:fs";
    const identity = { ...currentProcessIdentity(), producerId: "k3f9a1c2", version: "1.0.0", startedAt: new Date().toISOString() };
    await registerProducer(${JSON.stringify(path)}, identity);
    writeFileSync(${JSON.stringify(join(own(0)))}, "{}\\n");
    process.stdout.write("ready");
    process.stdin.resume();`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", source], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  await once(child.stdout, "data");
  const [segment] = await listSegments(path);
  if (segment === undefined) throw new Error("the segment was not listed");
  expect(await segmentClosure(segment)).toEqual({ closed: false, because: "producer alive" });
  child.kill("SIGKILL");
  await once(child, "exit");
  expect(await segmentClosure(segment)).toEqual({ closed: true, because: "producer dead" });
});

it("lets one of many processes have a producer id", async () => {
  const { path } = await temporaryDirectory();
  const identity = {
    ...currentProcessIdentity(),
    producerId: "k3f9a1c2",
    version: "1.0.0",
    startedAt: "2026-01-01T12:00:00.000Z",
  };
  const outcomes = await Promise.allSettled(
    Array.from({ length: 8 }, () => registerProducer(path, identity)),
  );
  expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
});
