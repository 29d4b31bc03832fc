import { parseTimestamp } from "@prodigy-events/schema";
import { formatOffset, openZoneOffset, zoneName } from "./zone-offset.js";

export type TimeForm = "local" | "relative" | "iso" | "raw";

export interface TimeFormatOptions {
  readonly form: TimeForm;
  /** IANA name; undefined is this machine's zone. */
  readonly zone: string | undefined;
  /** Whether each time carries its offset, for output that is read line by line. */
  readonly hasOffset: boolean;
  /** What `relative` counts from, in milliseconds since the Unix epoch. */
  readonly nowMs: number;
}

/** Shows the times of records. */
export interface TimeFormat {
  /** A record's timestamp; one that cannot be read is shown as it is. */
  format(timestamp: string): string;
  /** An instant in milliseconds since the Unix epoch. */
  formatMs(epochMs: number): string;
  /** The zone that the times are in, said once; undefined where the times say it themselves. */
  readonly heading: string | undefined;
}

export function createTimeFormat(options: TimeFormatOptions): TimeFormat {
  const formatMs = instantFormat(options);
  return { formatMs, format: timestampFormat(options, formatMs), heading: headingOf(options) };
}

/** Records come in time order: most of a timestamp is that of the one before. */
function timestampFormat(
  { form }: TimeFormatOptions,
  formatMs: TimeFormat["formatMs"],
): TimeFormat["format"] {
  if (form === "raw") return (timestamp) => timestamp;
  const hasMilliseconds = form !== "relative";
  let second = "";
  let before = "";
  let after = "";
  return (timestamp) => {
    const isCanonical = timestamp.length === 24 && timestamp.charAt(23) === "Z";
    if (isCanonical && hasMilliseconds && second !== "" && timestamp.startsWith(second)) {
      return before + timestamp.slice(20, 23) + after;
    }
    const epochMs = epochMsOf(timestamp);
    if (epochMs === undefined) return timestamp;
    const text = formatMs(epochMs);
    if (isCanonical && hasMilliseconds) {
      second = timestamp.slice(0, 20);
      before = text.slice(0, 20);
      after = text.slice(23);
    }
    return text;
  };
}

/** Milliseconds since the Unix epoch of an RFC 3339 timestamp; undefined for anything else. */
function epochMsOf(timestamp: string): number | undefined {
  const fast = timestamp.length === 24 ? Date.parse(timestamp) : Number.NaN;
  if (!Number.isNaN(fast)) return fast;
  const nanos = parseTimestamp(timestamp);
  return nanos === undefined ? undefined : Number(nanos / 1_000_000n);
}

/** How long ago, in the two largest units: `12s ago`, `3m 20s ago`, `in 5s`. */
export function formatRelative(elapsedMs: number): string {
  const parts = largestUnits(Math.abs(elapsedMs));
  return elapsedMs < 0 ? `in ${parts}` : `${parts} ago`;
}

const relativeUnits = [
  ["d", 86_400_000],
  ["h", 3_600_000],
  ["m", 60_000],
  ["s", 1000],
] as const;

function largestUnits(ms: number): string {
  const first = relativeUnits.findIndex(([, size]) => ms >= size);
  if (first === -1) return "0s";
  const [unit, size] = relativeUnits[first]!;
  const next = relativeUnits[first + 1];
  const rest = next === undefined ? 0 : Math.floor((ms % size) / next[1]);
  return `${Math.floor(ms / size)}${unit}${rest === 0 || next === undefined ? "" : ` ${rest}${next[0]}`}`;
}

function instantFormat({ form, zone, hasOffset, nowMs }: TimeFormatOptions): (epochMs: number) => string {
  if (form === "relative") return (epochMs) => formatRelative(nowMs - epochMs);
  const offsetAt = openZoneOffset(zone);
  const isIso = form === "iso" || form === "raw";
  return (epochMs) => {
    const offset = offsetAt(epochMs);
    const text = new Date(epochMs + offset * 60_000).toISOString().slice(0, -1);
    if (isIso) return text + (zone === "UTC" ? "Z" : formatOffset(offset));
    return text.replace("T", " ") + (hasOffset ? formatOffset(offset) : "");
  };
}

function headingOf({ form, zone, hasOffset, nowMs }: TimeFormatOptions): string | undefined {
  if (form !== "local" || hasOffset) return undefined;
  const name = zoneName(zone);
  return name === "UTC"
    ? "times in UTC"
    : `times in ${name} (UTC${formatOffset(openZoneOffset(zone)(nowMs))})`;
}
