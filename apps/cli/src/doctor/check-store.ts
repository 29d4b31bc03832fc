import { constants } from "node:fs";
import { dirname } from "node:path";
import {
  describeFileError,
  directoryPrivacy,
  errnoOf,
  eventsDirectory,
  nodeFileSystem,
} from "@prodigy-events/storage";
import { limits } from "../limits.js";
import { formatSize } from "../options/size.js";
import { broken, brokenBy, type Finding, ok, warning } from "./finding.js";

/** What is known of the store, and whether it is worth looking further. */
export interface StoreExamination {
  readonly findings: readonly Finding[];
  readonly isUsable: boolean;
}

/** The store's root: is it there, can we write into it, can others reach it, is there room. */
export async function checkStore(root: string, origin: string): Promise<StoreExamination> {
  const nearest = await nearestExisting(root);
  const place = `${root} (${origin})`;
  const refusal = await whyUnwritable(nearest);
  const space = await checkSpace(nearest);
  if (nearest !== root) {
    const store =
      refusal === undefined
        ? ok("store", `${place} does not exist yet; the first event creates it`)
        : refusal;
    return { findings: [store, space], isUsable: refusal === undefined };
  }
  const stats = await nodeFileSystem.stat(root);
  if (!stats.isDirectory()) {
    const advice = "move it away, or choose another store with --store or PRODIGY_HOME";
    return { findings: [broken("store", `${place} is not a directory`, advice)], isUsable: false };
  }
  const events = await nearestExisting(eventsDirectory(root));
  const store = refusal ?? (await whyUnwritable(events)) ?? ok("store", `${place} is writable`);
  return { findings: [store, await checkPrivacy(root), space], isUsable: true };
}

async function checkPrivacy(root: string): Promise<Finding> {
  const { isPrivate, isOurs, mode } = await directoryPrivacy(root, nodeFileSystem);
  const shown = (mode & 0o777).toString(8).padStart(4, "0");
  if (!isOurs) {
    return warning("permissions", `${root} belongs to another user`, "clean and restore need --force there");
  }
  return isPrivate
    ? ok("permissions", `${root} has mode ${shown}: only you can read it`)
    : warning("permissions", `${root} has mode ${shown}: other users can reach it`, `chmod 700 ${root}`);
}

async function checkSpace(path: string): Promise<Finding> {
  const { freeBytes, totalBytes } = await nodeFileSystem.space(path);
  const message = `${formatSize(freeBytes)} of ${formatSize(totalBytes)} free at ${path}`;
  const advice = "free some space, or run: clean --older-than 30d --dry-run";
  if (freeBytes < limits.leastFreeBytes) return broken("space", message, advice);
  return freeBytes < limits.lowFreeBytes ? warning("space", message, advice) : ok("space", message);
}

/** `path`, or the nearest directory above it that exists. */
async function nearestExisting(path: string): Promise<string> {
  for (let current = path; ; current = dirname(current)) {
    try {
      await nodeFileSystem.stat(current);
      return current;
    } catch (error) {
      if (errnoOf(error) !== "ENOENT" || current === dirname(current)) {
        throw describeFileError(error, "look at", current);
      }
    }
  }
}

/** Why this process may not create files in a directory; undefined when it may. */
export async function whyUnwritable(directory: string): Promise<Finding | undefined> {
  try {
    await nodeFileSystem.access(directory, constants.W_OK | constants.X_OK);
    return undefined;
  } catch (error) {
    return brokenBy("store", describeFileError(error, "write into", directory));
  }
}
