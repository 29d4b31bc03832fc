import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync } from "node:fs";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";

const program = (name: string) => fileURLToPath(new URL(`../programs/${name}.mjs`, import.meta.url));

/** Whether this machine lets us run a command in front of a process at all. */
export const allows = (command: readonly string[]) =>
  spawnSync(command[0]!, [...command.slice(1), "true"]).status === 0;

/** A started program whose lines of output can be awaited. */
export class Running {
  readonly child: ChildProcess;
  readonly #lines: AsyncIterator<string>;

  constructor(name: string, args: readonly string[], prefix: readonly string[] = []) {
    // From an open file, as another user need not be able to read the program's directory.
    const text = openSync(program(name), "r");
    const [command, ...words] = [...prefix, process.execPath, "--input-type=module", "-", ...args];
    this.child = spawn(command!, words, { stdio: [text, "pipe", "inherit"] });
    closeSync(text);
    this.#lines = createInterface({ input: this.child.stdout! })[Symbol.asyncIterator]();
    onTestFinished(() => this.kill());
  }

  async line(): Promise<string> {
    const { value, done } = await this.#lines.next();
    if (done) throw new Error("the program ended without another line");
    return value;
  }

  async kill(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    this.child.kill("SIGKILL");
    await once(this.child, "exit");
  }
}
