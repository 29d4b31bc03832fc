import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { builtinEvents, eventTypes } from "@prodigy-events/schema";
import { expect, it } from "vitest";
import { commitAll } from "../src/worktree.js";
import { Workspace } from "./workspace.js";

const slow = "await new Promise((resolve) => setTimeout(resolve, 700));\n";

it("an orchestrator's life contains every event type of its categories", async () => {
  const workspace = await Workspace.create({
    "broken.json": "{",
    "hopeless.json": "{",
    "1.check.mjs": slow,
    "2.check.mjs": slow,
  });
  const { repository, state } = workspace;
  try {
    // Interrupted, resumed, repaired, reprocessed, evicted …
    const job = workspace.startJob(
      ["broken.json", "hopeless.json", "1.check.mjs", "2.check.mjs"],
      ...["--max-attempts", "2", "--parallel", "2", "--memory-limit-mb", "10"],
    );
    await job.printed("✗ agent-1");
    job.kill("SIGINT");
    await job.endsWith(130);
    await workspace.start("resume", state).endsWith(0);
    await writeFile(join(repository, "broken.json"), "{}");
    await commitAll(repository, "repair broken.json");
    await workspace.start("reprocess", state, "broken.json").endsWith(0);
    await workspace.start("evict", state, "--older-than-ms", "0").endsWith(0);

    // … and a job that cannot save its checkpoints and accepts no failure.
    const other = join(workspace.folder, "other");
    await mkdir(join(other, "checkpoint.json"), { recursive: true });
    const options = [
      "--job-id",
      "other",
      "--folder",
      other,
      "--max-attempts",
      "1",
      "--max-dead-letters",
      "0",
    ];
    await workspace.start("run", ...options, "hopeless.json").endsWith(1);

    const recorded = new Set((await workspace.records()).map(({ event }) => event.event_type));
    const expected = eventTypes.filter((type) => {
      const category = builtinEvents.get(type)?.category;
      return category !== "claude" && category !== "system";
    });
    expect([...recorded].sort()).toEqual([...expected].sort());
    expect(expected).toHaveLength(27);
  } finally {
    await workspace.remove();
  }
});
