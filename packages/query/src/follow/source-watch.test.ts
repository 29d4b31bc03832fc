import { mkdir, rename, writeFile } from "node:fs/promises";
import { nodeFileSystem } from "@prodigy-events/storage";
import { temporaryDirectory } from "@prodigy-events/test-kit";
import { afterEach, describe, expect, it, vi } from "vitest";
import { limits } from "../limits.js";
import { SourceWatch } from "./source-watch.js";

const hourMs = 3_600_000;

afterEach(() => {
  vi.useRealTimers();
});

async function watchLocalFile() {
  const working = await temporaryDirectory();
  const path = working.join(".prodigy", "events", "mapreduce_events.jsonl");
  await mkdir(working.join(".prodigy", "events"), { recursive: true });
  await writeFile(path, "");
  const config = {
    ...{ root: working.join("store"), repo: "repo", files: [], local: true },
    ...{ cwd: working.path, fs: nodeFileSystem, stdin: process.stdin },
  };
  const watch = new SourceWatch(config, []);
  const find = async () => (await watch.scan()).map(({ segment }) => segment.ino);
  /** Somebody sets the file aside and begins it anew. */
  const renew = async () => {
    await rename(path, `${path}.aside`);
    await writeFile(path, "");
  };
  return { find, renew };
}

describe("SourceWatch", () => {
  it.each([-hourMs, 0, hourMs])(
    "looks for local files after a while, although the clock goes %d ms",
    async (stepMs) => {
      vi.useFakeTimers({ toFake: ["Date", "performance"] });
      const { find, renew } = await watchLocalFile();
      const former = await find();
      expect(former).toHaveLength(1);
      await renew();
      vi.setSystemTime(Date.now() + stepMs);
      expect(await find()).toEqual(former);
      vi.advanceTimersByTime(limits.localFilesIntervalMs);
      expect(await find()).not.toEqual(former);
    },
  );
});
