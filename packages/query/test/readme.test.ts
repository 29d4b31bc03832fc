import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { temporaryDirectory } from "@prodigy-events/test-kit";
import { expect, it } from "vitest";
import { recordAt, TestProducer } from "./test-producer.js";

const packageDirectory = fileURLToPath(new URL("..", import.meta.url));
const read = (path: string) => readFileSync(new URL(`../${path}`, import.meta.url), "utf8");
const readme = read("README.md");

async function storeWithEvents(): Promise<string> {
  const root = await temporaryDirectory();
  const jobId = "mapreduce-xyz789";
  const producer = new TestProducer(root.join("events", "my-repo", jobId), "prod1");
  const failed = (agent: string) => ({
    event_type: "agent_failed",
    job_id: jobId,
    agent_id: agent,
    error: "ENOENT",
  });
  const now = Date.now();
  await producer.append([
    recordAt(now - 10_000, { event: failed("agent-1") }),
    recordAt(now - 5_000, { event: { event_type: "job_paused", job_id: jobId, checkpoint_version: 1 } }),
    recordAt(now - 1_000, { event: failed("agent-2") }),
  ]);
  await producer.appendRaw("not json\n");
  return root.path;
}

it.each([
  [
    0,
    /^\S+Z agent-1: ENOENT\n\S+Z agent-2: ENOENT\n\d lines read, [01] malformed\n2 agent_failed\n1 job_paused\n$/,
  ],
  [1, /^agent_failed\n/],
])("has example %i in the README that runs as it stands", async (index, expected) => {
  const example = [...readme.matchAll(/```ts\n(.*?)```/gs)][index]?.[1] ?? "";
  const output = execFileSync(process.execPath, ["--input-type=module", "--eval", example], {
    cwd: packageDirectory,
    env: { ...process.env, PRODIGY_HOME: await storeWithEvents() },
    encoding: "utf8",
  });
  expect(output).toMatch(expected);
});

it("documents every error code where the README sends its reader", () => {
  const [documentation = "", type = ""] = read("src/errors.ts").split("export type QueryErrorCode");
  const codes = [...type.split(";")[0]!.matchAll(/"([A-Z_]+)"/g)].map(([, code]) => code as string);
  expect(codes.length).toBeGreaterThanOrEqual(13);
  expect(codes.filter((code) => !documentation.includes(`\`${code}\``))).toEqual([]);
});
