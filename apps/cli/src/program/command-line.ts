import type { OptionTable } from "../arguments/option-table.js";

/** The command line taken apart as far as that goes without knowing the command. */
export interface CommandLine {
  /** How the program was called, for messages. */
  readonly programName: string;
  /** The command's name; undefined when there is none. */
  readonly commandName: string | undefined;
  /** Everything else, in order. */
  readonly words: readonly string[];
  /** True when `prodigy` was called without `events`. */
  readonly isEventsMissing: boolean;
}

/**
 * Finds the command among the words of the command line. `prodigy` takes `events` before it; `prodigy-events`
 * and a call by path do not need it. Options may stand before the command: `known` says which of them take a value.
 */
export function readCommandLine(calledAs: string, words: readonly string[], known: OptionTable): CommandLine {
  const isProdigy = /^prodigy(\.(js|mjs|cmd|exe))?$/.test(calledAs);
  const first = commandIndex(words, known);
  const hasEvents = first !== -1 && words[first] === "events";
  const rest = hasEvents ? [...words.slice(0, first), ...words.slice(first + 1)] : [...words];
  const index = commandIndex(rest, known);
  return {
    programName: isProdigy || hasEvents ? "prodigy events" : "prodigy-events",
    commandName: index === -1 ? undefined : rest[index],
    words: index === -1 ? rest : [...rest.slice(0, index), ...rest.slice(index + 1)],
    isEventsMissing: isProdigy && !hasEvents && first !== -1,
  };
}

function commandIndex(words: readonly string[], known: OptionTable): number {
  for (let index = 0; index < words.length; index++) {
    const word = words[index]!;
    if (word === "--") return -1;
    if (!word.startsWith("-")) return index;
    const option = known[word.replace(/^--/, "")];
    if (option !== undefined && option.kind !== "flag") index++;
  }
  return -1;
}
