import { basename } from "node:path";
import type { OptionTable } from "../arguments/option-table.js";
import { parseArguments } from "../arguments/parse-arguments.js";
import { commandEntries, findCommand } from "../commands/registry.js";
import { exitCodes } from "../errors/exit-codes.js";
import { didYouMean } from "../errors/suggestion.js";
import { UsageError } from "../errors/usage-error.js";
import { filterOptions, selectionOptions } from "../options/filter-options.js";
import { globalOptions, outputFormatOption, timeOptions } from "../options/output-options.js";
import { sourceOptions } from "../options/source-options.js";
import { Messages } from "../output/messages.js";
import { ClosedPipe, StandardOutput } from "../output/standard-output.js";
import type { ColourChoice } from "../terminal/colour.js";
import { describeTerminal, type TerminalChoices } from "../terminal/terminal.js";
import { type CommandLine, readCommandLine } from "./command-line.js";
import type { Context } from "./context.js";
import { describeFailure } from "./describe-failure.js";
import { commandHelp, programHelp } from "./help.js";
import { Interruption } from "./interruption.js";

/** Options that may stand before the command. */
const sharedOptions: OptionTable = {
  ...sourceOptions,
  ...filterOptions,
  ...selectionOptions,
  ...outputFormatOption,
  ...timeOptions,
  ...globalOptions,
};

/**
 * Runs the program on a process: reads its arguments, runs the command, prints what went wrong. Resolves to the
 * exit code when everything written has left the process. `version` is that of the program.
 */
export async function run(process: NodeJS.Process, version: string): Promise<number> {
  const words = process.argv.slice(2);
  const choices = earlyChoices(words);
  const out = new StandardOutput(process.stdout);
  const messages = new Messages(process.stderr, describeTerminal(process.stderr, choices, process.env));
  const line = readCommandLine(basename(process.argv[1] ?? ""), words, sharedOptions);
  const interruption = new Interruption(process);
  const context: Context = {
    programName: line.programName,
    version,
    env: process.env,
    cwd: process.cwd(),
    get stdin() {
      return process.stdin;
    },
    out,
    messages,
    terminal: describeTerminal(process.stdout, choices, process.env),
    interruption,
    now: Date.now,
  };
  try {
    const exitCode = await dispatch(line, context);
    await out.flush();
    return interruption.exitCode ?? exitCode ?? exitCodes.done;
  } catch (error) {
    if (error instanceof ClosedPipe) return exitCodes.done;
    if (interruption.exitCode !== undefined) return interruption.exitCode;
    const failure = describeFailure(error);
    messages.error(failure.message);
    if (words.includes("--debug")) for (const text of stackLines(error)) messages.note(text);
    await out.flush().catch(() => {});
    return failure.exitCode;
  }
}

/** Where an error and its causes arose, line by line. */
function stackLines(error: unknown): string[] {
  if (!(error instanceof Error)) return [];
  const own = (error.stack ?? error.message).split("\n");
  return error.cause === undefined ? own : [...own, "caused by:", ...stackLines(error.cause)];
}

async function dispatch(line: CommandLine, context: Context): Promise<number | undefined> {
  const page = {
    programName: context.programName,
    paint: context.terminal.paint,
    columns: context.terminal.columns,
  };
  if (line.isEventsMissing) {
    throw new UsageError(`prodigy takes "events" first: prodigy events ${line.commandName ?? "ls"}`);
  }
  if (line.commandName === undefined || line.commandName === "help") {
    const { values, positionals } = parseArguments(line.words, globalOptions);
    if (values.version) return print(context, `${context.version}\n`);
    const [wanted] = positionals;
    if (wanted !== undefined) return printCommandHelp(wanted, context);
    const help = programHelp(commandEntries, page);
    if (values.help || line.commandName === "help") return print(context, help);
    context.messages.line(help);
    return exitCodes.usage;
  }
  if (line.words.includes("--help") || line.words.includes("-h"))
    return printCommandHelp(line.commandName, context);
  const entry = requireCommand(line.commandName, context);
  const command = await entry.load();
  const { values, positionals } = parseArguments(line.words, { ...command.options, ...globalOptions });
  if (values.version) return print(context, `${context.version}\n`);
  if (positionals.length > command.maxPositionals) {
    throw new UsageError(
      `${entry.name} does not know what to do with ${JSON.stringify(positionals[command.maxPositionals])}; ` +
        `usage: ${context.programName} ${entry.name} ${command.usage}`,
    );
  }
  return command.run({ values, positionals, context, calledAs: line.commandName });
}

function requireCommand(name: string, { programName }: Context) {
  const entry = findCommand(name);
  if (entry !== undefined) return entry;
  const names = commandEntries.flatMap((candidate) => [candidate.name, ...candidate.aliases]);
  throw new UsageError(
    `unknown command ${JSON.stringify(name)}${didYouMean(name, names)} (${programName} --help lists them all)`,
  );
}

async function printCommandHelp(name: string, context: Context): Promise<number | undefined> {
  const entry = requireCommand(name, context);
  const command = await entry.load();
  const { paint, columns } = context.terminal;
  const page = { programName: context.programName, paint, columns };
  return print(context, commandHelp(entry.name, command, globalOptions, page));
}

async function print(context: Context, text: string): Promise<undefined> {
  await context.out.write(text);
}

/** What decides about colour and signs is needed before the arguments are read, for the messages about them. */
function earlyChoices(words: readonly string[]): TerminalChoices {
  let colour: ColourChoice = "auto";
  for (const [index, word] of words.entries()) {
    if (word === "--") break;
    const [, value] = /^--colou?r=(.*)$/.exec(word) ?? [];
    const choice = value ?? (/^--colou?r$/.test(word) ? words[index + 1] : undefined);
    if (choice === "always" || choice === "never" || choice === "auto") colour = choice;
    if (word === "--no-color") colour = "never";
  }
  return { colour, ascii: words.includes("--ascii") };
}
