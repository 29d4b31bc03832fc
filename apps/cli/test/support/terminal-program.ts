import { EventEmitter } from "node:events";
import { PassThrough } from "node:stream";
import { run } from "../../src/program/run.js";
import { cleanEnvironment, type Surroundings } from "./program.js";

/** What was seen on a terminal. Both streams are terminals of the same width. */
export interface Seen {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface TerminalOptions extends Surroundings {
  readonly columns?: number;
  /** What is typed; without it, the end of the input. */
  readonly typed?: string;
}

/**
 * Runs the program in this process as if it stood on a terminal: a real pseudo terminal is nothing that Node can make.
 * Everything but the streams is real.
 */
export async function runOnTerminal(words: readonly string[], options: TerminalOptions): Promise<Seen> {
  const { columns = 100, typed = "", cwd } = options;
  const screen = () => Object.assign(new PassThrough({ highWaterMark: 1 << 24 }), { isTTY: true, columns });
  const stdout = screen();
  const stderr = screen();
  const stdin = Object.assign(new PassThrough(), { isTTY: true, setRawMode: () => stdin });
  stdin.end(typed);
  const fake = Object.assign(new EventEmitter(), {
    argv: ["node", "prodigy-events", ...words],
    env: cleanEnvironment(options),
    cwd: () => cwd,
    stdout,
    stderr,
    stdin,
    exit: () => undefined,
  });
  const code = await run(fake as unknown as NodeJS.Process, "0.0.0");
  return { code, stdout: textOf(stdout), stderr: textOf(stderr) };
}

function textOf(stream: PassThrough): string {
  return (stream.read() as Buffer | null)?.toString() ?? "";
}
