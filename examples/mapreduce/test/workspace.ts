import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { mkdtemp, realpath, rm } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { openStore } from "@prodigy-events/query";
import type { EventRecord } from "@prodigy-events/schema";
import { expect } from "vitest";
import { createRepository, gitWithoutUserConfig } from "../src/demo-repository.js";
import { environment } from "../src/git.js";

const program = fileURLToPath(new URL("../dist/main.js", import.meta.url));

// The tests' own calls of git, too, are not to depend on this machine's settings.
Object.assign(process.env, gitWithoutUserConfig);

/** The job id of every workspace; each has a store of its own. */
export const jobId = "mapreduce-test";

/** A repository, a store and the state of one job, in a temporary folder. */
export class Workspace {
  readonly folder: string;
  readonly repository: string;
  readonly home: string;
  readonly state: string;

  private constructor(folder: string) {
    this.folder = folder;
    this.repository = join(folder, "repository");
    this.home = join(folder, "home");
    this.state = join(folder, "state");
  }

  static async create(files: Record<string, string>): Promise<Workspace> {
    const workspace = new Workspace(await realpath(await mkdtemp(join(tmpdir(), "mapreduce-test-"))));
    await createRepository(workspace.repository, files);
    return workspace;
  }

  /** Starts the real orchestrator in a process of its own. */
  start(...args: string[]): Running {
    const outside = Object.entries(environment()).filter(([name]) => !name.startsWith("PRODIGY_"));
    const env = { ...Object.fromEntries(outside), PRODIGY_HOME: this.home };
    return new Running(spawn(process.execPath, [program, ...args], { cwd: this.repository, env }));
  }

  /** Starts a new job on the given items, with short waits. */
  startJob(items: string[], ...options: string[]): Running {
    const names = ["--job-id", jobId, "--folder", this.state, "--backoff-ms", "20"];
    return this.start("run", ...names, ...options, ...items);
  }

  /** All that was recorded, in time order. */
  async records(): Promise<EventRecord[]> {
    const store = await openStore({ root: this.home, cwd: this.repository });
    const records: EventRecord[] = [];
    for await (const record of store.query({ order: "oldest" })) records.push(record);
    return records;
  }

  async remove(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** A process under test: what it printed, and how it ended. */
class Running {
  readonly #child: ReturnType<typeof spawn>;
  readonly #closed: Promise<unknown>;
  output = "";

  constructor(child: ReturnType<typeof spawn>) {
    this.#child = child;
    this.#closed = once(child, "close");
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding("utf8").on("data", (text: string) => {
        this.output += text;
      });
    }
  }

  kill(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** Resolves when the process has printed the text; rejects if it ends without. */
  async printed(text: string): Promise<void> {
    while (!this.output.includes(text)) {
      const stdout = this.#child.stdout;
      if (stdout === null || stdout.closed)
        throw new Error(`"${text}" was not printed, but:\n${this.output}`);
      await Promise.race([once(stdout, "data"), this.#closed]);
    }
  }

  /** Waits for the end, which is to be with this exit code or by this signal; if not, the test shows what was printed. */
  async endsWith(end: number | NodeJS.Signals): Promise<void> {
    await this.#closed;
    expect(this.#child.exitCode ?? this.#child.signalCode, this.output).toBe(end);
  }
}

/** The events of one type, with what the tests look at. */
export function eventsOf(records: readonly EventRecord[], type: string): Record<string, unknown>[] {
  return records.filter(({ event }) => event.event_type === type).map(({ event }) => ({ ...event }));
}

/** A script for an item that never ends: each time, it tells on which port it can be reached until it is killed. */
export const hangingCheck = `import { appendFileSync } from "node:fs";
import { createServer } from "node:net";
const server = createServer().listen(0, "127.0.0.1", () => {
  appendFileSync(process.env.PRODIGY_HOME + "/ports", server.address().port + "\\n");
});
`;

/** The ports of the hanging checks that have been started so far. */
export function portsOf(workspace: Workspace): number[] {
  const path = join(workspace.home, "ports");
  return existsSync(path) ? readFileSync(path, "utf8").trimEnd().split("\n").map(Number) : [];
}

/** Whether the process that told this port still runs. */
export function isReachable(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.on("error", () => resolve(false));
    socket.on("connect", () => {
      socket.destroy();
      resolve(true);
    });
  });
}
