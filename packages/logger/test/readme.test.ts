import { spawnSync } from "node:child_process";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { temporaryDirectory } from "@prodigy-events/test-kit";
import { describe, expect, it } from "vitest";
import { recordsIn } from "./logger-scene.js";

const packageDirectory = fileURLToPath(new URL("..", import.meta.url));

describe("the example of the README", () => {
  it("runs as it stands, and does what it says", async () => {
    const readme = await readFile(new URL("../README.md", import.meta.url), "utf8");
    const [, example = ""] = /```js\n(.*?)```/s.exec(readme) ?? [];
    const store = await temporaryDirectory();
    const { status, stdout, stderr } = spawnSync(process.execPath, ["--input-type=module"], {
      cwd: packageDirectory,
      input: example,
      encoding: "utf8",
      env: { ...process.env, PRODIGY_HOME: store.path },
    });
    expect(status, stderr).toBe(0);
    expect(stdout).toBe("{ written: 3, dropped: 0, unwritten: 0 }\n");
    const records = await recordsIn(store.join("events", "my-repo", "mapreduce-xyz789"));
    expect(records.map(({ event }) => [event.event_type, event.job_id, event.agent_id])).toEqual([
      ["job_started", "mapreduce-xyz789", undefined],
      ["agent_started", "mapreduce-xyz789", "agent-1"],
      ["agent_progress", "mapreduce-xyz789", "agent-1"],
    ]);
    expect(records.at(-1)).toMatchObject({ correlation_id: "workflow-abc123", metadata: { region: "eu" } });
  });
});
