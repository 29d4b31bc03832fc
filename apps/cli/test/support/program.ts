import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

/** The built program, as it is published. */
export const programPath = fileURLToPath(new URL("../../dist/main.js", import.meta.url));

export interface Surroundings {
  readonly cwd: string;
  readonly store?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** How a run of the program ended, and what it said. */
export interface Outcome {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  /** The lines of standard output, without the last line end. */
  readonly lines: readonly string[];
}

/** An environment that owes nothing to that of the test run. */
export function cleanEnvironment({ cwd, store, env = {} }: Surroundings): NodeJS.ProcessEnv {
  return {
    PATH: process.env.PATH,
    HOME: cwd,
    TZ: "UTC",
    ...(store === undefined ? {} : { PRODIGY_HOME: store }),
    ...env,
  };
}

/** Starts the program as a process of its own. */
export function startProgram(
  words: readonly string[],
  surroundings: Surroundings,
): ChildProcessWithoutNullStreams {
  return spawn(process.execPath, [programPath, ...words], {
    cwd: surroundings.cwd,
    env: cleanEnvironment(surroundings),
  });
}

/** Runs the program to its end. `input` is what it finds on standard input. */
export async function runProgram(
  words: readonly string[],
  surroundings: Surroundings,
  input: string | Uint8Array = "",
): Promise<Outcome> {
  const child = startProgram(words, surroundings);
  child.stdin.on("error", () => {}); // It may end without reading its input.
  child.stdin.end(input);
  return outcomeOf(child);
}

/** Runs a line of `sh`, in which `prodigy` and `prodigy-events` are this program. */
export async function runShell(
  line: string,
  surroundings: Surroundings & { readonly bin: string },
): Promise<Outcome> {
  const env = cleanEnvironment(surroundings);
  const child = spawn("sh", ["-c", line], {
    cwd: surroundings.cwd,
    env: { ...env, PATH: `${surroundings.bin}:${env.PATH}` },
  });
  child.stdin.end();
  return outcomeOf(child);
}

/** Collects everything until the process has ended. */
export async function outcomeOf(child: ChildProcessWithoutNullStreams): Promise<Outcome> {
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  child.stdout.on("data", (bytes: Buffer) => stdout.push(bytes));
  child.stderr.on("data", (bytes: Buffer) => stderr.push(bytes));
  const [code, signal] = (await once(child, "close")) as [number | null, NodeJS.Signals | null];
  const text = Buffer.concat(stdout).toString();
  return {
    code,
    signal,
    stdout: text,
    stderr: Buffer.concat(stderr).toString(),
    lines: text === "" ? [] : text.replace(/\n$/, "").split("\n"),
  };
}
