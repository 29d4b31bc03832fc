import { type EventWriter, WriteError, type WriterContext } from "@prodigy-events/writer";
import type { ProblemReporter } from "../problems.js";
import { backoffMs } from "./backoff.js";
import { type FlushTicket, FlushWaiters } from "./flush-waiters.js";
import type { LaneBacklog, Shipment } from "./lane-backlog.js";
import type { QueuedBatch } from "./open-batch.js";
import { asWriteError } from "./write-failure.js";

/** What a lane needs. */
export interface WriterLaneOptions {
  readonly name: string;
  readonly writer: EventWriter;
  readonly context: WriterContext;
  readonly backlog: LaneBacklog;
  /** Bytes to write at once. */
  readonly maxWriteBytes: number;
  readonly problems: ProblemReporter;
  /** Between 0 and 1, for the jitter of retries. */
  random(): number;
  /** Called when nothing waits: seals the open batch if somebody wants it written. */
  sealIfWanted(): void;
  /** Called after events were settled. */
  onProgress(): void;
}

/**
 * `idle`: nothing to write. `busy`: the writer is at work. `waiting`: for the next attempt after a failure.
 * `ended`: the writer is closed.
 */
export type LaneState = "idle" | "busy" | "waiting" | "ended";

/**
 * Takes one writer through its backlog, in order, one batch at a time. A batch that failed stays, and is sent
 * again until it is confirmed or refused for good. Nothing here depends on the lanes of other writers.
 */
export class WriterLane {
  readonly name: string;
  readonly isRequired: boolean;
  readonly backlog: LaneBacklog;
  /** Whether a confirmed event is on the disk. */
  readonly isDurable: boolean;
  /** Whether the records of the open batch are this lane's too. */
  isJoined = true;
  readonly #options: WriterLaneOptions;
  readonly #waiters: FlushWaiters;
  #state: LaneState = "idle";
  #running: Promise<void> = Promise.resolve();
  #isOpen = false;
  #shipment: Shipment | undefined;
  #retryTimer: NodeJS.Timeout | undefined;
  #failures = 0;
  #retries = 0;
  #lastError: WriteError | undefined;
  /** Accepted and lost, and no caller of `flush` was told yet. */
  #untoldLosses = 0;

  constructor(options: WriterLaneOptions) {
    this.#options = options;
    this.name = options.name;
    this.isRequired = options.writer.required ?? true;
    this.isDurable = options.writer.durability === "fsync";
    this.backlog = options.backlog;
    this.#waiters = new FlushWaiters(options.name);
  }

  get state(): LaneState {
    return this.#state;
  }

  /** Attempts made after a failure. */
  get retries(): number {
    return this.#retries;
  }

  /** Whether the last attempt failed. */
  get isDegraded(): boolean {
    return this.#failures > 0;
  }

  get lastError(): WriteError | undefined {
    return this.#lastError;
  }

  /** Makes the first attempt to open the writer, so that problems surface early. Never rejects. */
  open(): Promise<void> {
    this.#attempt();
    return this.#running;
  }

  /** Takes over a batch whose records were all accepted. */
  add(batch: QueuedBatch): void {
    this.backlog.add(batch);
    if (this.#state === "idle") this.#attempt();
  }

  /** A record was refused here although its caller was given an id, because another lane took it. */
  noteLossOfAccepted(): void {
    this.#untoldLosses += 1;
  }

  /** Waits until everything accepted so far is settled; a patient caller also through failed attempts. */
  flush(isPatient: boolean): FlushTicket {
    const ticket = this.#waiters.add(this.backlog.acceptedEvents, isPatient);
    if (this.#state === "ended") this.#endWaiters();
    else this.#attempt();
    return ticket;
  }

  /** Keeps everything not settled, synchronously. Throws a `WriteError`; everything stays queued then. */
  saveSync(): void {
    const shipment = this.backlog.everything(this.#shipment);
    if (shipment === undefined) return;
    const { writer } = this.#options;
    if (writer.writeSync === undefined) {
      const message = `the ${this.name} writer cannot write synchronously`;
      throw new WriteError(message, { code: "NO_SYNC_WRITE", retryable: true });
    }
    writer.writeSync(shipment.batch);
    this.#shipment = undefined;
    this.backlog.confirmEverything(shipment);
    this.#options.onProgress();
    this.#attempt();
  }

  /** Closes the writer, whatever is still queued; what goes wrong is reported. */
  async close(): Promise<void> {
    this.#state = "ended";
    clearTimeout(this.#retryTimer);
    this.#endWaiters();
    try {
      await this.#options.writer.close();
    } catch (error) {
      const { message, code } = asWriteError(error);
      this.#report("WRITER_NOT_CLOSED", `the ${this.name} writer did not close: ${message} (${code})`, error);
    }
  }

  /** Goes to work at once, unless at work: also when the next attempt was to come later. */
  #attempt(): void {
    if (this.#state === "busy" || this.#state === "ended") return;
    clearTimeout(this.#retryTimer);
    this.#state = "busy";
    this.#running = this.#run();
  }

  async #run(): Promise<void> {
    // Whoever logs or flushes goes on first.
    await Promise.resolve();
    if (this.#failures > 0) this.#retries += 1;
    while (this.#state === "busy") {
      let sent: Shipment | undefined;
      try {
        await this.#openWriter();
        await this.#tellWaiters();
        sent = this.#nextShipment();
        if (sent !== undefined) {
          await this.#options.writer.write(sent.batch);
          this.#succeed();
          // What was saved synchronously meanwhile is settled already.
          if (sent === this.#shipment) this.#confirm(sent);
        } else if (!this.#waiters.hasSatisfied(this.backlog.settledEvents)) {
          // No await stands between finding nothing to do and saying so: nothing can arrive unnoticed.
          this.#leaveBusy("idle");
        }
      } catch (error) {
        if (sent === undefined || sent === this.#shipment) this.#fail(asWriteError(error), sent);
      }
    }
  }

  async #openWriter(): Promise<void> {
    if (this.#isOpen) return;
    await this.#options.writer.open?.(this.#options.context);
    this.#isOpen = true;
    this.#succeed();
  }

  /** Before callers of `flush` are told that all is well, the writer itself is asked to flush: once for all of them. */
  async #tellWaiters(): Promise<void> {
    const settled = this.backlog.settledEvents;
    if (!this.#waiters.hasSatisfied(settled)) return;
    await this.#options.writer.flush();
    this.#settleWaiters(settled);
  }

  #settleWaiters(settledEvents: number): void {
    if (this.#waiters.settle(settledEvents, this.#untoldLosses)) this.#untoldLosses = 0;
  }

  /** Nothing is written any more: whoever still waits is told what is. */
  #endWaiters(): void {
    const { settledEvents } = this.backlog;
    this.#settleWaiters(settledEvents);
    const message = `the ${this.name} writer was closed before`;
    this.#waiters.end({ code: "CLOSED", message, cause: this.#lastError }, settledEvents);
  }

  #nextShipment(): Shipment | undefined {
    const { maxWriteBytes, sealIfWanted } = this.#options;
    this.#shipment ??= this.backlog.take(maxWriteBytes);
    if (this.#shipment === undefined) {
      sealIfWanted();
      this.#shipment = this.backlog.take(maxWriteBytes);
    }
    return this.#shipment;
  }

  #confirm(shipment: Shipment): void {
    this.#shipment = undefined;
    this.backlog.confirm(shipment);
    // Only here: after a failure, or a synchronous write beside one in flight, the memory is not worth the doubt.
    for (const part of shipment.parts) part.release?.();
    this.#options.onProgress();
  }

  #succeed(): void {
    if (this.#failures === 0) return;
    const attempts = this.#failures;
    this.#failures = 0;
    this.#report("WRITER_RECOVERED", `the ${this.name} writer works again after ${attempts} failed attempts`);
  }

  #fail(error: WriteError, shipment: Shipment | undefined): void {
    this.#lastError = error;
    this.#failures += 1;
    if (this.#failures === 1) {
      this.#report("WRITER_DEGRADED", `the ${this.name} writer fails, events wait: ${error.message}`, error);
    }
    if (shipment !== undefined && !error.retryable) this.#lose(shipment, error);
    this.#waiters.fail(error, this.backlog.settledEvents);
    // After a refused batch the next one may fare better; a refused record about losses is not worth a loop.
    const triesNext = !error.retryable && shipment !== undefined && shipment.events > 0;
    if (!triesNext) this.#waitForNextAttempt();
  }

  #lose(shipment: Shipment, error: WriteError): void {
    this.#shipment = undefined;
    this.backlog.lose(shipment, error.code);
    this.#untoldLosses += shipment.events;
    if (shipment.events > 0) {
      const message = `${shipment.events} events are lost, because the ${this.name} writer refused them: ${error.message}`;
      this.#report("EVENTS_DROPPED", message, error);
    }
    this.#settleWaiters(this.backlog.settledEvents);
    this.#options.onProgress();
  }

  #waitForNextAttempt(): void {
    if (!this.#leaveBusy("waiting")) return;
    const delayMs = backoffMs(this.#failures, this.#options.random());
    this.#retryTimer = setTimeout(() => this.#attempt(), delayMs).unref();
  }

  /** False when the lane has ended meanwhile. */
  #leaveBusy(state: "idle" | "waiting"): boolean {
    if (this.#state !== "busy") return false;
    this.#state = state;
    return true;
  }

  #report(code: string, message: string, cause?: unknown): void {
    const severity = code === "WRITER_RECOVERED" ? "warning" : "error";
    this.#options.problems.report(code, message, { severity, writer: this.name, cause });
  }
}
