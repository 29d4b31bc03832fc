import { Parser } from "yargs/helpers";
import { didYouMean } from "../errors/suggestion.js";
import { UsageError } from "../errors/usage-error.js";
import type { OptionDeclaration, OptionTable, OptionValues } from "./option-table.js";

export interface ParsedArguments<Table extends OptionTable> {
  readonly values: OptionValues<Table>;
  readonly positionals: readonly string[];
}

const configuration = {
  "boolean-negation": false,
  "camel-case-expansion": false,
  "dot-notation": false,
  "duplicate-arguments-array": true,
  "flatten-duplicate-arrays": true,
  "greedy-arrays": true,
  "parse-numbers": false,
  "parse-positional-numbers": false,
  "populate--": true,
  "set-placeholder-key": false,
  "short-option-groups": true,
  "strip-aliased": true,
};

/**
 * Reads a command's arguments by its table of options. Throws `UsageError` for an unknown option (with a
 * suggestion), a missing value, a value on a flag, and a value that is not among the choices.
 */
export function parseArguments<Table extends OptionTable>(
  words: readonly string[],
  table: Table,
): ParsedArguments<Table> {
  refuseValuesOnFlags(words, table);
  const { argv, error } = Parser.detailed(joinLoneDashes(words, table), {
    alias: aliasesOf(table),
    array: namesOf(table, "paths"),
    boolean: namesOf(table, "flag"),
    configuration,
    string: [
      ...namesOf(table, "text"),
      ...namesOf(table, "list"),
      ...namesOf(table, "repeat"),
      ...namesOf(table, "paths"),
    ],
  });
  if (error) throw new UsageError(error.message, { cause: error });
  const given = new Map(Object.entries(argv));
  const positionals = [...asTexts(given.get("_")), ...asTexts(given.get("--"))];
  given.delete("_");
  given.delete("--");
  for (const name of given.keys()) {
    if (!Object.hasOwn(table, name)) throw unknownOption(name, words, table);
  }
  const values: Record<string, boolean | string | undefined | readonly string[]> = {};
  for (const [name, declaration] of Object.entries(table))
    values[name] = readValue(name, declaration, given.get(name));
  return { values: values as OptionValues<Table>, positionals };
}

function readValue(
  name: string,
  declaration: OptionDeclaration,
  given: unknown,
): boolean | string | undefined | readonly string[] {
  if (declaration.kind === "flag") return given === true;
  const texts = given === undefined ? [] : asTexts(given);
  if (given !== undefined && (texts.length === 0 || texts.includes(""))) {
    throw new UsageError(`--${name} needs a value: --${name} ${declaration.value ?? "VALUE"}`);
  }
  if (declaration.kind === "text") return checkChoice(name, declaration, texts.at(-1));
  if (declaration.kind !== "list") return texts;
  const parts = texts.flatMap((text) => text.split(",")).map((part) => part.trim());
  if (parts.includes(""))
    throw new UsageError(`--${name} has an empty value in ${JSON.stringify(texts.join(","))}`);
  for (const part of parts) checkChoice(name, declaration, part);
  return parts;
}

function checkChoice(
  name: string,
  { choices }: OptionDeclaration,
  value: string | undefined,
): string | undefined {
  if (value === undefined || choices === undefined || choices.includes(value)) return value;
  throw new UsageError(
    `--${name} is one of ${choices.join(", ")}, not ${JSON.stringify(value)}${didYouMean(value, choices)}`,
  );
}

function unknownOption(name: string, words: readonly string[], table: OptionTable): UsageError {
  const names = Object.entries(table).flatMap(([full, { alias, isHidden }]) =>
    isHidden ? [] : alias === undefined ? [full] : [full, alias],
  );
  if (name.length > 1) return new UsageError(`unknown option --${name}${didYouMean(name, names, "--")}`);
  const word = words.find((candidate) => /^-[a-zA-Z]{2}/.test(candidate) && candidate.includes(name));
  const meant = word?.slice(1).split("=")[0] ?? "";
  return names.includes(meant)
    ? new UsageError(`unknown option -${meant}; did you mean --${meant}?`)
    : new UsageError(`unknown option -${name}`);
}

/** `--strict=maybe` would silently be false. */
function refuseValuesOnFlags(words: readonly string[], table: OptionTable): void {
  for (const word of beforeSeparator(words)) {
    const [, name = "", value = ""] = /^--([^=]+)=(.*)$/s.exec(word) ?? [];
    if (table[name]?.kind === "flag" && value !== "true" && value !== "false") {
      throw new UsageError(`--${name} is a switch and takes no value, got ${JSON.stringify(value)}`);
    }
  }
}

/** The parser takes a lone `-` for a positional; after an option with a value it is that value. */
function joinLoneDashes(words: readonly string[], table: OptionTable): string[] {
  const separator = words.indexOf("--");
  const joined: string[] = [];
  for (const [index, word] of words.entries()) {
    const before = joined.at(-1)?.replace(/^--/, "") ?? "";
    const isValue = word === "-" && joined.at(-1)?.startsWith("--") && isValued(table[before]);
    if (isValue && (separator === -1 || index < separator)) joined[joined.length - 1] = `--${before}=-`;
    else joined.push(word);
  }
  return joined;
}

function isValued(declaration: OptionDeclaration | undefined): boolean {
  return declaration !== undefined && declaration.kind !== "flag";
}

function beforeSeparator(words: readonly string[]): readonly string[] {
  const separator = words.indexOf("--");
  return separator === -1 ? words : words.slice(0, separator);
}

function namesOf(table: OptionTable, kind: OptionDeclaration["kind"]): string[] {
  return Object.keys(table).filter((name) => table[name]?.kind === kind);
}

function aliasesOf(table: OptionTable): Record<string, string[]> {
  const aliases: Record<string, string[]> = {};
  for (const [name, { short, alias }] of Object.entries(table)) {
    const others = [short, alias].filter((other) => other !== undefined);
    if (others.length > 0) aliases[name] = others;
  }
  return aliases;
}

function asTexts(value: unknown): string[] {
  return (Array.isArray(value) ? value : value === undefined ? [] : [value]).map(String);
}
