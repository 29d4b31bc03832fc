import { once } from "node:events";
import { appendFile, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { outcomeOf, runShell, startProgram } from "./support/program.js";
import { createSampleStore, type SampleStore } from "./support/sample-store.js";

let sample: SampleStore;

beforeAll(async () => {
  sample = await createSampleStore();
});

const shell = (line: string) => runShell(line, { cwd: sample.cwd, store: sample.store, bin: sample.bin });

/** A file of `count` records, some 340 bytes each. */
async function writeManyRecords(name: string, count: number): Promise<string> {
  const path = join(sample.repository.parent, name);
  const line = (index: number) =>
    `{"id":"id-${index}","timestamp":"2026-01-01T12:00:00.${String(index % 1000).padStart(3, "0")}Z","correlation_id":"c","event":{"event_type":"agent_progress","job_id":"j","agent_id":"a","step":"${"x".repeat(200)}","progress_pct":1},"metadata":{}}\n`;
  await writeFile(path, Array.from({ length: count }, (_, index) => line(index)).join(""));
  return path;
}

describe("pipes and signals", () => {
  it.each([
    "ls --file many.jsonl",
    "export --file many.jsonl",
    "search x --file many.jsonl",
    "export --format csv --file many.jsonl",
  ])("%s ends quietly with 0 when the reader closes the pipe", async (line) => {
    await writeManyRecords("many.jsonl", 20_000);
    const command = line.replace("many.jsonl", join(sample.repository.parent, "many.jsonl"));
    const outcome = await shell(`{ prodigy-events ${command}; echo "code $?" >&2; } | head -1`);
    expect(outcome.lines).toHaveLength(1);
    expect(outcome.stderr).toBe("code 0\n");
  });

  it("delivers everything to a slow reader", async () => {
    const path = await writeManyRecords("slow.jsonl", 20_000);
    const { stdout } = await shell(
      `prodigy-events export --file ${path} | (sleep 0.3; wc -c; cat >/dev/null)`,
    );
    expect(Number(stdout)).toBe((await readFile(path)).length);
  });

  it("a full disk behind standard output is an error of one line", async () => {
    const outcome = await shell("prodigy-events ls > /dev/full");
    expect(outcome.code).toBe(1);
    expect(outcome.stderr).toMatch(
      /^error: cannot write to standard output: .*ENOSPC.*; free some space and run it again\n$/,
    );
  });

  it("follow shows what arrives, in a job that did not exist before too", async () => {
    const directory = join(sample.store, "events", "sample", "late-job");
    const child = startProgram(["follow", "--output-format", "ndjson", "-n", "1"], {
      cwd: sample.cwd,
      store: sample.store,
    });
    const outcome = outcomeOf(child);
    await once(child.stdout, "data");
    await mkdir(directory, { recursive: true });
    const line = (id: number) =>
      `{"id":"late-${id}","timestamp":"2026-01-01T12:00:00Z","correlation_id":"c","event":{"event_type":"job_started","job_id":"late-job"},"metadata":{}}\n`;
    const received = once(child.stdout, "data");
    await writeFile(join(directory, "events-a.jsonl"), line(1));
    await received;
    const receivedMore = once(child.stdout, "data");
    await appendFile(join(directory, "events-a.jsonl"), line(2) + line(3));
    await receivedMore;
    child.kill("SIGINT");
    const { code, stderr, stdout } = await outcome;
    expect([code, stderr]).toEqual([130, ""]);
    expect(stdout.slice(stdout.indexOf("\n") + 1)).toBe(line(1) + line(2) + line(3));
  });

  it.each([
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const)("%s ends follow with %i", async (signal, code) => {
    const child = startProgram(["follow", "-n", "1"], { cwd: sample.cwd, store: sample.store });
    const outcome = outcomeOf(child);
    await once(child.stdout, "data");
    child.kill(signal);
    expect(await outcome).toMatchObject({ code, stderr: "" });
  });

  it("follow ends with 0 at the first record after the reader has closed the pipe", async () => {
    const path = await writeManyRecords("closed.jsonl", 20);
    const more = await readFile(path);
    const writing = setInterval(() => void appendFile(path, more), 200);
    try {
      const outcome = await shell(`{ prodigy-events follow --file ${path}; echo "code $?" >&2; } | head -1`);
      expect(outcome.stderr).toBe("code 0\n");
    } finally {
      clearInterval(writing);
    }
  });

  it("a signal during export leaves neither the file nor a part of it", async () => {
    const fifo = join(sample.repository.parent, "out");
    await mkdir(fifo);
    const child = startProgram(["export", "--file", "-", "--output", join(fifo, "all.ndjson")], {
      cwd: sample.cwd,
    });
    const outcome = outcomeOf(child);
    child.stdin.write("\n");
    for (let tries = 0; tries < 200 && (await readdir(fifo)).length === 0; tries++) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    expect(await readdir(fifo)).toHaveLength(1);
    child.kill("SIGTERM");
    expect((await outcome).code).toBe(143);
    expect(await readdir(fifo)).toEqual([]);
  });
});
