import { openStore } from "@prodigy-events/query";
import type { FileSystem } from "@prodigy-events/storage";
import { repo } from "../test-records.js";

/** Longest time a follower may take to give what is there, in milliseconds. */
const patienceMs = 10_000;

/** R8: a follower that begins now is given every line that a query gives. */
export async function checkFollow(root: string, lines: readonly string[], fs: FileSystem): Promise<string[]> {
  const store = await openStore({ root, repo, local: false, cwd: "/", env: {}, fs });
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), patienceMs);
  const followed: string[] = [];
  if (lines.length === 0) stop.abort();
  const stream = store.follow({}, { signal: stop.signal, history: Infinity });
  for await (const batch of stream.batches()) {
    for (const { line } of batch) followed.push(line);
    if (followed.length >= lines.length) stop.abort();
  }
  clearTimeout(timer);
  if ([...followed].sort().join("\n") === [...lines].sort().join("\n")) return [];
  return [`R8: follow gave ${followed.length} lines, not the ${lines.length} of a query`];
}
