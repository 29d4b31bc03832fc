import { spawn } from "node:child_process";
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { createEventLogger } from "@prodigy-events/logger";
import { cliPath } from "../process/program-path.js";
import { stepOf } from "../programs/writer-order.js";
import type { Row } from "../row.js";

/** Enough for some 6 MB of output, which no pipe holds. */
const events = 20_000;

/** A command of the shell, and what must come of it. `$E` stands for the program's export of everything. */
interface PipeCase {
  readonly title: string;
  readonly command: string;
  /** Of the program itself, not of what it is piped into. */
  readonly exitCode: number;
  /** What is printed by the last of the pipe; `bytes` is the size of the whole output. */
  readonly output: (bytes: number) => string;
  readonly stderr: RegExp;
}

const nothing = /^$/;

const cases: readonly PipeCase[] = [
  {
    title: "into head, which leaves early",
    command: "$E | head -n 1 | wc -l",
    ...{ exitCode: 0, output: () => "1", stderr: nothing },
  },
  {
    title: "into a reader that sleeps first",
    command: "$E | (sleep 1; wc -c)",
    ...{ exitCode: 0, output: String, stderr: nothing },
  },
  {
    title: "into a reader that takes little at a time",
    command: "$E | dd bs=4096 status=none | (sleep 0.3; cat) | wc -c",
    ...{ exitCode: 0, output: String, stderr: nothing },
  },
  {
    title: "into a full device",
    command: "$E > /dev/full",
    ...{ exitCode: 1, output: () => "", stderr: /ENOSPC/ },
  },
];

/** Matrix row 14. */
export const pipeRow: Row = {
  id: "14",
  title: "standard output of the real program: pipes that close, and slow ones",
  modes: ["quick", "full"],
  run: async ({ directory }) => {
    const store = join(directory, "store");
    await fillStore(store);
    const whole = join(directory, "whole.ndjson");
    await runShell(`$E > ${whole}`, store);
    const { size } = await stat(whole);
    const failures: string[] = [];
    for (const { title, command, exitCode, output, stderr } of cases) {
      const found = await runShell(command, store);
      const require = (holds: boolean, what: string): void => {
        if (!holds) failures.push(`${title}: ${what}; reproduce with: ${command}`);
      };
      require(found.exitCode === exitCode, `exit code ${found.exitCode}, not ${exitCode}`);
      require(found.stdout === output(size), `printed ${found.stdout}, not ${output(size)}`);
      require(stderr.test(found.stderr), `stderr: ${found.stderr.slice(0, 300)}`);
    }
    return {
      row: "14 standard output: early end, slow readers, full device",
      ...{ n: cases.length, lost: 0, dup: 0, failures, figures: { bytes: size } },
    };
  },
};

async function fillStore(store: string): Promise<void> {
  const logger = await createEventLogger({ store, repo: "pipes", jobId: "job", durability: "flush" });
  for (let sequence = 0; sequence < events; sequence += 1) {
    if (!logger.canAccept) await logger.ready();
    logger.log({ event_type: "agent_progress", agent_id: "a", step: stepOf(sequence), progress_pct: 0 });
  }
  await logger.shutdown();
}

interface ShellResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a pipeline in bash, which alone tells how its first part ended. */
async function runShell(command: string, store: string): Promise<ShellResult> {
  const program = `'${process.execPath}' '${cliPath()}' export --format ndjson --store '${store}' --repo pipes`;
  const script = `${command.replace("$E", program)}; echo "exit \${PIPESTATUS[0]}"`;
  const child = spawn("bash", ["-c", script], { stdio: ["ignore", "pipe", "pipe"] });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  await new Promise((resolve) => child.once("close", resolve));
  const [, printed = "", code = "-1"] = /^([\s\S]*)exit (\d+)\n$/.exec(stdout) ?? [];
  return { exitCode: Number(code), stdout: printed.trim(), stderr };
}
