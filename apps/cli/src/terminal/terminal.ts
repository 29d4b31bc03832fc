import { type ColourChoice, createPaint, type Paint, wantsColour } from "./colour.js";
import { createSymbols, type Symbols } from "./symbols.js";
import { asciiOnly, visible } from "./visible.js";

/** What a stream can show. Decided once, when the program starts. */
export interface Terminal {
  readonly isTerminal: boolean;
  /** Width in columns; `Infinity` where there is no terminal. */
  readonly columns: number;
  readonly hasColour: boolean;
  readonly isAscii: boolean;
  readonly paint: Paint;
  readonly symbols: Symbols;
  /** Makes text from outside safe to print: see `visible()`; with `--ascii`, in ASCII. */
  safe(text: string): string;
}

export interface TerminalChoices {
  readonly colour: ColourChoice;
  readonly ascii: boolean;
}

/** The part of a Node stream that says what it is connected to. */
export interface TerminalStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
}

const defaultColumns = 80;

/** Looks at a stream, the environment and the user's choices. */
export function describeTerminal(
  stream: TerminalStream,
  choices: TerminalChoices,
  env: Readonly<Record<string, string | undefined>>,
): Terminal {
  const isTerminal = stream.isTTY === true;
  const hasColour = wantsColour(choices.colour, env, isTerminal);
  return {
    isTerminal,
    columns: isTerminal ? (stream.columns ?? defaultColumns) : Number.POSITIVE_INFINITY,
    hasColour,
    isAscii: choices.ascii,
    paint: createPaint(hasColour),
    symbols: createSymbols(choices.ascii),
    safe: choices.ascii ? (text) => asciiOnly(visible(text)) : visible,
  };
}
