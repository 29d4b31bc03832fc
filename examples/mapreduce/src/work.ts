import { execFile } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** A check that did not pass; the message names the command and its error. */
export class CheckFailed extends Error {
  override readonly name = "CheckFailed";
  readonly exitCode: number;

  constructor(message: string, exitCode: number) {
    super(message);
    this.exitCode = exitCode;
  }
}

/** What an agent finds out about its item. */
export interface Report {
  readonly item: string;
  readonly bytes: number;
  readonly lines: number;
  readonly words: number;
  readonly checkedBy: string;
}

/** The folder of the reports in the repository; the reduce phase reads them from there. */
export const reportsFolder = "reports";

/** All JSON data files stand on one line of this file, so that two agents at once are in each other's way. */
const dataIndexFile = "DATA.md";

/** Counts an item; a last line without line break is a line. */
export function countItem(item: string): Omit<Report, "checkedBy"> {
  const bytes = readFileSync(item);
  const text = bytes.toString("utf8");
  const occurrences = (pattern: RegExp) => text.match(pattern)?.length ?? 0;
  return { item, bytes: bytes.length, lines: occurrences(/\n|[^\n]$/g), words: occurrences(/\S+/g) };
}

/** Takes down one entry of the agent's own log. */
export type Note = (entry: object) => void;

/** Checks an item in the way its kind of file asks for, and returns what did the checking. Throws {@link CheckFailed}. */
export async function checkItem(item: string, note: Note): Promise<string> {
  if (item.endsWith(".json")) return checkJson(item);
  if (item.endsWith(".check.mjs")) return runNode([item], note);
  if (/\.[cm]?js$/.test(item)) return runNode(["--check", item], note);
  return checkImports(item);
}

/** Where the report on an item is in the repository. */
export function reportPath(item: string): string {
  return `${reportsFolder}/${item.replaceAll("/", "__")}.json`;
}

/** Writes the report, and enters a data file in the index. Doing it twice gives the same files. */
export function writeReport(report: Report): void {
  mkdirSync(reportsFolder, { recursive: true });
  writeFileSync(reportPath(report.item), `${JSON.stringify(report, null, 2)}\n`);
  if (!report.item.endsWith(".json")) return;
  const prefix = "Data files: ";
  const line = existsSync(dataIndexFile) ? readFileSync(dataIndexFile, "utf8").trimEnd() : prefix;
  const files = new Set(line.slice(prefix.length).split(", ").filter(Boolean));
  writeFileSync(dataIndexFile, `${prefix}${[...files.add(report.item)].sort().join(", ")}\n`);
}

function checkJson(item: string): string {
  try {
    JSON.parse(readFileSync(item, "utf8"));
    return "JSON.parse";
  } catch (error) {
    throw new CheckFailed(`${item}: ${(error as Error).message}`, 1);
  }
}

/** `import … from "./x.js"` and `export … from "./x.js"`, on a line of their own. */
const relativeImport = /^(?:import|export)\b.*? from "(\.[^"]+)";$/gm;

/** A relative import must name a file that exists; TypeScript sources import `./x.js` and mean `./x.ts`. */
function checkImports(item: string): string {
  for (const [, target = ""] of readFileSync(item, "utf8").matchAll(relativeImport)) {
    const path = join(dirname(item), target);
    const found = existsSync(path) || existsSync(path.replace(/js$/, "ts"));
    if (!found) throw new CheckFailed(`${item}: nothing to import at "${target}"`, 1);
  }
  return "imports";
}

function runNode(args: string[], note: Note): Promise<string> {
  const command = `node ${args.join(" ")}`;
  return new Promise((resolve, reject) => {
    const child = execFile(process.execPath, args, (error, stdout, stderr) => {
      const exitCode = child.exitCode ?? 1;
      note({ command, exit_code: exitCode, stdout, stderr });
      if (error === null) return resolve(command);
      const reason = /^\w*Error\b.*$/m.exec(stderr)?.[0] ?? error.message;
      reject(new CheckFailed(`${command}: ${reason}`, exitCode));
    });
  });
}
