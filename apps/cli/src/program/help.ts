import type { OptionDeclaration, OptionTable } from "../arguments/option-table.js";
import type { CommandEntry } from "../commands/registry.js";
import type { Paint } from "../terminal/colour.js";
import type { Command } from "./command.js";

const widestHelp = 110;

interface HelpPage {
  readonly programName: string;
  readonly paint: Paint;
  /** Width of the terminal; `Infinity` for a pipe. */
  readonly columns: number;
}

/** The help of the whole program. */
export function programHelp(entries: readonly CommandEntry[], page: HelpPage): string {
  const rows = entries.map(({ name, aliases, summary }): [string, string] => [
    [name, ...aliases].join(", "),
    summary,
  ]);
  return [
    `${heading("Usage", page)} ${page.programName} COMMAND [options]`,
    "",
    "What happened in a job, and why: the events of parallel agent jobs.",
    "",
    heading("Commands", page),
    ...twoColumns(rows, page),
    "",
    heading("Examples", page),
    ...examples(
      [
        { line: "ls --job-id JOB --severity error", does: "what went wrong" },
        { line: "stats --group-by agent_id", does: "who did how much" },
        { line: "follow --event-type 'agent_*'", does: "watch the agents live" },
      ],
      page,
    ),
    "",
    `${page.programName} COMMAND --help shows the options of a command.`,
    "",
  ].join("\n");
}

/** The help of one command. */
export function commandHelp(name: string, command: Command, globals: OptionTable, page: HelpPage): string {
  const groups = new Map<string, [string, string][]>();
  for (const [option, declaration] of Object.entries({ ...command.options, ...globals })) {
    if (declaration.isHidden) continue;
    const rows = groups.get(declaration.group) ?? [];
    rows.push([optionLabel(option, declaration), declaration.summary]);
    groups.set(declaration.group, rows);
  }
  return [
    `${heading("Usage", page)} ${page.programName} ${name} ${command.usage}`,
    "",
    ...wrap(command.description, Math.min(page.columns, widestHelp)),
    ...[...groups].flatMap(([group, rows]) => ["", heading(group, page), ...twoColumns(rows, page)]),
    "",
    heading("Examples", page),
    ...examples(command.examples, page),
    "",
  ].join("\n");
}

function heading(text: string, { paint }: HelpPage): string {
  return paint("strong", `${text}:`);
}

function optionLabel(name: string, { short, value, kind }: OptionDeclaration): string {
  const names = name.length === 1 ? `-${name}` : `${short === undefined ? "    " : `-${short}, `}--${name}`;
  return kind === "flag" ? names : `${names} ${value ?? "VALUE"}`;
}

function examples(list: Command["examples"], { programName, paint }: HelpPage): string[] {
  return list.map(({ line, does }) => `  ${programName} ${line}\n      ${paint("dim", does)}`);
}

function twoColumns(rows: readonly (readonly [string, string])[], { columns }: HelpPage): string[] {
  const left = Math.min(Math.max(...rows.map(([label]) => label.length)), 30);
  const right = Math.max(Math.min(columns, widestHelp) - left - 4, 30);
  return rows.flatMap(([label, text]) => {
    const [first = "", ...rest] = wrap(text, right);
    const lines =
      label.length > left
        ? [`  ${label}`, `  ${" ".repeat(left)}  ${first}`]
        : [`  ${label.padEnd(left)}  ${first}`];
    return [...lines, ...rest.map((line) => `  ${" ".repeat(left)}  ${line}`)];
  });
}

function wrap(text: string, columns: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && line.length + 1 + word.length > columns) {
      lines.push(line);
      line = word;
    } else {
      line += line === "" ? word : ` ${word}`;
    }
  }
  return [...lines, line];
}
