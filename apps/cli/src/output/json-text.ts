import type { Style } from "../terminal/colour.js";
import type { Terminal } from "../terminal/terminal.js";

const token = /("(?:[^"\\]|\\.)*")(\s*:)?|true|false|null|-?\d[\d.eE+-]*/g;

/** JSON text in colour, where the terminal has any. Nothing but colour is added. */
export function paintJson(json: string, { hasColour, paint }: Pick<Terminal, "hasColour" | "paint">): string {
  if (!hasColour) return json;
  return json.replace(token, (found: string, text: string | undefined, colon: string | undefined) => {
    if (colon !== undefined) return paint("key", text ?? "") + colon;
    const style: Style = text !== undefined ? "text" : /^[-\d]/.test(found) ? "number" : "strong";
    return paint(style, found);
  });
}

/** JSON text laid out with two spaces per level. The digits of numbers and the order of keys stay as they are. */
export function layOutJson(json: string): string {
  const parts: string[] = [];
  let depth = 0;
  let previous = "";
  for (const [part] of json.matchAll(/"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g)) {
    const isOpened = previous === "{" || previous === "[";
    const isClosing = part === "}" || part === "]";
    if (isClosing) depth--;
    if (isOpened !== isClosing || previous === ",") parts.push(`\n${"  ".repeat(depth)}`);
    else if (previous === ":") parts.push(" ");
    if (part === "{" || part === "[") depth++;
    parts.push(part);
    previous = part;
  }
  return parts.join("");
}
