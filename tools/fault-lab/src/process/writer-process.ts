import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import type { WriterMessage, WriterOrder } from "../programs/writer-order.js";
import { programPath } from "./program-path.js";

type End = Extract<WriterMessage, { say: "end" }>;

/** How the process is run. */
export interface WriterProcessOptions {
  readonly env?: NodeJS.ProcessEnv;
  /** Put before the command, for example `prlimit`. */
  readonly wrapper?: readonly string[];
  readonly onMessage?: (message: WriterMessage) => void;
}

/** A writing process, and everything it has said so far. */
export interface WriterProcess {
  readonly child: ChildProcess;
  /** Known once it has opened its logger. */
  readonly producerId: () => string | undefined;
  readonly directory: () => string | undefined;
  /** Events, from the first on, that are acknowledged. */
  readonly acknowledged: () => number;
  readonly rejections: () => readonly string[];
  /** The codes of problems given to `onError`. */
  readonly problems: () => readonly string[];
  readonly end: () => End | undefined;
  readonly stderr: () => string;
  /** Resolves with its producer id, or `undefined` when it ends without one. */
  readonly opened: Promise<string | undefined>;
  /** Resolves when it has ended and everything it said is known. */
  readonly ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
}

/** Starts a process that logs as ordered. */
export function startWriter(order: WriterOrder, options: WriterProcessOptions = {}): WriterProcess {
  const command = [
    ...(options.wrapper ?? []),
    process.execPath,
    programPath("writer.js"),
    JSON.stringify(order),
  ];
  const child = spawn(command[0] as string, command.slice(1), {
    stdio: ["pipe", "pipe", "pipe"],
    env: options.env ?? process.env,
  });
  // A process that has ended takes no line any more.
  child.stdin.on("error", () => undefined);
  let producerId: string | undefined;
  let directory: string | undefined;
  let acknowledged = 0;
  let end: End | undefined;
  let stderr = "";
  const rejections: string[] = [];
  const problems: string[] = [];
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  let open: (id: string | undefined) => void = () => undefined;
  const opened = new Promise<string | undefined>((resolve) => {
    open = resolve;
  });
  const take = (message: WriterMessage): void => {
    if (message.say === "producer") {
      producerId = message.producerId;
      directory = message.directory;
      open(producerId);
    } else if (message.say === "acknowledged") acknowledged = message.events;
    else if (message.say === "rejected") rejections.push(message.code);
    else if (message.say === "problem") problems.push(message.code);
    else end = message;
    options.onMessage?.(message);
  };
  const lines = createInterface({ input: child.stdout });
  lines.on("line", (line) => {
    // A process that was killed may have ended in the middle of a line.
    if (line.endsWith("}")) take(JSON.parse(line) as WriterMessage);
  });
  const ended = new Promise<Awaited<WriterProcess["ended"]>>((resolve) => {
    child.once("close", (code, signal) => {
      open(undefined);
      resolve({ code, signal });
    });
  });
  return {
    child,
    producerId: () => producerId,
    directory: () => directory,
    acknowledged: () => acknowledged,
    rejections: () => rejections,
    problems: () => problems,
    end: () => end,
    stderr: () => stderr,
    opened,
    ended,
  };
}
