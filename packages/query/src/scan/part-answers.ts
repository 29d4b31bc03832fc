import { setImmediate } from "node:timers/promises";
import { PartScanner } from "./part-scanner.js";
import type { RowQuestions } from "./scan.js";
import type { ScanJob } from "./scan-job.js";
import type { ScanUnit, UnitAnswer } from "./scan-part.js";
import { ScanWorker } from "./scan-worker-handle.js";
import { type Claims, claimUnit, newClaims, stopClaims } from "./unit-claims.js";

/** Who scans beside this thread. */
export interface ScanHelpers {
  /** Further threads. */
  readonly workers: number;
  /** The code that they run. */
  readonly workerUrl: URL;
}

/**
 * The answers for units, which several threads scan at the same time: whoever is free takes the next unit. This thread
 * scans too, so that nothing waits for another thread to start, and a thread that fails costs only time.
 */
export class PartAnswers {
  readonly #units: readonly ScanUnit[];
  readonly #claims: Claims;
  readonly #scanner: PartScanner;
  readonly #workers: ScanWorker[] = [];
  readonly #answers = new Map<number, UnitAnswer>();
  #wake: () => void = () => {};

  /**
   * @param questions those of the job, of this thread
   * @param maxFoundBytes when more has been found than so much, nothing further is begun by other threads
   */
  constructor(
    units: readonly ScanUnit[],
    job: ScanJob,
    questions: RowQuestions,
    helpers: ScanHelpers,
    maxFoundBytes: number,
  ) {
    this.#units = units;
    this.#claims = newClaims(maxFoundBytes);
    for (let at = 0; at < helpers.workers; at++) {
      this.#workers.push(
        new ScanWorker(helpers.workerUrl, { units, job, claims: this.#claims }, (unit, answer) => {
          if (answer) this.#answers.set(unit, answer);
          this.#wake();
        }),
      );
    }
    this.#scanner = new PartScanner(job, questions);
  }

  /**
   * The answer for a unit; each can be taken once.
   *
   * @throws the reason of the signal
   */
  async take(unit: number, signal?: AbortSignal): Promise<UnitAnswer> {
    for (;;) {
      signal?.throwIfAborted();
      const answer = this.#answers.get(unit);
      if (answer) {
        this.#answers.delete(unit);
        return answer;
      }
      const next = claimUnit(this.#claims, this.#units.length);
      if (next !== undefined) this.#scan(next);
      else if (this.#workers.some((worker) => worker.isRunning)) await this.#news();
      else this.#scan(unit);
      await setImmediate(); // for answers of others, and whoever wants to stop this
    }
  }

  #scan(unit: number): void {
    this.#answers.set(
      unit,
      this.#units[unit]!.map((part) => this.#scanner.scan(part)),
    );
  }

  #news(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  /** Ends all threads at their next unit. */
  close(): void {
    stopClaims(this.#claims);
    this.#scanner.close();
    for (const worker of this.#workers) worker.release();
  }
}
