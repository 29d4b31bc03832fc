import { limits } from "../limits.js";

/**
 * How far values are checked. `off`: not at all. `shape`: which fields there are, of what type and in what range;
 * no text is looked into. `full`: formats too, such as RFC 3339 timestamps.
 */
export type ValidationLevel = "off" | "shape" | "full";

/** One way in which a value does not fit, as data. */
export interface ValidationIssue {
  /** Where, below the event: `duration.secs`, `commits[2]`; empty for the event itself. */
  path: string;
  /** What would fit: `integer >= 0`. */
  expected: string;
  /** What is there: `"12"`, `-1`, `nothing`, `array`. Long text is cut. */
  received: string;
}

/** The path of a field or item below another path. */
export function below(path: string, key: string | number): string {
  if (/^\d+$/.test(String(key))) return `${path}[${key}]`;
  return path === "" ? String(key) : `${path}.${key}`;
}

/** A value in a few characters, for `received`. */
export function describeValue(value: unknown): string {
  if (value === undefined) return "nothing";
  if (typeof value === "string") return JSON.stringify(cut(value));
  if (typeof value === "object" && value !== null) return Array.isArray(value) ? "array" : "object";
  if (typeof value === "function" || typeof value === "symbol") return typeof value;
  return typeof value === "bigint" ? cut(`${value}n`) : String(value);
}

function cut(text: string): string {
  return text.length <= limits.maxReceivedLength ? text : `${text.slice(0, limits.maxReceivedLength)}…`;
}
