import { execFileSync } from "node:child_process";
import { mkdir, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { runCommand } from "../process/run-command.js";

/** A file system of our own, mounted until it is released. */
export interface Mount {
  readonly path: string;
  release(): Promise<void>;
}

/** What is mounted now; taken away when the process ends before it comes to that by itself. */
const mounted = new Set<string>();

function remember(path: string): Mount {
  // Before anybody removes the folders in which they are.
  if (mounted.size === 0) process.prependOnceListener("exit", detachAll);
  mounted.add(path);
  return { path, release: () => unmount(path) };
}

function detachAll(): void {
  for (const path of mounted) execFileSync("umount", ["-l", path], { stdio: "ignore" });
}

/** Mounts a small memory file system at a new folder. Throws when that is not allowed. */
export async function mountTmpfs(path: string, options: string): Promise<Mount> {
  await mkdir(path, { recursive: true });
  await runCommand("mount", "-t", "tmpfs", "-o", `mode=0700,${options}`, "tmpfs", path);
  return remember(path);
}

/** Mounts a new ext4 file system that lives in a file. Throws when that is not allowed. */
export async function mountExt4(
  folder: string,
  megabytes: number,
  { mkfs = [], options = "loop" }: { mkfs?: readonly string[]; options?: string } = {},
): Promise<Mount> {
  const path = join(folder, "mounted");
  const image = join(folder, "image");
  await mkdir(path, { recursive: true });
  await writeFile(image, "");
  await truncate(image, megabytes * 1024 * 1024);
  await runCommand("mkfs.ext4", "-q", "-F", ...mkfs, image);
  await runCommand("mount", "-o", options, image, path);
  return remember(path);
}

/** Mounts a file system that exists already, for example after a power cut. */
export async function mountAgain(folder: string): Promise<Mount> {
  const path = join(folder, "mounted");
  await runCommand("mount", "-o", "loop", join(folder, "image"), path);
  return remember(path);
}

/** Detaches at once, and in the end for good: whoever still has a file open there keeps nobody waiting. */
async function unmount(path: string): Promise<void> {
  await runCommand("umount", path).catch(() => runCommand("umount", "-l", path));
  mounted.delete(path);
  if (mounted.size === 0) process.off("exit", detachAll);
}

/** Why nothing can be mounted here; `undefined` when it can. */
export async function mountProblem(folder: string): Promise<string | undefined> {
  try {
    await (await mountTmpfs(join(folder, "probe"), "size=64k")).release();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
