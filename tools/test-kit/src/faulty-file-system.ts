import { DescriptorPaths } from "./descriptor-paths.js";
import {
  describeFault,
  type Fault,
  failsAfter,
  hitsCall,
  matchesCall,
  shortened,
  throwIfPlanned,
} from "./fault.js";

/** One call that went through a faulty file system, in the order the calls began. */
export interface LoggedCall {
  operation: string;
  /** The path given, or the one the descriptor was opened with; `undefined` where there is none. */
  path: string | undefined;
  args: readonly unknown[];
  /** What a fault did to the call; `undefined` when it went through untouched. */
  injected: string | undefined;
}

/** A file system with planned faults, and its diary. */
export interface FaultyFileSystem<FileSystem extends object> {
  /** Hand this to the code under test. */
  readonly fs: FileSystem;
  /** All calls so far. */
  readonly calls: readonly LoggedCall[];
  /** Plans one more fault. Its calls are counted from now on. */
  add(fault: Fault): void;
  /** Forgets every planned fault: the disk is repaired. */
  heal(): void;
}

type AnyFunction = (...args: unknown[]) => unknown;

/**
 * Wraps an object of functions (promise-returning, or synchronous when the name ends in `Sync`) so that the
 * calls chosen by `plan` fail as a real disk fails. Whatever is not planned goes to the real object.
 *
 * Conventions it relies on: a path is the first argument, a descriptor is the first argument and a number,
 * `open`/`openSync` return the descriptor, and `write(fd, buffer, offset, length)` returns a byte count.
 *
 * @example
 * const disk = faultyFileSystem(nodeFileSystem, [{ operation: "fsync", nth: 2, error: "EIO" }]);
 * await writer.write(batch, disk.fs);
 * expect(disk.calls.filter((call) => call.operation === "fsync")).toHaveLength(2);
 */
export function faultyFileSystem<FileSystem extends object>(
  real: FileSystem,
  plan: readonly Fault[] = [],
): FaultyFileSystem<FileSystem> {
  const descriptors = new DescriptorPaths();
  const calls: LoggedCall[] = [];
  let faults = plan.map((fault) => ({ fault, count: 0 }));

  /** Logs the call, counts it for every fault that it matches, and returns the first fault that hits it. */
  const begin = (
    operation: string,
    args: unknown[],
  ): { fault: Fault | undefined; path: string | undefined } => {
    const path = descriptors.pathOf(args);
    let hit: Fault | undefined;
    for (const entry of faults) {
      if (!matchesCall(entry.fault, operation, path)) continue;
      entry.count += 1;
      if (hit === undefined && hitsCall(entry.fault, entry.count)) hit = entry.fault;
    }
    calls.push({ operation, path, args, injected: hit && describeFault(hit) });
    return { fault: hit, path };
  };

  /** An `open` that is reported as failed must not leave a descriptor that nobody knows. */
  const takeBack = (operation: string, result: unknown): unknown => {
    const close = (real as Record<string, unknown>)[operation === "open" ? "close" : "closeSync"];
    return operation.startsWith("open") && typeof close === "function" ? close.call(real, result) : undefined;
  };

  const wrapAsync = (operation: string, original: AnyFunction): AnyFunction => {
    return async (...args) => {
      const { fault, path } = begin(operation, args);
      if (fault !== undefined && "run" in fault) await fault.run();
      throwIfPlanned("before", fault, operation, path);
      const result = await original.apply(real, shortened(args, fault));
      if (failsAfter(fault)) await takeBack(operation, result);
      throwIfPlanned("after", fault, operation, path);
      descriptors.remember(operation, path, args, result);
      return result;
    };
  };

  const wrapSync = (operation: string, original: AnyFunction): AnyFunction => {
    return (...args) => {
      const { fault, path } = begin(operation, args);
      if (fault !== undefined && "run" in fault) fault.run();
      throwIfPlanned("before", fault, operation, path);
      const result = original.apply(real, shortened(args, fault));
      if (failsAfter(fault)) takeBack(operation, result);
      throwIfPlanned("after", fault, operation, path);
      descriptors.remember(operation, path, args, result);
      return result;
    };
  };

  const fs: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(real)) {
    if (typeof value !== "function") fs[name] = value;
    else fs[name] = (name.endsWith("Sync") ? wrapSync : wrapAsync)(name, value as AnyFunction);
  }
  return {
    fs: fs as FileSystem,
    calls,
    add: (fault) => {
      faults.push({ fault, count: 0 });
    },
    heal: () => {
      faults = [];
    },
  };
}
