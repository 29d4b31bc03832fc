import type { Messages } from "../output/messages.js";
import type { StandardOutput } from "../output/standard-output.js";
import type { Terminal } from "../terminal/terminal.js";
import type { Interruption } from "./interruption.js";

/** The world as a command sees it. */
export interface Context {
  /** How the program was called: `prodigy events` or `prodigy-events`. */
  readonly programName: string;
  readonly version: string;
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
  readonly stdin: NodeJS.ReadStream;
  readonly out: StandardOutput;
  readonly messages: Messages;
  /** What standard output can show. */
  readonly terminal: Terminal;
  readonly interruption: Interruption;
  /** Milliseconds since the Unix epoch. */
  now(): number;
}
