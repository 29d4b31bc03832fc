import { homedir } from "node:os";
import { isAbsolute, join, resolve } from "node:path";
import { StorageError } from "../errors/storage-error.js";

/** Where {@link resolveRoot} looks; what is absent comes from this process. */
export interface RootOptions {
  /** The root itself, as given by an option; relative to the working directory. */
  root?: string | undefined;
  env?: NodeJS.ProcessEnv;
  home?: string;
}

/**
 * The root of the store: the option, else `$PRODIGY_HOME`, else `~/.prodigy`. An empty value counts as absent.
 * Nothing is created.
 *
 * @throws StorageError `INVALID_ROOT` when `$PRODIGY_HOME` is not an absolute path, or there is no home directory
 */
export function resolveRoot({ root, env = process.env, home = homedir() }: RootOptions = {}): string {
  if (root !== undefined && root !== "") return resolve(requireNoNul(root));
  const configured = env.PRODIGY_HOME;
  if (configured !== undefined && configured !== "") {
    if (isAbsolute(configured)) return resolve(requireNoNul(configured));
    const message = `PRODIGY_HOME is ${JSON.stringify(configured)}, which is not an absolute path; set it to one, or unset it to use ~/.prodigy`;
    throw new StorageError("INVALID_ROOT", message);
  }
  if (!isAbsolute(home)) {
    throw new StorageError(
      "INVALID_ROOT",
      "there is no home directory; set PRODIGY_HOME to an absolute path",
    );
  }
  return join(home, ".prodigy");
}

function requireNoNul(path: string): string {
  if (!path.includes("\0")) return path;
  throw new StorageError(
    "INVALID_ROOT",
    `the store path ${JSON.stringify(path)} has a NUL character; remove it`,
  );
}
