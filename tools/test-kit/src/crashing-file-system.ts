import { constants } from "node:fs";
import { DescriptorPaths } from "./descriptor-paths.js";
import { errnoError } from "./errno-error.js";

/** At which changing call, counted from 1, and at which moment of it the process is gone. `mid`: within a write. */
export interface CrashPoint {
  readonly at: number;
  readonly when: "before" | "mid" | "after";
}

/** One call that changes the disk, or makes changes durable. */
export interface ChangingCall {
  readonly operation: string;
  readonly path: string | undefined;
}

/** A file system that is there until the crash. */
export interface CrashingFileSystem<FileSystem extends object> {
  /** Hand this to the code under test. */
  readonly fs: FileSystem;
  /** The changing calls that began before the crash. */
  readonly changes: readonly ChangingCall[];
  readonly hasCrashed: boolean;
  /**
   * Waits for `run`, or for the crash, and for the calls then still in flight; closes what was left open. What `run`
   * throws before the crash is thrown.
   */
  untilCrash(run: () => Promise<unknown>): Promise<void>;
}

type AnyFunction = (...args: unknown[]) => unknown;

const alwaysChanging = new Set(
  "write rename unlink link mkdir rmdir ftruncate fsync fdatasync writeSync fsyncSync mkdirSync".split(" "),
);

const isOpen = (operation: string): boolean => operation === "open" || operation === "openSync";

function isChange(operation: string, [, flags]: readonly unknown[]): boolean {
  if (isOpen(operation)) return ((flags as number) & constants.O_CREAT) !== 0;
  return alwaysChanging.has(operation);
}

/**
 * Wraps an object of functions as `faultyFileSystem` does, with the same conventions, so that the process seems to
 * end at one chosen call: from then on no asynchronous call ever settles, as nobody is there to wait for it, and no
 * call does anything. Without a point nothing happens and the changing calls are counted.
 *
 * @example
 * const { changes } = await dryRun();
 * for (let at = 1; at <= changes.length; at += 1) {
 *   const disk = crashingFileSystem(nodeFileSystem, { at, when: "before" });
 *   await disk.untilCrash(() => writeEverything(disk.fs));
 *   await expectNothingLost();
 * }
 */
export function crashingFileSystem<FileSystem extends object>(
  real: FileSystem,
  point?: CrashPoint,
): CrashingFileSystem<FileSystem> {
  const descriptors = new DescriptorPaths();
  const open = new Set<number>();
  const changes: ChangingCall[] = [];
  const inFlight = new Set<Promise<unknown>>();
  let hasCrashed = false;
  let announceCrash: () => void = () => undefined;
  const crash = new Promise<void>((resolve) => {
    announceCrash = resolve;
  });
  const never = new Promise<never>(() => undefined);
  const end = (): void => {
    hasCrashed = true;
    announceCrash();
  };

  /** What the point says about this call. */
  const begin = (operation: string, args: unknown[]): CrashPoint["when"] | undefined => {
    if (!isChange(operation, args)) return undefined;
    changes.push({ operation, path: descriptors.pathOf(args) });
    return point?.at === changes.length ? point.when : undefined;
  };
  const remember = (operation: string, args: unknown[], result: unknown): void => {
    descriptors.remember(operation, descriptors.pathOf(args), args, result);
    if (isOpen(operation)) open.add(result as number);
    else if (operation.startsWith("close")) open.delete(args[0] as number);
  };
  const halved = (args: unknown[]): unknown[] => {
    const [fd, buffer, offset, length] = args;
    return [fd, buffer, offset, Math.floor((length as number) / 2)];
  };

  const wrapAsync = (operation: string, original: AnyFunction): AnyFunction => {
    return async (...args) => {
      if (hasCrashed) return never;
      const when = begin(operation, args);
      if (when === "before") end();
      if (hasCrashed) return never;
      const call = Promise.resolve(original.apply(real, when === "mid" ? halved(args) : args));
      inFlight.add(call);
      try {
        const result = await call;
        remember(operation, args, result);
        if (when !== undefined) end();
        return hasCrashed ? never : result;
      } catch (error) {
        if (hasCrashed) return never;
        throw error;
      } finally {
        inFlight.delete(call);
      }
    };
  };
  const wrapSync = (operation: string, original: AnyFunction): AnyFunction => {
    const gone = (args: unknown[]): Error => errnoError("EIO", operation, descriptors.pathOf(args));
    return (...args) => {
      if (hasCrashed) throw gone(args);
      const when = begin(operation, args);
      if (when !== "before") {
        const result = original.apply(real, when === "mid" ? halved(args) : args);
        remember(operation, args, result);
        if (when === undefined) return result;
      }
      end();
      throw gone(args);
    };
  };

  const fs: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(real)) {
    if (typeof value !== "function") fs[name] = value;
    else fs[name] = (name.endsWith("Sync") ? wrapSync : wrapAsync)(name, value as AnyFunction);
  }
  return {
    fs: fs as FileSystem,
    changes,
    get hasCrashed() {
      return hasCrashed;
    },
    untilCrash: async (run) => {
      const running = run();
      try {
        await Promise.race([running, crash]);
      } catch (error) {
        if (!hasCrashed) throw error;
      }
      running.catch(() => undefined);
      while (inFlight.size > 0) await Promise.allSettled([...inFlight]);
      const close = (real as Record<string, unknown>).closeSync as ((fd: number) => void) | undefined;
      for (const fd of open) close?.(fd);
      open.clear();
    },
  };
}
