import { Worker } from "node:worker_threads";
import type { ScanJob } from "./scan-job.js";
import type { ScanUnit, UnitAnswer } from "./scan-part.js";
import type { Claims } from "./unit-claims.js";

/** What a worker thread is started with. */
export interface ScanWorkerData {
  readonly units: readonly ScanUnit[];
  readonly job: ScanJob;
  readonly claims: Claims;
}

/** What it says of a unit that it has scanned. */
export interface ScanWorkerMessage {
  readonly unit: number;
  readonly answer: UnitAnswer;
}

/** A thread that scans units until there are none left. */
export class ScanWorker {
  readonly #worker: Worker;
  #isRunning = true;

  /** @param onNews is told of every unit that was scanned, and without an answer of the end */
  constructor(url: URL, data: ScanWorkerData, onNews: (unit: number, answer?: UnitAnswer) => void) {
    this.#worker = new Worker(url, { workerData: data });
    this.#worker.on("message", ({ unit, answer }: ScanWorkerMessage) => onNews(unit, answer));
    const ended = () => {
      this.#isRunning = false;
      onNews(-1);
    };
    this.#worker.on("exit", ended);
    // Its units are scanned by the thread that asked for them, where the same error would show.
    this.#worker.on("error", ended);
  }

  /** False once it will say nothing further. */
  get isRunning(): boolean {
    return this.#isRunning;
  }

  /** Does not wait for its end, and lets nobody else wait for it. */
  release(): void {
    this.#worker.unref();
  }
}
