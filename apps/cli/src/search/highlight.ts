import type { Paint } from "../terminal/colour.js";

/** Paints every place that `expression` finds in a text. Without colour the text stays as it is. */
export function createHighlighter(
  expression: RegExp,
  { hasColour, paint }: { readonly hasColour: boolean; readonly paint: Paint },
): (text: string) => string {
  if (!hasColour) return (text) => text;
  return (text) => text.replace(expression, (found) => paint("match", found));
}
