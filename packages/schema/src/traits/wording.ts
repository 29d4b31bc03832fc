import { formatDuration, parseDuration } from "../duration.js";
import { limits } from "../limits.js";

/**
 * The words of which summaries are made. Each takes a value as read and gives nothing (undefined) for one of the
 * wrong type, so that a summary shows what is there and never fails.
 */
export type Words = string | undefined;

/** Parts side by side: `45.0s · 2 commits`. */
export function beside(...parts: Words[]): string {
  return parts.filter((part) => part !== undefined && part !== "").join(" · ");
}

/** A part led in by another: `timeout: no answer`. */
export function labelled(label: Words, content: Words): Words {
  return label && content ? `${label}: ${content}` : label || content;
}

/** A part in its sentence: `phrase("into", "main")`; nothing without the part. */
export function phrase(before: string, content: Words, after = ""): Words {
  return content && `${before}${content}${after}`;
}

/** The first line of a text, cut to a length that fits beside the ids. */
export function firstLine(value: unknown): Words {
  if (typeof value !== "string") return undefined;
  const line = /[^\r\n]+/.exec(value.slice(0, limits.maxSummaryTextLength * 8).trim())?.[0] ?? "";
  return line.length <= limits.maxSummaryTextLength
    ? line
    : `${line.slice(0, limits.maxSummaryTextLength - 1)}…`;
}

/** A number with its thousands apart: `1,234`. */
export function grouped(value: unknown): Words {
  if (typeof value !== "number") return undefined;
  const [whole = "", fraction] = String(value).split(".");
  const text = whole.replace(/\B(?=(\d{3})+$)/g, ",");
  return fraction === undefined ? text : `${text}.${fraction}`;
}

/** A number and what it counts: `1 commit`, `2 commits`. */
export function counted(value: unknown, one: string, many = `${one}s`): Words {
  return phrase("", grouped(value), ` ${value === 1 ? one : many}`);
}

/** The number of items of an array. */
export function lengthOf(value: unknown): number | undefined {
  return Array.isArray(value) ? value.length : undefined;
}

/** A duration: `45.0s`. */
export function elapsed(value: unknown): Words {
  const duration = parseDuration(value);
  return duration && formatDuration(duration);
}
