import type { OptionTable, OptionValues } from "../arguments/option-table.js";
import type { Context } from "./context.js";

/** A command line that the help shows. */
export interface Example {
  readonly line: string;
  readonly does: string;
}

/** What a command is given to work with. */
export interface Invocation<Table extends OptionTable> {
  readonly values: OptionValues<Table>;
  readonly positionals: readonly string[];
  readonly context: Context;
  /** The name it was called by: `ls` or `list`. */
  readonly calledAs: string;
}

/** One command: what it understands and what it does. One file each, loaded when it is called. */
export interface Command<Table extends OptionTable = OptionTable> {
  /** What follows the name in the usage line. */
  readonly usage: string;
  readonly description: string;
  readonly options: Table;
  readonly examples: readonly Example[];
  /** How many positional arguments it takes at most. */
  readonly maxPositionals: number;
  /** Resolves to the exit code; nothing is 0. */
  run(invocation: Invocation<Table>): Promise<number | undefined>;
}

/** Keeps the option types of a command for its `run`, and forgets them for everyone else. */
export function defineCommand<const Table extends OptionTable>(command: Command<Table>): Command {
  return command as unknown as Command;
}
