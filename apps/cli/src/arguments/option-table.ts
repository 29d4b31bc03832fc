/**
 * How an option is written:
 * `flag` alone; `text` with one value (the last one counts); `list` repeated or comma-separated; `repeat`
 * repeated, each value taken whole; `paths` with one or more values.
 */
export type OptionKind = "flag" | "text" | "list" | "repeat" | "paths";

/** One option of a command: everything that the parser and the help know about it. */
export interface OptionDeclaration {
  readonly kind: OptionKind;
  readonly summary: string;
  /** Heading in the help. */
  readonly group: string;
  /** Stands for the value in the help. */
  readonly value?: string;
  /** One letter, without its dash. */
  readonly short?: string;
  /** Another full name, not shown in the help. */
  readonly alias?: string;
  readonly choices?: readonly string[];
  readonly isHidden?: boolean;
}

/** Options by full name, without dashes. */
export type OptionTable = Readonly<Record<string, OptionDeclaration>>;

/** What the parser gives for a table: every option is present. */
export type OptionValues<Table extends OptionTable> = {
  readonly [Name in keyof Table]: Table[Name]["kind"] extends "flag"
    ? boolean
    : Table[Name]["kind"] extends "text"
      ? string | undefined
      : readonly string[];
};

/** Keeps the exact kinds of a table in its type. */
export function optionTable<const Table extends OptionTable>(table: Table): Table {
  return table;
}
