import { rmSync } from "node:fs";
import { mkdtemp, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { atTestEnd } from "./test-end.js";

/** An empty directory of its own that disappears with everything in it. */
export interface TemporaryDirectory extends AsyncDisposable {
  /** Absolute path without symbolic links. */
  readonly path: string;
  /** The path of something inside. */
  join(...parts: string[]): string;
  /** Removes the directory now. May be called more than once. */
  cleanup(): Promise<void>;
}

const leftovers = new Set<string>();

/**
 * A new empty directory. Inside a vitest test it is removed when the test ends; elsewhere by `cleanup()`, by
 * `await using`, or at the latest when the process exits.
 *
 * @example
 * const directory = await temporaryDirectory();
 * await writeFile(directory.join("events.jsonl"), "{}\n");
 */
export async function temporaryDirectory(prefix = "prodigy-events-"): Promise<TemporaryDirectory> {
  const path = await mkdtemp(join(await realpath(tmpdir()), prefix));
  if (leftovers.size === 0) process.once("exit", removeLeftovers);
  leftovers.add(path);
  const cleanup = async () => {
    await rm(path, { recursive: true, force: true, maxRetries: 3 });
    leftovers.delete(path);
    if (leftovers.size === 0) process.off("exit", removeLeftovers);
  };
  await atTestEnd(cleanup);
  return { path, join: (...parts) => join(path, ...parts), cleanup, [Symbol.asyncDispose]: cleanup };
}

function removeLeftovers(): void {
  for (const path of leftovers) rmSync(path, { recursive: true, force: true });
}
