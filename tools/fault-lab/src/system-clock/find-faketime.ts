import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";

const libraries = "/usr/lib";

/** The library that gives a process another clock, where Debian's package `faketime` has put it; else `undefined`. */
export function findFaketime(): string | undefined {
  const directories = existsSync(libraries) ? readdirSync(libraries) : [];
  return ["", ...directories]
    .map((architecture) => join(libraries, architecture, "faketime/libfaketime.so.1"))
    .find((path) => existsSync(path));
}
