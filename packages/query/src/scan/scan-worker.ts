/** The program of a worker thread: scans units, whichever nobody else has taken, until there are none left. */
import { parentPort, type Transferable, workerData } from "node:worker_threads";
import { builtinEvents } from "@prodigy-events/schema";
import { rowQuestions } from "./open-scan.js";
import { PartScanner } from "./part-scanner.js";
import type { UnitAnswer } from "./scan-part.js";
import type { ScanWorkerData, ScanWorkerMessage } from "./scan-worker-handle.js";
import { claimUnit, noteFound } from "./unit-claims.js";

const { units, job, claims } = workerData as ScanWorkerData;
const questions = rowQuestions(job, builtinEvents);
if (!questions) throw new Error("a question is scanned for whose texts the kernel does not tell apart");
const scanner = new PartScanner(job, questions);
for (let unit = claimUnit(claims, units.length); unit !== undefined; ) {
  const answer = units[unit]!.map((part) => scanner.scan(part));
  const message: ScanWorkerMessage = { unit, answer };
  parentPort?.postMessage(message, transferable(answer));
  unit = noteFound(claims, foundBytes(answer)) ? claimUnit(claims, units.length) : undefined;
}
scanner.close();

function foundBytes(answer: UnitAnswer): number {
  let bytes = 0;
  for (const part of answer) if (part && "bytes" in part.found) bytes += part.found.bytes.length;
  return bytes;
}

/** What need not be copied to reach the other thread. */
function transferable(answer: UnitAnswer): Transferable[] {
  return answer.flatMap((part) =>
    part && "bytes" in part.found && part.found.bytes.length > 0
      ? [part.found.bytes.buffer as ArrayBuffer, part.found.numbers.buffer as ArrayBuffer]
      : [],
  );
}
