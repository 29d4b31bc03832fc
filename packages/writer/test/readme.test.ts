import { spawnSync } from "node:child_process";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { listSegments } from "@prodigy-events/storage";
import { temporaryDirectory } from "@prodigy-events/test-kit";
import { describe, expect, it } from "vitest";

const packageDirectory = fileURLToPath(new URL("..", import.meta.url));

describe("the example of the README", () => {
  it("runs as it stands, and leaves one segment with its lines", async () => {
    const readme = await readFile(new URL("../README.md", import.meta.url), "utf8");
    const [, example = ""] = /```js\n(.*?)```/s.exec(readme) ?? [];
    const store = await temporaryDirectory();
    const { status, stderr } = spawnSync(process.execPath, ["--input-type=module"], {
      cwd: packageDirectory,
      input: example,
      encoding: "utf8",
      env: { ...process.env, PRODIGY_HOME: store.path },
    });
    expect(stderr).toBe("");
    expect(status).toBe(0);
    const [segment, ...others] = await listSegments(store.join("events", "my-repo", "job-1"));
    expect(others).toEqual([]);
    expect(await readFile(segment?.path ?? "", "utf8")).toBe('{"id":"1"}\n{"id":"2"}\n');
  });
});
