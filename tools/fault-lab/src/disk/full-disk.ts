import { rm, statfs, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type Mount, mountTmpfs } from "./mounts.js";

/** Large enough for 600 events of some 350 bytes and what lies beside them. */
const diskBytes = 512 * 1024;

/** What is in the way until somebody makes room: about a half of the events find space beside it. */
const ballastBytes = 400 * 1024;

/** How long the disk stays full. */
const fullMs = 300;
const pollMs = 10;

/** A small disk on which something is in the way. */
export interface FullDisk extends Mount {
  /** Waits until the disk is full, for some time more, and until it is enough, and makes room. Ends when `signal` does. */
  freeAfterFull(signal: AbortSignal, isEnough?: () => boolean): Promise<void>;
}

/** Mounts a disk of 512 KiB, of which 400 KiB are taken. */
export async function mountFullDisk(path: string): Promise<FullDisk> {
  const mount = await mountTmpfs(path, `size=${diskBytes}`);
  const ballast = join(path, "ballast");
  await writeFile(ballast, Buffer.alloc(ballastBytes));
  return {
    ...mount,
    async freeAfterFull(signal, isEnough = () => true) {
      while (!signal.aborted && (await statfs(path)).bavail > 0) await sleep(pollMs);
      if (!signal.aborted) await sleep(fullMs);
      while (!signal.aborted && !isEnough()) await sleep(pollMs);
      await rm(ballast);
    },
  };
}
