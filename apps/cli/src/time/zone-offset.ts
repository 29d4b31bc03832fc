import { UsageError } from "../errors/usage-error.js";

/** Minutes that local time is ahead of UTC at an instant (milliseconds since the Unix epoch). */
export type ZoneOffset = (epochMs: number) => number;

/** Zones change their offset at whole quarters of an hour of UTC. */
const quarterMs = 900_000;

/** The rules of the zone `name`; without a name, of this machine's. Throws `UsageError` for an unknown name. */
export function openZoneOffset(name: string | undefined): ZoneOffset {
  if (name === "UTC") return () => 0;
  const offsetAt = name === undefined ? localOffset : namedOffset(name);
  let quarter = Number.NaN;
  let offset = 0;
  return (epochMs) => {
    const wanted = Math.floor(epochMs / quarterMs);
    if (wanted !== quarter) {
      quarter = wanted;
      offset = offsetAt(epochMs);
    }
    return offset;
  };
}

/** The name of the zone, for people. */
export function zoneName(name: string | undefined): string {
  return name ?? process.env.TZ ?? new Intl.DateTimeFormat().resolvedOptions().timeZone;
}

/** `+01:00`, `-03:30`, `+00:00`. */
export function formatOffset(minutes: number): string {
  const sign = minutes < 0 ? "-" : "+";
  const whole = Math.abs(minutes);
  return `${sign}${String(Math.floor(whole / 60)).padStart(2, "0")}:${String(whole % 60).padStart(2, "0")}`;
}

function localOffset(epochMs: number): number {
  return -Math.round(new Date(epochMs).getTimezoneOffset());
}

function namedOffset(name: string): ZoneOffset {
  const formatter = openFormatter(name);
  return (epochMs) => {
    const text = formatter.formatToParts(epochMs).find((part) => part.type === "timeZoneName")?.value ?? "";
    const [, sign, hours = "0", minutes = "0"] = /([+-])(\d{2}):(\d{2})/.exec(text) ?? [];
    return (sign === "-" ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
  };
}

function openFormatter(name: string): Intl.DateTimeFormat {
  try {
    return new Intl.DateTimeFormat("en-US", { timeZone: name, timeZoneName: "longOffset" });
  } catch (cause) {
    throw new UsageError(
      `unknown time zone ${JSON.stringify(name)}; write for example --tz Europe/Berlin or --tz UTC`,
      {
        cause,
      },
    );
  }
}
