import vm from "node:vm";
import { QueryError } from "../errors.js";
import { limits } from "../limits.js";

/** Calls a function and returns its result, unless it takes too long. */
export type TimeLimit = <T>(run: () => T) => T;

/**
 * Ends what takes longer than `limits.patternTimeoutMs` with `PATTERN_TIMEOUT`, by the interrupt of the virtual
 * machine: nothing else reaches into a regular expression that is lost in backtracking. Each call costs a thread, some
 * tenths of a millisecond.
 */
export function patternTimeLimit(expression: RegExp): TimeLimit {
  const sandbox: { run?: () => unknown } = vm.createContext({});
  const script = new vm.Script("run()");
  return <T>(run: () => T): T => {
    sandbox.run = run;
    try {
      return script.runInContext(sandbox, { timeout: limits.patternTimeoutMs }) as T;
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code !== "ERR_SCRIPT_EXECUTION_TIMEOUT") throw cause;
      throw new QueryError(
        "PATTERN_TIMEOUT",
        `${expression} took longer than ${limits.patternTimeoutMs / 1000} s on a few lines: simplify it ` +
          "(repetition within repetition, as in (a+)+, is the usual cause) or ask for a literal search (-F)",
        { cause },
      );
    }
  };
}
