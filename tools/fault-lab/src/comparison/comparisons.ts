import { join } from "node:path";
import { mountFullDisk } from "../disk/full-disk.js";
import type { PeerEnd, PeerName } from "../programs/peer-order.js";
import type { ComparisonResult } from "../run/verdict.js";
import { countLines } from "./count-lines.js";
import { runPeer } from "./run-peer.js";

/** As in our own row: a disk that fills at about the half of 600 lines and is freed some time later. */
export async function compareFullDisk(peer: PeerName, folder: string): Promise<ComparisonResult> {
  const lines = 600;
  const disk = await mountFullDisk(join(folder, `full-disk-${peer}`));
  const stop = new AbortController();
  try {
    const freed = disk.freeAfterFull(stop.signal);
    const directory = join(disk.path, "logs");
    await runPeer({ peer, directory, lines, batchLines: 10, pauseMs: 20, end: "orderly" });
    stop.abort();
    await freed;
    return compared(`8 disk full, then freed: ${peer}`, peer, lines, await countLines(directory));
  } finally {
    stop.abort();
    await disk.release();
  }
}

/** 1,000 lines, and then the end. */
export async function compareProcessEnds(peer: PeerName, folder: string): Promise<ComparisonResult> {
  const lines = 1_000;
  const ends: readonly PeerEnd[] = ["process.exit", "throw", "SIGTERM", "SIGKILL"];
  const figures: Record<string, number> = {};
  let lost = 0;
  for (const end of ends) {
    const directory = join(folder, `end-${peer}-${end}`);
    await runPeer({ peer, directory, lines, batchLines: lines + 1, pauseMs: 0, end });
    const found = await countLines(directory);
    figures[`survive ${end}`] = found.size;
    lost += lines - found.size;
  }
  const row = `15 process end: ${peer}`;
  return {
    row,
    comparison: peer,
    n: ends.length,
    acked: ends.length * lines,
    lost,
    dup: 0,
    failures: [],
    figures,
  };
}

/** 20,000 lines with rotation at 64 KiB and compression, and kill -9 in the middle: what was said to be written? */
export async function compareRotation(peer: PeerName, folder: string): Promise<ComparisonResult> {
  const kills = 5;
  let acked = 0;
  let lost = 0;
  let dup = 0;
  for (let kill = 0; kill < kills; kill += 1) {
    const directory = join(folder, `rotation-${peer}-${kill}`);
    const order = { peer, directory, lines: 1_000_000, batchLines: 100, pauseMs: 1, rotateKiB: 64 };
    const { acknowledged } = await runPeer({ ...order, end: "orderly" }, 500 + 100 * kill);
    const part = compared("", peer, acknowledged, await countLines(directory));
    acked += acknowledged;
    lost += part.lost;
    dup += part.dup;
  }
  return {
    row: `1 kill -9 with rotation: ${peer}`,
    comparison: peer,
    n: kills,
    acked,
    lost,
    dup,
    failures: [],
  };
}

function compared(
  row: string,
  comparison: PeerName,
  lines: number,
  found: ReadonlyMap<number, number>,
): ComparisonResult {
  let lost = 0;
  let dup = 0;
  for (let number = 0; number < lines; number += 1) if (!found.has(number)) lost += 1;
  for (const times of found.values()) dup += times - 1;
  const read = [...found.keys()].filter((number) => number < lines).length;
  return { row, comparison, n: lines, acked: lines, lost, dup, failures: [], figures: { read } };
}
