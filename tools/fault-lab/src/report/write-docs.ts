import { readFile, writeFile } from "node:fs/promises";

const begin = "<!-- fault table: begin -->";
const end = "<!-- fault table: end -->";

/**
 * Puts a table between the two markers of a Markdown file.
 *
 * @throws Error when the file has no markers
 */
export async function writeTable(path: string, table: string): Promise<void> {
  const text = await readFile(path, "utf8");
  const from = text.indexOf(begin);
  const to = text.indexOf(end);
  if (from === -1 || to < from) throw new Error(`${path} lacks the lines ${begin} and ${end}`);
  await writeFile(path, `${text.slice(0, from + begin.length)}\n\n${table}\n\n${text.slice(to)}`);
}
