import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Workspace } from "./workspace.js";

describe("the command line", () => {
  let workspace: Workspace;
  beforeAll(async () => {
    workspace = await Workspace.create({ "a.ts": "export {};\n" });
  });
  afterAll(() => workspace.remove());

  it.each([
    [[], 2, "usage:"],
    [["dance"], 2, "usage:"],
    [["run", "--unknown"], 1, "--unknown"],
    [["run", "--parallel", "0", "a.ts"], 1, "--parallel 0: must be a whole number, 1 or more"],
    [["run", "--timeout-ms", "soon", "a.ts"], 1, "--timeout-ms soon"],
    [["run", "nothing.*"], 1, "match nothing.*"],
    [["resume", "/nowhere"], 1, "no checkpoint.json in /nowhere"],
    [["run", "--repository", "/", "a.ts"], 1, "not a git repository"],
  ])("answers %j with exit code %i and %j", async (args, exitCode, message) => {
    const running = workspace.start(...args);
    await running.endsWith(exitCode);
    expect(running.output).toContain(message);
  });

  it("runs a job with nothing but defaults, beside the repository", async () => {
    const running = workspace.start("run", ".");
    await running.endsWith(0);
    expect(running.output).toContain(`${workspace.repository}.jobs/mapreduce-`);
    expect(running.output).toContain("✓ agent-1 a.ts");
  });
});
