import { readFileSync, writeFileSync } from "node:fs";

const begin = "<!-- bench: begin -->";
const end = "<!-- bench: end -->";

/**
 * A function that puts what was printed between the two markers of a Markdown file.
 *
 * @throws Error at once when the file has no markers, not after a quarter of an hour
 */
export function openDocs(path: string): (printed: string) => void {
  const text = readFileSync(path, "utf8");
  const from = text.indexOf(begin);
  const to = text.indexOf(end);
  if (from === -1 || to < from) throw new Error(`${path} lacks the lines ${begin} and ${end}`);
  return (printed) =>
    writeFileSync(path, `${text.slice(0, from + begin.length)}\n\n${printed.trim()}\n\n${text.slice(to)}`);
}
