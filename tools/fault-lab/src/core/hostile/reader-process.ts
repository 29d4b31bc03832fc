import { spawn } from "node:child_process";

/** A question that a process of its own is to ask of one file. */
export interface HostileQuestion {
  readonly file: string;
  /** A file with the pattern to search for; without it all records are counted by `groupBy`. */
  readonly patternFile?: string;
  readonly groupBy?: readonly string[];
}

/** What became of it. */
export interface HostileAnswer {
  /** Of the question alone, without the start of the process; and how much of it the processor was at work for it. */
  readonly ms: number;
  readonly cpuMs: number;
  /** Records found, or the code of the error. */
  readonly outcome: string;
  /** The most memory that the process ever had. */
  readonly maxRssBytes: number;
}

/** The program of that process: it uses the package as anybody would. */
const program = `
const { openStore } = await import(process.argv[1]);
const { readFileSync } = await import("node:fs");
const { file, patternFile, groupBy } = JSON.parse(process.argv[2]);
const start = performance.now();
const cpuStart = process.cpuUsage();
let outcome;
try {
  const store = await openStore({ files: [file] });
  if (patternFile === undefined) {
    const { total, report } = await store.stats({ groupBy });
    outcome = total + " records, " + report.malformed + " malformed, " + report.unreadable + " unreadable";
  } else {
    let found = 0;
    for await (const batch of store.search(readFileSync(patternFile, "utf8")).batches()) found += batch.length;
    outcome = found + " found";
  }
} catch (error) {
  outcome = error.code ?? String(error);
}
const ms = performance.now() - start;
const { user, system } = process.cpuUsage(cpuStart);
const cpuMs = (user + system) / 1000;
console.log(JSON.stringify({ ms, cpuMs, outcome, maxRssBytes: process.resourceUsage().maxRSS * 1024 }));
`;

/** What V8 may take for objects, in MiB: where it may take more, it does not collect what is not needed any more. */
const heapMiB = 128;

/** Asks in a process of its own, which is ended after `timeoutMs`. */
export async function askInProcess(question: HostileQuestion, timeoutMs: number): Promise<HostileAnswer> {
  const packageUrl = import.meta.resolve("@prodigy-events/query");
  const child = spawn(
    process.execPath,
    [
      `--max-old-space-size=${heapMiB}`,
      "--input-type=module",
      "-e",
      program,
      packageUrl,
      JSON.stringify(question),
    ],
    { stdio: ["ignore", "pipe", "pipe"], timeout: timeoutMs, killSignal: "SIGKILL" },
  );
  let out = "";
  let err = "";
  child.stdout.on("data", (chunk) => {
    out += chunk;
  });
  child.stderr.on("data", (chunk) => {
    err += chunk;
  });
  const [code, signal] = await new Promise<[number | null, string | null]>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (...end) => resolve(end));
  });
  if (code === 0) return JSON.parse(out) as HostileAnswer;
  throw new Error(`the reader ended with ${code ?? signal}: ${err.slice(-200)}`);
}
