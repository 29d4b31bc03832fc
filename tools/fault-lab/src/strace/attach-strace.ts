import { type ChildProcess, spawn } from "node:child_process";

/** What strace is to do to a process that already runs. */
export interface StraceOrder {
  readonly pid: number;
  /** System calls to record, by strace's names. */
  readonly syscalls: readonly string[];
  /** As in strace(1): `write:error=ENOSPC:when=2..4`. */
  readonly injections: readonly string[];
  /** Only calls that concern exactly these paths count; without them, an error could hit libuv's own descriptors. */
  readonly paths: readonly string[];
  /** Where the trace goes. */
  readonly output: string;
}

/** A strace at work; it ends with the process. */
export interface AttachedStrace {
  readonly child: ChildProcess;
  readonly ended: Promise<void>;
}

/**
 * Attaches strace to all threads of a process, and resolves when every further call is seen. `when=` counts for each
 * thread: the process should have UV_THREADPOOL_SIZE=1.
 *
 * @throws Error with what strace said, when it could not attach
 */
export async function attachStrace(order: StraceOrder): Promise<AttachedStrace> {
  const { pid, syscalls, injections, paths, output } = order;
  const child = spawn(
    "strace",
    [
      ...["-f", "-y", "-s", "0", "-o", output, "-p", String(pid)],
      ...paths.flatMap((path) => ["-P", path]),
      ...["-e", `trace=${syscalls.join(",")}`],
      ...injections.flatMap((injection) => ["-e", `inject=${injection}`]),
    ],
    { stdio: ["ignore", "ignore", "pipe"] },
  );
  let said = "";
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));
  await new Promise<void>((resolve, reject) => {
    child.once("error", reject);
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      said += text;
      if (/Process \d+ attached/.test(said)) resolve();
    });
    ended.then(() => reject(new Error(`strace ended: ${said.trim()}`)));
  });
  return { child, ended };
}
