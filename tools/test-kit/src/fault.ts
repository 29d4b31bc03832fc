import { errnoError } from "./errno-error.js";

/** Which calls a fault is about. All conditions given must hold. */
export interface FaultSelector {
  /** Name of the function as the wrapped object has it, such as `"rename"` or `"writeSync"`; several: any of them. */
  operation: string | readonly string[];
  /** Only calls on this path: exact text, a pattern, or a predicate. Calls on a descriptor count for the path it was opened with. */
  path?: string | RegExp | ((path: string) => boolean);
  /** The first matching call that is hit, counted from 1 (the default) among the calls that match this fault. */
  nth?: number;
  /** `"once"` (default) hits one call; `"from then on"` hits the nth and all after it. */
  times?: "once" | "from then on";
}

/** One planned fault: a selector and exactly one thing that happens to the calls it hits. */
export type Fault = FaultSelector &
  (
    | {
        /** The errno the call fails with, such as `"ENOSPC"`. */
        error: string;
        /** `"before"` (default): nothing happens. `"after"`: the call is carried out and then reported as failed. */
        when?: "before" | "after";
      }
    | {
        /** A write of at most this many bytes: the call succeeds and returns the short count. */
        shortWriteBytes: number;
      }
    | {
        /** Runs just before the call, which then goes on as usual: what another process does at this very moment. */
        run: () => unknown;
      }
  );

/** True when a call of `operation` on `path` is one that the selector counts. */
export function matchesCall(selector: FaultSelector, operation: string, path: string | undefined): boolean {
  const operations = typeof selector.operation === "string" ? [selector.operation] : selector.operation;
  if (!operations.includes(operation)) return false;
  if (selector.path === undefined) return true;
  if (path === undefined) return false;
  if (typeof selector.path === "string") return selector.path === path;
  return selector.path instanceof RegExp ? selector.path.test(path) : selector.path(path);
}

/** True when the `count`-th matching call (from 1) is hit. */
export function hitsCall(selector: FaultSelector, count: number): boolean {
  const nth = selector.nth ?? 1;
  return selector.times === "from then on" ? count >= nth : count === nth;
}

/** True when the call is carried out and then reported as failed. */
export function failsAfter(fault: Fault | undefined): boolean {
  return fault !== undefined && "error" in fault && fault.when === "after";
}

/** Throws the planned error if it is planned for this moment of the call. */
export function throwIfPlanned(
  moment: "before" | "after",
  fault: Fault | undefined,
  operation: string,
  path: string | undefined,
): void {
  if (fault === undefined || !("error" in fault) || (fault.when ?? "before") !== moment) return;
  throw errnoError(fault.error, operation, path);
}

/** The arguments of `write(fd, buffer, offset, length)`, with a smaller length if a short write is planned. */
export function shortened(args: unknown[], fault: Fault | undefined): unknown[] {
  if (fault === undefined || !("shortWriteBytes" in fault)) return args;
  const [fd, buffer, offset, length, ...rest] = args;
  return [fd, buffer, offset, Math.min(length as number, fault.shortWriteBytes), ...rest];
}

/** A fault in words, for the log of calls. */
export function describeFault(fault: Fault): string {
  if ("run" in fault) return "run";
  if ("shortWriteBytes" in fault) return `short write of ${fault.shortWriteBytes}`;
  return `${fault.error} ${fault.when ?? "before"}`;
}
