import { LoggerOptionsError } from "../errors.js";

/** The longest delay that a timer of Node can have; a longer one would fire at once. */
const maxTimerMs = 2_147_483_647;

/** A text that is there, is not empty. */
export function requireText(option: string, value: string | undefined): string | undefined {
  if (value === undefined) return undefined;
  if (typeof value === "string" && value !== "") return value;
  throw bad(option, value, "a text that is not empty");
}

/** A whole number from 1 on. */
export function requireCount(option: string, value: number | undefined, fallback: number): number {
  if (value === undefined) return fallback;
  if (Number.isSafeInteger(value) && value >= 1) return value;
  throw bad(option, value, "a whole number from 1 on");
}

/** A time in milliseconds that a timer can have. */
export function requireDelay(option: string, value: number | undefined, fallback: number): number {
  if (value === undefined) return fallback;
  if (Number.isFinite(value) && value > 0 && value <= maxTimerMs) return value;
  throw bad(option, value, `milliseconds above 0, up to ${maxTimerMs}`);
}

/** One of some words. */
export function requireOneOf<Word extends string>(option: string, value: Word, words: readonly Word[]): Word {
  if (words.includes(value)) return value;
  throw bad(option, value, `one of ${words.join(", ")}`);
}

/** An object with named values. */
export function requireObject(
  option: string,
  value: object | undefined,
): Readonly<Record<string, unknown>> | undefined {
  if (value === undefined) return undefined;
  if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    return value as Readonly<Record<string, unknown>>;
  }
  throw bad(option, value, "an object");
}

function bad(option: string, value: unknown, fitting: string): LoggerOptionsError {
  const shown = typeof value === "string" ? JSON.stringify(value) : String(value);
  return new LoggerOptionsError(option, `the option ${option} is ${shown}; give ${fitting}`);
}
