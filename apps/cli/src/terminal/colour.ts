import { styleText } from "node:util";

/** The roles that colour plays in this program. */
export type Style = "error" | "warning" | "good" | "dim" | "strong" | "key" | "text" | "number" | "match";

/** Puts a style around a text, or hands the text back when colour is off. */
export type Paint = (style: Style, text: string) => string;

export type ColourChoice = "auto" | "always" | "never";

const colours = {
  error: "red",
  warning: "yellow",
  good: "green",
  dim: "dim",
  strong: "bold",
  key: "cyan",
  text: "green",
  number: "yellow",
  match: ["bold", "red"],
} as const satisfies Record<Style, Parameters<typeof styleText>[0]>;

/**
 * Whether to colour: `--color always|never` decides; else `FORCE_COLOR` (`0` and `false` mean no), else a
 * non-empty `NO_COLOR`, else whether the stream is a terminal that is not `dumb`.
 */
export function wantsColour(
  choice: ColourChoice,
  env: Readonly<Record<string, string | undefined>>,
  isTerminal: boolean,
): boolean {
  if (choice !== "auto") return choice === "always";
  const forced = env.FORCE_COLOR;
  if (forced !== undefined) return forced !== "0" && forced !== "false";
  if (env.NO_COLOR !== undefined && env.NO_COLOR !== "") return false;
  return isTerminal && env.TERM !== "dumb";
}

/** A painter; the escape sequences are looked up once. */
export function createPaint(enabled: boolean): Paint {
  if (!enabled) return (_style, text) => text;
  const sequences = new Map<Style, readonly [string, string]>();
  for (const [style, format] of Object.entries(colours)) {
    const [open = "", close = ""] = styleText([...[format].flat()], "|", { validateStream: false }).split(
      "|",
    );
    sequences.set(style as Style, [open, close]);
  }
  return (style, text) => {
    if (text === "") return text;
    const [open, close] = sequences.get(style)!;
    return open + text + close;
  };
}
