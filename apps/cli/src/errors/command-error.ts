import { exitCodes } from "./exit-codes.js";

/** A command could not do what was asked. `code` is stable; `exitCode` is what the process ends with. */
export class CommandError extends Error {
  readonly code: string;
  readonly exitCode: number;

  constructor(code: string, message: string, options: ErrorOptions & { exitCode?: number } = {}) {
    super(message, options);
    this.name = "CommandError";
    this.code = code;
    this.exitCode = options.exitCode ?? exitCodes.failed;
  }
}
