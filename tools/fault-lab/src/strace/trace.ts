/** One system call of a trace. */
export interface TracedCall {
  readonly name: string;
  /** What stands between the parentheses; with the path behind each descriptor. */
  readonly args: string;
  /** What it returned: a number, or -1 and the error. */
  readonly result: string;
  readonly isInjected: boolean;
}

const whole = /^(\d+)\s+(\w+)\((.*)\)\s+= (.*)$/;
const begun = /^(\d+)\s+(\w+)\((.*) <unfinished \.\.\.>$/;
const resumed = /^(\d+)\s+<\.\.\. (\w+) resumed>(.*)\)\s+= (.*)$/;

/** Reads what strace wrote with `-f`; calls that another thread interrupted are put together again. */
export function parseTrace(text: string): TracedCall[] {
  const calls: TracedCall[] = [];
  const open = new Map<string, string>();
  for (const line of text.split("\n")) {
    const [, thread = "", name = "", args = "", result = ""] = whole.exec(line) ?? resumed.exec(line) ?? [];
    if (name !== "") {
      const isInjected = result.includes("(INJECTED)");
      calls.push({ name, args: (open.get(thread) ?? "") + args, result, isInjected });
      open.delete(thread);
      continue;
    }
    const [, beginner, , start = ""] = begun.exec(line) ?? [];
    if (beginner !== undefined) open.set(beginner, start);
  }
  return calls;
}

/**
 * Descriptors that were synced once more after a sync of theirs had failed: the kernel may say yes then, and lie.
 * A file opened again has a descriptor of its own.
 */
export function syncedAgainAfterFailure(calls: readonly TracedCall[]): string[] {
  const failed = new Set<string>();
  const again = new Set<string>();
  for (const { name, args, result } of calls) {
    if (name === "close") failed.delete(args);
    if (name !== "fsync" && name !== "fdatasync") continue;
    if (failed.has(args)) again.add(args);
    if (result.startsWith("-1")) failed.add(args);
  }
  return [...again];
}
