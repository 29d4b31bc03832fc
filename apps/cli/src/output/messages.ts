import type { Writable } from "node:stream";
import type { Terminal } from "../terminal/terminal.js";

/** Talk to the person, on standard error: one line each, safe to print. */
export class Messages {
  /** Standard error itself, for a question that is edited on it. */
  readonly stream: Writable;
  readonly terminal: Terminal;
  /** Called before a line is written: the progress line is taken away first. */
  beforeWrite: (() => void) | undefined;

  constructor(stream: Writable, terminal: Terminal) {
    this.stream = stream;
    this.terminal = terminal;
    // Nobody reads the messages: the data on standard output is what matters.
    stream.on("error", () => {});
  }

  /** Something worth knowing. */
  note(text: string): void {
    this.line(this.terminal.safe(text));
  }

  /** Something is odd, and the answer stands. */
  warn(text: string): void {
    this.line(`${this.terminal.paint("warning", "warning:")} ${this.terminal.safe(text)}`);
  }

  /** What was asked cannot be done. */
  error(text: string): void {
    this.line(`${this.terminal.paint("error", "error:")} ${this.terminal.safe(text)}`);
  }

  /** A line that is already safe and painted. */
  line(text: string): void {
    this.beforeWrite?.();
    this.stream.write(`${text}\n`);
  }

  /** Text without a line end: a question, or the progress line. */
  raw(text: string): void {
    this.stream.write(text);
  }
}
