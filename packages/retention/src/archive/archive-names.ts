import { formatAsideName, parseSegmentName } from "@prodigy-events/storage";

/** What an archived file's name ends in: closed and compressed, whatever the source was. */
const archivedSuffix = ".jsonl.rotated.gz";

/** Parts of shared files are named by the milliseconds after the time when the file was set aside, up to here. */
const maxSharedParts = 1000;

/**
 * Names in the archive for a segment that goes whole, or for the lines that are taken out of it, the best one first.
 * They follow from the source and its content, so that an interrupted clean, when it is run again, finds what it had
 * archived already. What comes from shared files is named like a shared file that was set aside, so that it is found
 * as such once it is restored.
 *
 * @param fileName of the segment that is archived
 * @param sha256 of what is archived, uncompressed
 */
export function archiveNames(fileName: string, sha256: string, isWhole: boolean): string[] {
  const whole = isWhole ? [wholeName(fileName)].filter((name) => name !== undefined) : [];
  if (!isShared(fileName))
    return [...whole, `${partPrefix(fileName)}${sha256.slice(0, 16)}${archivedSuffix}`];
  const setAsideAtMs = asideTimeOf(fileName) ?? 0;
  const parts = Array.from({ length: maxSharedParts }, (_, index) => setAsideAtMs + 1 + index);
  return [
    ...whole,
    ...parts.map((time) => `${stemOf(formatAsideName(`${stemOf(fileName)}.jsonl`, time))}${archivedSuffix}`),
  ];
}

/** Whether a name in the archive is one of those that `archiveNames` gives for a segment, whatever the content. */
export function isArchiveOf(fileName: string, archivedName: string): boolean {
  if (!archivedName.endsWith(archivedSuffix)) return false;
  if (archivedName === wholeName(fileName)) return true;
  if (!isShared(fileName)) return archivedName.startsWith(partPrefix(fileName));
  const time = asideTimeOf(archivedName) ?? 0;
  const setAsideAtMs = asideTimeOf(fileName) ?? 0;
  const isSameFamily =
    formatAsideName(`${stemOf(fileName)}.jsonl`, 0) === formatAsideName(`${stemOf(archivedName)}.jsonl`, 0);
  return isSameFamily && time > setAsideAtMs && time <= setAsideAtMs + maxSharedParts;
}

/**
 * The name of a segment that goes whole; none for a shared file in its place (which is set aside before anything is
 * done to it), because restoring it would hide the one that appenders have made since.
 */
function wholeName(fileName: string): string | undefined {
  if (isShared(fileName) && asideTimeOf(fileName) === undefined) return undefined;
  return `${stemOf(fileName)}${archivedSuffix}`;
}

function partPrefix(fileName: string): string {
  return `${stemOf(fileName)}.part-`;
}

/** The name of a segment's file without anything from `.jsonl` on. */
function stemOf(fileName: string): string {
  return fileName.replace(/\.jsonl(?:\.|$).*$/s, "");
}

function isShared(fileName: string): boolean {
  return parseSegmentName(fileName)?.kind === "shared";
}

/** When a shared file was set aside, by its name, in ms since the Unix epoch; `undefined` for one that was not. */
function asideTimeOf(fileName: string): number | undefined {
  const time = /-(\d{4})(\d\d)(\d\d)_(\d\d)(\d\d)(\d\d)_(\d{3})$/.exec(stemOf(fileName));
  if (time === null || !isShared(fileName)) return undefined;
  const [, year, month, day, hour, minute, second, ms] = time;
  const epochMs = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}.${ms}Z`);
  return Number.isNaN(epochMs) ? undefined : epochMs;
}
