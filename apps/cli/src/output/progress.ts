import { limits } from "../limits.js";
import { formatSize } from "../options/size.js";
import { formatCount } from "./count-text.js";
import type { Messages } from "./messages.js";
import type { StandardOutput } from "./standard-output.js";

/** How far the work has come. */
export interface ProgressState {
  readonly bytesRead: number;
  /** What there is to read; undefined when unknown. */
  readonly bytesTotal?: number | undefined;
  /** Undefined where they are not counted. */
  readonly records: number | undefined;
}

/**
 * Shows on a terminal how long work goes on: bytes, records, rate, time left. Appears after a second, keeps out of
 * the way of other output, and leaves nothing behind.
 */
export class Progress {
  readonly #timer: NodeJS.Timeout | undefined;
  readonly #messages: Messages;
  readonly #out: StandardOutput;
  #isShown = false;

  constructor(messages: Messages, out: StandardOutput, state: () => ProgressState, now: () => number) {
    this.#messages = messages;
    this.#out = out;
    if (!messages.terminal.isTerminal) return;
    const startedMs = now();
    messages.beforeWrite = () => this.#clear();
    out.beforeWrite = () => this.#clear();
    this.#timer = setInterval(() => {
      const elapsedMs = now() - startedMs;
      if (elapsedMs < limits.progressAfterMs) return;
      this.#isShown = true;
      messages.raw(`\r\u001b[K${messages.terminal.paint("dim", progressLine(state(), elapsedMs))}`);
    }, limits.progressIntervalMs);
    this.#timer.unref();
  }

  /** Ends the display. May be called more than once. */
  stop(): void {
    clearInterval(this.#timer);
    this.#clear();
    this.#messages.beforeWrite = undefined;
    this.#out.beforeWrite = undefined;
  }

  #clear(): void {
    if (!this.#isShown) return;
    this.#isShown = false;
    this.#messages.raw("\r\u001b[K");
  }
}

/** `1.2 GB of 3.0 GB, 4,200,000 records, 310 MB/s, 6 s left`. */
export function progressLine({ bytesRead, bytesTotal, records }: ProgressState, elapsedMs: number): string {
  const bytesPerMs = bytesRead / Math.max(elapsedMs, 1);
  const of = bytesTotal === undefined || bytesTotal < bytesRead ? "" : ` of ${formatSize(bytesTotal)}`;
  const parts = [
    `${formatSize(bytesRead)}${of}`,
    ...(records === undefined ? [] : [`${formatCount(records)} records`]),
    `${formatSize(Math.round(bytesPerMs * 1000))}/s`,
  ];
  if (of !== "" && bytesPerMs > 0) {
    parts.push(`${Math.ceil(((bytesTotal ?? 0) - bytesRead) / bytesPerMs / 1000)} s left`);
  }
  return parts.join(", ");
}
